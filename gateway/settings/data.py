"""What is kept of what vehicles report, and for how long."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import msgspec

from gateway.settings.base import Days, Hours, Seconds, Settings


class StoreKind(StrEnum):
    """Which database the telemetry goes to."""

    EMBEDDED = "embedded"
    INFLUXDB_1 = "influxdb1"
    INFLUXDB_2 = "influxdb2"
    INFLUXDB_3 = "influxdb3"


class TelemetrySettings(Settings, frozen=True, kw_only=True):
    """The time-series database. `database` is the bucket of 2.x; `keep_days` is of the embedded one alone."""

    kind: StoreKind = StoreKind.EMBEDDED
    url: str | None = None
    database: str = "milepost"
    org: str = "milepost"
    username: str | None = None
    password_file: Path | None = None
    token_file: Path | None = None
    gzip: bool = False
    batch_positions: Annotated[int, msgspec.Meta(ge=1, le=50_000)] = 5_000
    linger_s: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    timeout_s: Seconds = 10.0
    keep_days: Days = 90.0

    def __post_init__(self) -> None:
        """Reject a kind without what it needs."""
        if self.kind is StoreKind.EMBEDDED:
            return
        if self.url is None or not self.url.startswith(("http://", "https://")):
            raise ValueError(f"url {self.url!r}: kind {self.kind.value!r} needs http://… or https://…")
        if self.kind in (StoreKind.INFLUXDB_2, StoreKind.INFLUXDB_3) and self.token_file is None:
            raise ValueError(f"token_file is missing: kind {self.kind.value!r} needs a token")


class JournalSettings(Settings, frozen=True, kw_only=True):
    """How long the journal is kept beyond what its readers need, and how long a commit gathers."""

    keep_hours: Hours = 72.0
    group_ms: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 40


class TrackingSettings(Settings, frozen=True, kw_only=True):
    """Live state of the vehicles. A vehicle is silent after three missed heartbeats.

    `sources` is whom a route follows where a vehicle has several: the first of them that was heard lately.
    """

    heartbeat_s: Seconds = 60.0
    tick_s: Seconds = 10.0
    sources: tuple[str, ...] = ("tracker", "phone")


class RoutesSettings(Settings, frozen=True, kw_only=True):
    """Planned routes. `keep_days` is of what a look back needs: snapshots of states, and events.

    `calibration_file` makes the windows of the ETAs, as `milepost eta calibrate` wrote it; None: the built-in one.
    """

    keep_days: Days = 31.0
    calibration_file: Path | None = None
