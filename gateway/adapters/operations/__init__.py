"""`operations.db`: its tables, and short transactions on them. Shared by the adapters that keep their data there."""
