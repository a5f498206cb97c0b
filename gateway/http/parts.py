"""What the HTTP side is given by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from gateway.http.board import RouteBoard
from gateway.http.customer_parts import CustomerParts
from gateway.http.driver_parts import DriverParts
from gateway.http.feed import Feed
from gateway.http.files import StoredFile
from gateway.http.gate import Gate
from gateway.http.inbox import HttpInbox
from gateway.http.past import RoutePast
from gateway.http.throttle import FailureThrottle
from gateway.http.tracking_links import TrackingLinks
from gateway.ports import (
    ApiTokens,
    Clock,
    Condition,
    OutboxDesk,
    QuarantineArchive,
    RecordExports,
    Registry,
    RouteBook,
    RouteStates,
    TrackExports,
)
from gateway.stages.dispatch import Dispatch


@dataclass(frozen=True, slots=True)
class PartCondition:
    """How one part of the gateway is, and whether the gateway does its work with it so."""

    condition: Condition
    ready: bool


@dataclass(frozen=True, slots=True)
class About:
    """What the console asks once: the version, the fleets, the basemap and how long data is kept.

    `map_origins` are hosts besides the style's own that the page may ask for tiles, fonts and icons.
    """

    version: str
    fleets: tuple[str, ...]
    style_url: str
    journal_hours: float
    map_origins: tuple[str, ...] = ()


IMPORTS_AT_ONCE = 4
"""Files of up to 8 MiB that are read at a time; what a file is read into takes some ten times that."""


@dataclass(frozen=True)
class RouteParts:
    """What is behind the endpoints of routes: those followed now, what is stored of all, and who changes them."""

    board: RouteBoard
    past: RoutePast
    book: RouteBook
    states: RouteStates
    dispatch: Dispatch
    records: RecordExports
    links: TrackingLinks
    imports: Gate = field(default_factory=lambda: Gate(IMPORTS_AT_ONCE))


@dataclass(frozen=True)
class ApiParts:
    """Everything behind the endpoints. `conditions` are asked anew for each `/readyz`, by the part's name."""

    clock: Clock
    feed: Feed
    tokens: ApiTokens
    registry: Registry
    inbox: HttpInbox
    tracks: TrackExports
    routes: RouteParts
    drivers: DriverParts
    customers: CustomerParts
    quarantine: QuarantineArchive
    desk: OutboxDesk
    conditions: Mapping[str, Callable[[], PartCondition]]
    metrics: Callable[[], bytes]
    throttle: FailureThrottle
    about: About
    console: Mapping[str, StoredFile]
    basemap: Mapping[str, StoredFile]


Parts = NamedDependency[SkipValidation[ApiParts]]
"""How a handler asks for them."""
