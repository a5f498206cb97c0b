"""From the fields of a file to drafts of routes: every field is read, and every fault is found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from operator import itemgetter
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from gateway.domain.route import MAX_STOPS, Place, RouteKey, TimeWindow
from gateway.planning import limits
from gateway.planning.details import StopDetails
from gateway.planning.document import ImportDocument
from gateway.planning.draft import Ends, RouteDraft, StopDraft
from gateway.planning.findings import Findings
from gateway.planning.geometry import read_line
from gateway.planning.naming import Names
from gateway.planning.raw import RawRoute, RawStop
from gateway.planning.sequence import ranks_of
from gateway.planning.times import MS_PER_S, ROLL_OVER_MS, SPAN_MS, BadTime, Day, read_date, read_zone
from gateway.planning.values import Row
from gateway.planning.wishes import language_of, notify_of, proof_of

_SOME_DATE, _SOME_ZONE = date(2000, 1, 1), ZoneInfo("UTC")
"""A day without a clock change, for times whose day is not known."""


class Known(StrEnum):
    """Whether a route's day and start are those of the file."""

    SAID = "said"
    STAND_IN = "stand_in"
    """They have a fault. The rest is read by others, so that its own faults are found in the same round."""


@dataclass(frozen=True, slots=True)
class Base:
    """What the times of a route are read by: its day, and when it starts (Unix ms)."""

    day: Day
    start: int
    known: Known = Known.SAID


def draft_of(raw: RawRoute, document: ImportDocument, findings: Findings) -> RouteDraft | None:
    """Return the draft of a route; None if its day, its vehicle or its stops cannot be known."""
    said = {field: getattr(document, field) for field in ("date", "zone", "vehicle")}
    values = {**said, **{field: value for field, value in raw.values.items() if value not in ("", None)}}
    row = Row(values, raw.where, findings)
    base, vehicle = _base(row), _required_vehicle(row)
    _check_number(raw, row)
    stops = _stops(raw.stops, base, findings)
    depot, line = place_of(row, "depot_lat", "depot_lon"), read_line(row)
    back_s, back_m = row.number("back_s", 0, limits.DRIVE_S), row.number("back_m", 0, limits.DRIVE_M)
    draft = RouteDraft(
        key=RouteKey(document.fleet, row.name("route") or _derived_route(base.day.date, vehicle or "")),
        date=base.day.date.isoformat(),
        zone=base.day.zone.key,
        vehicle=vehicle or "",
        driver=row.text("driver", limits.DRIVER),
        start=base.start,
        stops=tuple(stops),
        where=raw.where,
        depot=depot or _line_start(row, line),
        depot_address=None if depot or line else row.text("depot_address", limits.ADDRESS),
        ends=_ends(row, has_depot=row.raw("depot_lat") is not None or row.raw("depot_address") is not None),
        line=line,
        back_ms=None if back_s is None else round(back_s * MS_PER_S),
        back_m=back_m,
    )
    return draft if vehicle and stops and base.known is Known.SAID else None


def stop_of(raw: RawStop, base: Base, names: Names, findings: Findings) -> StopDraft | None:
    """Return the draft of a stop; None if it has no order or no name."""
    row = Row(raw.values, raw.where, findings)
    details = _details(row)
    window = window_of(row, base)
    place = place_of(row, "lat", "lon")
    arrival = _time(row, "arrival", base.day, window.start if window else base.start - ROLL_OVER_MS)
    service_s = row.number("service_s", 0, limits.SERVICE_S)
    leg_s, leg_m = row.number("drive_s", 0, limits.DRIVE_S), row.number("drive_m", 0, limits.DRIVE_M)
    _check_times(row, base, window, arrival)
    if place is None and details.address is None and row.raw("lat") is None and row.raw("lon") is None:
        row.fault("lat", "is missing, and there is no address to look up: give lat and lon, or an address")
    if not details.order:
        return None
    stop = names.take(row, details.order)
    return StopDraft(
        order=details.order,
        stop=stop,
        place=place,
        service_ms=round((limits.DEFAULT_SERVICE_S if service_s is None else service_s) * MS_PER_S),
        details=replace(details, stop=stop),
        where=raw.where,
        window=window,
        arrival=arrival,
        leg_ms=None if leg_s is None else round(leg_s * MS_PER_S),
        leg_m=leg_m,
    )


def place_of(row: Row, lat_field: str, lon_field: str) -> Place | None:
    """Return the place in two fields; both or neither have to be there."""
    lat, lon = row.number(lat_field, -90, 90), row.number(lon_field, -180, 180)
    raw_lat, raw_lon = row.raw(lat_field), row.raw(lon_field)
    if (raw_lat is None) != (raw_lon is None):
        row.fault(lat_field if raw_lat is None else lon_field, "is missing: a place needs both lat and lon")
    if lat is None or lon is None:
        return None
    if lat == 0 and lon == 0:
        row.fault(lat_field, "and lon are 0, a place in the sea off Africa: leave them empty if they are not known")
        return None
    return Place(round(lat, 7), round(lon, 7))


def _base(row: Row) -> Base:
    zone = _zone(row)
    date_ = _date(row, zone)
    day = Day(date_ or _SOME_DATE, zone or _SOME_ZONE)
    start = _time(row, "start", day, None)
    if row.raw("start") is None:
        row.note("start", f"is missing: {limits.DEFAULT_START} is taken")
        start = day.read(limits.DEFAULT_START).ms
    if zone is None or date_ is None or start is None:
        return Base(day, day.read(limits.DEFAULT_START).ms, Known.STAND_IN)
    return Base(day, start)


