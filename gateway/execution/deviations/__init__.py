"""How a day leaves its plan, as episodes: one watcher a kind, put together in `watch`.

This package imports nothing here, so that the state of a route may hold the state of its deviations.
"""
