"""The record as GPX 1.1: a waypoint a stop, the planned stops as a route, what was driven as a track.

The track has one segment for each unbroken line; between two segments nothing was heard. Positions with all their
values are had from the vehicle's own track.
"""

from collections.abc import Iterator

from gateway.domain.stop import Label
from gateway.execution.day.record import StopRow
from gateway.execution.day.track import TrackFix
from gateway.export.formats.gpx import HEAD, longitude, xml_text
from gateway.export.formats.times import iso
from gateway.export.records.told import Told
from gateway.export.records.words import stop_line

_SYMBOLS = {
    Label.COMPLETED: "Flag, Green",
    Label.INCIDENT: "Flag, Red",
    Label.ON_TRACK: "Flag, Blue",
    Label.PENDING: "Flag, Blue",
}
"""Garmin's names, which most programs know."""


def gpx_record(told: Told) -> Iterator[bytes]:
    """Yield the file in pieces."""
    record = told.record
    title = xml_text(f"{record.route} {record.date}")
    about = xml_text(f"Record of route {record.route}, vehicle {record.vehicle}, {record.date}, times in UTC")
    yield f"{HEAD}<metadata><name>{title}</name><desc>{about}</desc></metadata>\n".encode()
    yield "".join(_waypoint(told, row) for row in record.stops).encode()
    yield f"<rte><name>{title} planned</name>{''.join(map(_planned, record.stops))}</rte>\n".encode()
    yield f"<trk><name>{title} driven</name>\n".encode()
    for line in told.track.lines():
        yield f"<trkseg>\n{''.join(map(_driven, line))}</trkseg>\n".encode()
    yield b"</trk>\n</gpx>\n"


def _waypoint(told: Told, row: StopRow) -> str:
    time = "" if row.arrived is None else f"<time>{iso(row.arrived)}</time>"
    name = xml_text(f"{row.sequence} {row.order}")
    return (
        f"<wpt {_place(row.lat, row.lon)}>{time}<name>{name}</name><desc>{xml_text(stop_line(told, row))}</desc>"
        f"<sym>{_SYMBOLS[row.label]}</sym><type>{row.label}</type></wpt>\n"
    )


def _planned(row: StopRow) -> str:
    time = iso(row.planned_arrival)
    name = xml_text(f"{row.sequence} {row.order}")
    return f"<rtept {_place(row.lat, row.lon)}><time>{time}</time><name>{name}</name></rtept>\n"


def _driven(fix: TrackFix) -> str:
    return f"<trkpt {_place(fix.lat, fix.lon)}><time>{iso(fix.time)}</time></trkpt>\n"


def _place(lat: float, lon: float) -> str:
    return f'lat="{lat:.7f}" lon="{longitude(lon)}"'