def _zone(row: Row) -> ZoneInfo | None:
    text = row.text("zone", 64)
    try:
        if text is not None:
            return read_zone(text)
        if row.raw("zone") is None:
            row.fault("zone", "is missing: name the time zone of the route's times, like Europe/Helsinki")
    except BadTime as error:
        row.fault("zone", str(error))
    return None


def _date(row: Row, zone: ZoneInfo | None) -> date | None:
    """Return the route's date; that of its start, if only a start is given that says it (Unix ms)."""
    text, start = row.text("date", 32), row.raw("start")
    try:
        if text is not None:
            return read_date(text)
        if isinstance(start, int) and zone is not None:
            moment = Day(date.min, zone).read(start)
            return datetime.fromtimestamp(moment.ms / MS_PER_S, zone).date()
        if row.raw("date") is None:
            row.fault("date", "is missing: write YYYY-MM-DD")
    except BadTime as error:
        row.fault("date", str(error))
    return None


def _line_start(row: Row, line: Sequence[Place] | None) -> Place | None:
    """Return where a line begins: the vehicle starts there, if nothing else is said."""
    if line is None:
        return None
    row.note("depot_lat", "is missing: the beginning of the geometry is taken as the start")
    return Place(round(line[0].lat, 7), round(line[0].lon, 7))


def _required_vehicle(row: Row) -> str | None:
    vehicle = row.name("vehicle")
    if vehicle is None and row.raw("vehicle") is None:
        row.fault("vehicle", "is missing: name the vehicle that drives the route")
    return vehicle


def _check_number(raw: RawRoute, row: Row) -> None:
    if not raw.stops:
        row.fault("stops", "has no stop: a route needs one")
    elif len(raw.stops) > MAX_STOPS:
        row.findings.fault(raw.where, "stops", len(raw.stops), f"is more than {MAX_STOPS} stops: divide the route")


def _derived_route(day: date, vehicle: str) -> str:
    """Return a route's id made of its date and vehicle, always the same one."""
    name = f"{day.isoformat()}_{vehicle}"
    return name if len(name) <= 64 else f"{name[:47]}-{sha256(name.encode()).hexdigest()[:16]}"


def _stops(raw: Sequence[RawStop], base: Base, findings: Findings) -> list[StopDraft]:
    """Return the stops in their sequence; they are read in the order of the file, so that its faults are, too."""
    raw, names = raw[:MAX_STOPS], Names()
    ranks = ranks_of(raw, findings)
    found = [(rank, stop_of(stop, base, names, findings)) for rank, stop in zip(ranks, raw, strict=True)]
    return [stop for _, stop in sorted(found, key=itemgetter(0)) if stop is not None]


def _ends(row: Row, *, has_depot: bool) -> Ends:
    text = row.text("ends", 32)
    if text is None:
        return Ends.DEPOT if has_depot else Ends.LAST_STOP
    if text not in {*Ends}:
        row.fault("ends", f"is none of {', '.join(Ends)}")
        return Ends.LAST_STOP
    if text == Ends.DEPOT and not has_depot:
        row.fault("ends", "is depot, but none is given: give depot_lat and depot_lon")
    return Ends(text)


def _details(row: Row) -> StopDetails:
    order = row.text("order", limits.ORDER)
    if order is None and row.raw("order") is None:
        row.fault("order", "is missing: each stop needs its order reference")
    return StopDetails(
        stop="",
        order=order or "",
        address=row.text("address", limits.ADDRESS),
        recipient=row.text("recipient", limits.RECIPIENT),
        phone=row.text("phone", limits.PHONE),
        email=row.email("email", limits.EMAIL),
        parcels=row.integer("parcels", 0, limits.PARCELS),
        notes=row.lines("notes", limits.NOTES),
        proof=proof_of(row),
        notify=notify_of(row),
        language=language_of(row),
    )


def _time(row: Row, field: str, day: Day, not_before: int | None) -> int | None:
    value = row.raw(field)
    if value is None:
        return None
    try:
        moment = day.read(value, not_before)
    except BadTime as error:
        row.fault(field, str(error))
        return None
    if moment.note:
        row.note(field, moment.note)
    return moment.ms


def window_of(row: Row, base: Base) -> TimeWindow | None:
    """Return the time window of a row; half a window is a fault."""
    start = _time(row, "window_start", base.day, base.start - ROLL_OVER_MS)
    end = _time(row, "window_end", base.day, base.start - ROLL_OVER_MS if start is None else start)
    for field, other in (("window_start", "window_end"), ("window_end", "window_start")):
        if row.raw(field) is None and row.raw(other) is not None:
            row.fault(field, f"is missing: a time window needs both ends, and {other} is given")
    if start is None or end is None:
        return None
    if end < start:
        row.fault("window_end", "is before the window's start")
        return None
    return TimeWindow(start, end)


def _check_times(row: Row, base: Base, window: TimeWindow | None, arrival: int | None) -> None:
    if base.known is Known.STAND_IN:
        return
    hours = SPAN_MS // 3_600_000
    times = {"arrival": arrival, "window_start": window and window.start, "window_end": window and window.end}
    for field, time in times.items():
        if time is not None and abs(time - base.start) > SPAN_MS:
            row.fault(field, f"is more than {hours} hours from the route's start: is it of another day?")
    if arrival is not None and arrival < base.start:
        row.fault("arrival", "is before the route's start")
