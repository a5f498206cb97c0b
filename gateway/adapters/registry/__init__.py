"""Registered vehicles and the tokens of the API, in `operations.db`."""
