"""Operational data: the registered vehicles and the API's tokens, in `operations.db` through SQLAlchemy Core."""
