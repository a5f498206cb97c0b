"""Which format writes which document."""

from collections.abc import Callable

from gateway.domain.track import TrackFormat, TrackRequest
from gateway.export.formats.csv_document import CsvDocument
from gateway.export.formats.document import TrackDocument
from gateway.export.formats.geojson import GeoJsonDocument
from gateway.export.formats.gpx import GpxDocument
from gateway.export.formats.json_document import JsonDocument

_DOCUMENTS: dict[TrackFormat, Callable[[TrackRequest], TrackDocument]] = {
    TrackFormat.JSON: JsonDocument,
    TrackFormat.GEOJSON: GeoJsonDocument,
    TrackFormat.GPX: GpxDocument,
    TrackFormat.CSV: CsvDocument,
}


def new_document(request: TrackRequest) -> TrackDocument:
    """Return an empty document of the format that was asked for."""
    return _DOCUMENTS[request.format](request)
