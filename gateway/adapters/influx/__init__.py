"""InfluxDB as a telemetry store: 1.x by plain HTTP, 2.x and 3 by `influxdb-client`, tracks in InfluxQL.

Import the module of the version in use: `influxdb-client` costs 17 MB of memory.
"""
