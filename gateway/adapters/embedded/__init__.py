"""`telemetry.db`: the telemetry store of a gateway without InfluxDB, in SQLite."""
