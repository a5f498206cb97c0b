"""What each field of a message means and may be, beyond what its type says."""

from collections.abc import Mapping

from device.nmea.dates import TimeSource
from device.nmea.status import Fix
from gateway.intake.admission import AHEAD_MS, EARLIEST_MS, LIMITS, LONGEST_WORD
from gateway.telemetry.fields import POSITION_FIELDS, Field
from wire.codec import Unreadable
from wire.messages import MAX_NUMBER, MAX_POSITIONS, VERSION
from wire.names import DEFAULT_SOURCE, NAME_PATTERN

Json = dict[str, object]

NAME: Json = {"pattern": f"^{NAME_PATTERN}$"}
NUMBER: Json = {"minimum": 1, "maximum": MAX_NUMBER}
FROM_ZERO: Json = {"minimum": 0, "maximum": MAX_NUMBER}

PLACE_LIMITS: Mapping[str, tuple[float, float]] = {"lat": (-90, 90), "lon": (-180, 180)}

KNOWN_WORDS: Mapping[str, list[str]] = {"fix": list(Fix), "time_source": list(TimeSource)}
"""What Milepost's own agent says; another device may have words of its own."""


def limits_of(name: str) -> tuple[float, float] | None:
    """Return what a field of a position may be, both ends included; a position beyond is quarantined."""
    limits = LIMITS.get(name)
    return PLACE_LIMITS.get(name) if limits is None else (limits.low, limits.high)


def position_fields() -> dict[str, Json]:
    """Return the notes on a position's fields by name."""
    time = _said("when the receiver fixed the position", unit="Unix ms UTC") | {"minimum": EARLIEST_MS}
    return {"time": time, **{field.name: _position_field(field) for field in POSITION_FIELDS}}


def _position_field(field: Field) -> Json:
    note = _said(field.meaning, field.unit)
    limits = limits_of(field.name)
    if limits is not None:
        note |= {"minimum": limits[0], "maximum": limits[1]}
    if field.name in KNOWN_WORDS:
        note |= {"maxLength": LONGEST_WORD, **NAME, "examples": KNOWN_WORDS[field.name]}
    return note


def _said(meaning: str, unit: str = "", **more: object) -> Json:
    return {"description": f"{meaning}; {unit}" if unit else meaning, **more}


_VERSION = _said("the version of the protocol", const=VERSION)
_SPOOL = (
    _said("the name of the device's numbering; random, new whenever the device cannot go on with the old one") | NAME
)
_SOURCE = _said("which of the vehicle's devices", default=DEFAULT_SOURCE) | NAME
_REFUSED_WHOLE = [Unreadable.UNKNOWN_VERSION, Unreadable.WRONG_SHAPE, Unreadable.TOO_MANY_POSITIONS]

MEANINGS: Mapping[str, Mapping[str, Json]] = {
    "Position": position_fields(),
    "Envelope": {
        "v": _VERSION,
        "spool": _SPOOL,
        "after": FROM_ZERO
        | _said("the last number before `seq` that the device still holds or knows to be settled; 0 if there is none"),
        "seq": NUMBER | _said("the number of the first position; the others follow without a hole"),
        "sent": _said("the device's clock when it sent this, for information only", "Unix ms UTC"),
        "positions": _said("oldest first; none is a question for the watermark", maxItems=MAX_POSITIONS),
        "oldest": _said(
            "of the numbers between `after` and `seq` some were settled once, and the device has none left"
        ),
        "source": _SOURCE,
    },
    "Watermark": {
        "v": _VERSION,
        "spool": _SPOOL,
        "seq": FROM_ZERO | _said("all numbers up to this one are stored, or settled otherwise; 0 for an unknown spool"),
        "gap": _said("a batch was not taken because something before it is missing: go on at `seq` + 1"),
        "rejected": _said("a batch that was quarantined whole: its numbers are settled, do not send them again"),
    },
    "Rejection": {
        "from": NUMBER | _said("the first number"),
        "to": NUMBER | _said("the last number, included"),
        "reason": _said("the name of the reason", examples=list(_REFUSED_WHOLE)),
    },
    "DeviceStatus": {
        "v": _VERSION,
        "state": _said("whether the device is there; its will says `offline`"),
        "spool": _SPOOL,
        "boot": FROM_ZERO | _said("how often the agent was started"),
        "depth": FROM_ZERO | _said("positions that wait in the spool"),
        "sent": _said("the device's clock when it sent this; absent in a will", "Unix ms UTC"),
        "discarded": _said("positions given up for want of room, ever"),
        "set_aside": _said("positions that no gateway would take, kept on the device"),
        "source": _SOURCE,
    },
    "GatewayStatus": {
        "v": _VERSION,
        "state": _said("whether the gateway is there; its will says `offline`"),
        "gateway": NAME | _said("the gateway's id"),
        "since": _said("when it started; absent in a will", "Unix ms UTC"),
    },
}
"""By message and by the field's name in JSON. A test finds a field without a meaning, and a meaning without a field."""


def position_table() -> str:
    """Return the fields of a position as they stand in `docs/mqtt.md`."""
    when = f"from 2001 on, at most {AHEAD_MS // 60_000} minutes ahead of its receipt"
    rows = [
        ("field", "meaning", "unit", "admitted"),
        ("---",) * 4,
        ("`time`", "when it was fixed", "Unix ms UTC", when),
    ]
    rows += [_row(field) for field in POSITION_FIELDS]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(field: Field) -> tuple[str, str, str, str]:
    limits = limits_of(field.name)
    admitted = f"{limits[0]:,.0f} to {limits[1]:,.0f}" if limits is not None else ""
    return (f"`{field.name}`", field.meaning, field.unit, admitted or _words(field.name))


def _words(name: str) -> str:
    return f"a word of at most {LONGEST_WORD} characters" if name in KNOWN_WORDS else ""
