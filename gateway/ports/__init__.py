"""The protocols that the adapters satisfy. Nothing above this folder knows SQLite's, MQTT's or InfluxDB's name."""

from gateway.ports.clock import Clock
from gateway.ports.consumers import LaggingOffsets, LedgerUnavailable, Log, Offsets
from gateway.ports.intake import (
    Answers,
    Arrival,
    Body,
    CommitGroup,
    Condition,
    Deliver,
    Inbox,
    Journal,
    JournalUnavailable,
    Quarantined,
    SpoolKey,
)
from gateway.ports.operations import ApiTokens, LiveFeed, Registry
from gateway.ports.state import FleetStore, QuarantineArchive, QuarantineItem, StateUnavailable
from gateway.ports.telemetry import (
    DeadLetter,
    DeadLetters,
    TelemetryBatch,
    TelemetrySink,
    TrackExports,
    TrackReader,
    TrackUnavailable,
)

__all__ = [
    "Answers",
    "ApiTokens",
    "Arrival",
    "Body",
    "Clock",
    "CommitGroup",
    "Condition",
    "DeadLetter",
    "DeadLetters",
    "Deliver",
    "FleetStore",
    "Inbox",
    "Journal",
    "JournalUnavailable",
    "LaggingOffsets",
    "LedgerUnavailable",
    "LiveFeed",
    "Log",
    "Offsets",
    "QuarantineArchive",
    "QuarantineItem",
    "Quarantined",
    "Registry",
    "SpoolKey",
    "StateUnavailable",
    "TelemetryBatch",
    "TelemetrySink",
    "TrackExports",
    "TrackReader",
    "TrackUnavailable",
]
