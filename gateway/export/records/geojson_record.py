"""The record as GeoJSON (RFC 7946). Each feature says in `role` what it is.

| role | geometry | properties |
|---|---|---|
| `planned` | line | the way as planned; `source` says whether along roads |
| `track` | line, or point | what was driven without a gap; `coordTimes` (UTC) in the order of its coordinates |
| `gap` | line | nothing was heard from `begin` to `end` |
| `stop` | point | the fields of the record's stop, and of its details (`address`, `proofs`, … as in JSON) |
| `deviation` | point | the fields of the record's deviation |
| `halt` | point | the fields of the record's halt |
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gateway.execution.day.record import Part
from gateway.execution.day.track import TrackFix
from gateway.export.formats.times import iso
from gateway.export.records.json_record import StopPeople, stop_people
from gateway.export.records.told import Told

_encode = msgspec.json.Encoder().encode

Feature = dict[str, Any]


def geojson_record(told: Told) -> Iterator[bytes]:
    """Yield the collection in pieces of a feature."""
    record = told.record
    about = {"fleet": record.fleet, "route": record.route, "date": record.date, "format": record.format}
    separator = b'{"type":"FeatureCollection","milepost":' + _encode(about) + b',"features":[\n'
    for feature in _features(told):
        yield separator + _encode(feature)
        separator = b",\n"
    yield b"" if separator == b",\n" else separator
    yield b"]}\n"


def _features(told: Told) -> Iterator[Feature]:
    if told.line:
        planned = {"role": "planned", "source": told.plan.leg_source, "version": told.record.version}
        yield _feature(_line([(lat, lon) for lat, lon in told.line]), planned)
    yield from (_track(line) for line in told.track.lines())
    yield from (_gap(before, behind) for before, behind in told.gap_ends())
    yield from _places(told)


def _places(told: Told) -> Iterator[Feature]:
    for row in told.record.stops:
        properties = {"role": "stop", **_fields(row), **_fields(stop_people(told, row))}
        yield _feature(_point(row.lat, row.lon), properties)
    for deviation in told.record.deviations:
        if deviation.lat is not None and deviation.lon is not None:
            yield _feature(_point(deviation.lat, deviation.lon), {"role": "deviation", **_fields(deviation)})
    for halt in told.record.halts:
        yield _feature(_point(halt.lat, halt.lon), {"role": "halt", **_fields(halt)})


def _track(line: Sequence[TrackFix]) -> Feature:
    times = [iso(fix.time) for fix in line]
    return _feature(_line([(fix.lat, fix.lon) for fix in line]), {"role": "track", "coordTimes": times})


def _gap(before: TrackFix, behind: TrackFix) -> Feature:
    ends = [(before.lat, before.lon), (behind.lat, behind.lon)]
    return _feature(_line(ends), {"role": "gap", "begin": before.time, "end": behind.time})


def _fields(part: Part | StopPeople) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(part)
    return plain


def _line(places: Sequence[tuple[float, float]]) -> dict[str, Any]:
    if len(places) == 1:
        return _point(*places[0])
    return {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in places]}


def _point(lat: float, lon: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def _feature(geometry: dict[str, Any], properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": properties}
