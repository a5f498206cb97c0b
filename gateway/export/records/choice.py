"""Which format writes which document, and how a request becomes one."""

from collections.abc import Callable, Iterator

from gateway.execution.day.compute import compute
from gateway.execution.day.inputs import DayInputs, TapInput
from gateway.export.records.csv_record import csv_record
from gateway.export.records.geojson_record import geojson_record
from gateway.export.records.gpx_record import gpx_record
from gateway.export.records.json_record import json_record
from gateway.export.records.page import page
from gateway.export.records.told import Told, told
from gateway.ports import RecordFormat, RecordRequest, TrackReader

DOCUMENTS: dict[RecordFormat, Callable[[Told], Iterator[bytes]]] = {
    RecordFormat.JSON: json_record,
    RecordFormat.CSV: csv_record,
    RecordFormat.GPX: gpx_record,
    RecordFormat.GEOJSON: geojson_record,
    RecordFormat.HTML: page,
}


def record_document(reader: TrackReader, request: RecordRequest) -> Iterator[bytes]:
    """Yield the record that is asked for in pieces. The day is computed before the first piece is given.

    Raises:
        TrackUnavailable: the store cannot be read.
        ValueError: the versions are none, or of several routes.

    """
    inputs = DayInputs(request.versions, [TapInput(*tap) for tap in request.taps])
    day = compute(inputs, reader.pages)
    yield from DOCUMENTS[request.format](told(day, request.details, request.proofs, request.instructions))
