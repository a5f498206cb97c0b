"""What the reporting policy may be told. Bad settings are refused at start-up, by name and value."""

from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]
Metres = Annotated[float, msgspec.Meta(gt=0, le=100_000)]
Degrees = Annotated[float, msgspec.Meta(gt=0, le=180)]
MetresPerSecond = Annotated[float, msgspec.Meta(gt=0, le=50)]


class ReportingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a fix is worth sending. The defaults are measured in `docs/reporting.md`."""

    min_interval_s: Seconds = 0.5
    """Never more often than this. Below the second that is the rhythm of most receivers; faster ones are thinned."""

    heartbeat_s: Seconds = 60.0
    """At least this often, parked too: the gateway calls a vehicle silent after three missed heartbeats."""

    distance_m: Metres | None = 250.0
    """At least this often on the way: on a straight road at 50 km/h a sign of life every 18 s. None switches it off."""

    angle_deg: Degrees | None = 45.0
    """A turn of the course since the last report. Dead reckoning sees bends sooner; this catches slow manoeuvres."""

    deviation_m: Metres | None = 20.0
    """How far the vehicle may be from where its last report's speed and course put it: the error of a live map."""

    track_error_m: Metres | None = 10.0
    """How far a fix may be from the straight lines between the reports, in space and time: the error of history."""

    stop_speed_m_s: MetresPerSecond = 0.5
    """Below it a vehicle stands; a parked receiver's noise is mostly below."""

    start_speed_m_s: MetresPerSecond = 1.5
    """From it on a standing vehicle moves: three times the noise, a brisk walk."""

    worst_accuracy_m: Metres = 200.0
    """A fix that is less accurate is sent only as a heartbeat: it cannot tell one street from the next."""
