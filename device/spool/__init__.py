"""The file that keeps positions until the gateway has them: SQLite, made to survive a power cut and a full disk."""
