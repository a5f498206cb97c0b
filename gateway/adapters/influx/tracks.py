"""Reads tracks back from InfluxDB in InfluxQL, page by page. Blocking: for the export process."""

import http.client
from base64 import b64encode
from collections.abc import Iterator, Sequence
from urllib.parse import SplitResult, urlencode, urlsplit

import msgspec

from gateway.adapters.influx.queries import Row, cut_page, points, read_rows, track_query
from gateway.domain.track import TrackPoint
from gateway.ports import TrackUnavailable
from gateway.telemetry.fields import NS_PER_MS
from wire.names import VehicleKey

HOUR_NS = 3_600 * 1_000 * NS_PER_MS

WINDOW_NS = 48 * HOUR_NS
"""Time span of one query: InfluxDB 3 Core reads about 72 hours a query."""

MAX_REPLY_BYTES = 16 * 1024 * 1024
"""Twenty times a usual page: a reply that is longer is not read to its end."""

_OK = 200
_SCHEMES = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}


class InfluxTracksOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Where to read. `authorization` is the whole header: `basic`, `Token …` for 2.x, `Bearer …` for 3."""

    url: str
    database: str
    authorization: str | None = None
    timeout_s: float = 10.0
    widening: bool = False
    """Whether an empty span doubles the next one: everywhere but on 3 Core, which bounds a query's span."""


class InfluxTracks:
    """Tracks from InfluxDB 1.x, 2.x and 3; satisfies `ports.TrackReader`."""

    def __init__(self, options: InfluxTracksOptions) -> None:
        """Connect at the first query."""
        self._options = options
        self._address: SplitResult = urlsplit(options.url)
        if self._address.scheme not in _SCHEMES:
            raise ValueError(f"the telemetry url {options.url!r} must begin with http:// or https://")
        self._connection: http.client.HTTPConnection | None = None

    def pages(self, key: VehicleKey, from_ms: int, to_ms: int) -> Iterator[Sequence[TrackPoint]]:
        """Yield pages of the vehicle's track in [from, to), over one connection; raises `TrackUnavailable`."""
        try:
            yield from self._pages(key, from_ms, to_ms)
        finally:
            self._disconnect()

    def _pages(self, key: VehicleKey, from_ms: int, to_ms: int) -> Iterator[Sequence[TrackPoint]]:
        start, end, span = from_ms * NS_PER_MS, to_ms * NS_PER_MS, WINDOW_NS
        while start < end:
            until = min(start + span, end)
            rows, start = cut_page(self._query(track_query(key, start, until)), until)
            span = WINDOW_NS if rows or not self._options.widening else span * 2
            if rows:
                yield points(rows)

    def _query(self, query: str) -> list[Row]:
        try:
            return read_rows(self._get(query))
        except (OSError, http.client.HTTPException) as error:
            self._disconnect()
            raise TrackUnavailable(f"the store at {self._address.netloc} cannot be read: {error}") from error

    def _get(self, query: str) -> bytes:
        path = f"{self._address.path.rstrip('/')}/query"
        target = urlencode({"db": self._options.database, "epoch": "ns", "q": query})
        connection = self._connect()
        connection.request("GET", f"{path}?{target}", headers=self._headers())
        response = connection.getresponse()
        body = response.read(MAX_REPLY_BYTES + 1)
        if response.status != _OK or len(body) > MAX_REPLY_BYTES:
            self._disconnect()
            said = body[:200].decode(errors="replace").strip()
            raise TrackUnavailable(f"the store answers {response.status} {said}")
        return body

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self._options.authorization} if self._options.authorization else {}

    def _connect(self) -> http.client.HTTPConnection:
        if self._connection is None:
            kind = _SCHEMES[self._address.scheme]
            self._connection = kind(self._address.netloc, timeout=self._options.timeout_s)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def basic(username: str, password: str) -> str:
    """Return the Authorization header of 1.x."""
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode()


def open_tracks(options: dict[str, object]) -> InfluxTracks:
    """Return a reader from options that came as JSON (see `InfluxTracksOptions`)."""
    return InfluxTracks(msgspec.convert(options, InfluxTracksOptions))
