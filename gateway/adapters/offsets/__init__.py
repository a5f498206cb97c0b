"""`offsets.db`: how far each consumer has come, and the positions that the telemetry database refused."""
