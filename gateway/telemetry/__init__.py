"""Pure decisions of the telemetry writer: lines, what a database's answer means, how a bad batch is split."""
