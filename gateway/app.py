"""The composition root: the one place that knows every adapter, and the owner of the task group."""
