"""The API's own JSON: one object with the request and a list of positions."""

from collections.abc import Sequence

import msgspec

from gateway.domain.track import TrackPoint, TrackRequest

_encode = msgspec.json.Encoder().encode


class JsonDocument:
    """`{"vehicle", "fleet", "from", "to", "positions": [{"time", "lat", "lon", …, "source", "spool", "seq"}]}`."""

    def __init__(self, request: TrackRequest) -> None:
        self._request = request
        self._separator = b""

    def head(self) -> bytes:
        """Return the request and the beginning of the list."""
        key, from_ms, to_ms, _ = self._request
        about = {"vehicle": key.vehicle, "fleet": key.fleet, "from": from_ms, "to": to_ms}
        return _encode(about)[:-1] + b',"positions":['

    def page(self, points: Sequence[TrackPoint]) -> bytes:
        """Return the positions, each as the message that carried it with its identity behind."""
        if not points:
            return b""
        text = self._separator + b",\n".join(_position(point) for point in points)
        self._separator = b",\n"
        return text

    def tail(self) -> bytes:
        """Return the end."""
        return b"]}\n"


def _position(point: TrackPoint) -> bytes:
    identity = _encode({"source": point.source, "spool": point.spool, "seq": point.seq})
    return _encode(point.position)[:-1] + b"," + identity[1:]
