"""Signed events over HTTP."""
