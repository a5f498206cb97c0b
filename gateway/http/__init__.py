"""The HTTP edge: API, server-sent events, console."""
