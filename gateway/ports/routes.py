"""Routes: where plans and people's details are kept, what finds places and ways, and where their state outlives us."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from gateway.domain.events import NumberedEvent, StoredEvent
from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import Place, RouteKey, RoutePlan
from gateway.domain.stop import Tap
from gateway.planning.answers import Candidate, RoadWay
from gateway.planning.details import StopDetails


class FoundStop(NamedTuple):
    """A stop that a search found. `erased` is when its person was erased (Unix ms)."""

    key: RouteKey
    details: StopDetails
    erased: int | None = None


class StoredTap(NamedTuple):
    """A word on a stop, as it was taken."""

    stop: str
    tap: Tap
    received: int


class RouteBook(Protocol):
    """The append-only versions of all routes, the taps on them, and the details of their stops.

    Methods raise `OperationsAway`. Everything is written here before it is journalled; `unjournalled` is what has
    still to be.
    """

    async def save(self, plans: Sequence[RoutePlan], details: Mapping[RouteKey, Sequence[StopDetails]]) -> None:
        """Keep new versions and their stops' details, all or none.

        Raises:
            VersionTaken: somebody else saved a version of that number; read the newest and try again.

        """
        ...

    async def newest(self, key: RouteKey) -> RoutePlan | None:
        """Return the newest version of a route; None if there is no such route."""
        ...

    async def keys(self, fleet: str | None, date: str) -> list[RouteKey]:
        """Return the routes of a date (ISO 8601)."""
        ...

    async def driven(self, fleet: str, driver: str, date: str) -> list[RouteKey]:
        """Return the routes whose newest version is this driver's, of this date (ISO 8601) and not withdrawn.

        A route without a driver is its vehicle's name's.
        """
        ...

    async def version(self, key: RouteKey, number: int) -> RoutePlan | None:
        """Return one version of a route; None if it is not kept."""
        ...

    async def versions(self, key: RouteKey) -> list[RoutePlan]:
        """Return all versions of a route, oldest first."""
        ...

    async def details(self, key: RouteKey) -> list[StopDetails]:
        """Return the details of a route's stops, of all versions."""
        ...

    async def search(self, fleet: str | None, text: str, limit: int) -> list[FoundStop]:
        """Return the stops, newest routes first, whose order, recipient, phone or address contains all words."""
        ...

    async def with_order(self, fleet: str, order: str) -> list[FoundStop]:
        """Return the stops with exactly this order reference, those of the newest routes first."""
        ...

    async def save_tap(self, key: RouteKey, stop: str, tap: Tap, received: int) -> None:
        """Keep a word on a stop; one whose id is known is kept once."""
        ...

    async def taps(self, key: RouteKey) -> list[StoredTap]:
        """Return the words on a route's stops in the order in which they came."""
        ...

    async def unjournalled(self) -> list[RouteRecord | TapRecord]:
        """Return what is kept and not known to be journalled, oldest first."""
        ...

    async def journalled(self, records: Sequence[RouteRecord | TapRecord]) -> None:
        """Remember that these are journalled."""
        ...


class Link(NamedTuple):
    """What a tracking link is made of; a token is shown for it only, never stored. `id` is random, no secret.

    Raising `generation` makes the tokens shown before invalid.
    """

    fleet: str
    order: str
    id: str
    generation: int


class Links(Protocol):
    """Which link belongs to an order: the same one for all stops and attempts of it. Methods raise `OperationsAway`."""

    async def get_or_make(self, fleet: str, order: str) -> Link:
        """Return the order's link, made at the first time."""
        ...

    async def of_orders(self, fleet: str, orders: Collection[str]) -> Mapping[str, Link]:
        """Return the link of each of many orders, those missing made in one transaction."""
        ...

    async def by_id(self, link_id: str) -> Link | None:
        """Return the link with this id; None if there is none."""
        ...

    async def renew(self, fleet: str, order: str) -> Link:
        """Raise the generation, so that what was sent before leads nowhere, and return the link."""
        ...


class PlaceCache(Protocol):
    """Geocoders' answers, remembered over restarts. Both raise `OperationsAway`."""

    async def recall(self, geocoder: str, address: str) -> Sequence[Candidate] | None:
        """Return what the geocoder of this name answered for the address; None if it was not asked, or long ago."""
        ...

    async def remember(self, geocoder: str, address: str, candidates: Sequence[Candidate], now: int) -> None:
        """Keep an answer, an empty one too."""
        ...


class VersionTaken(Exception):  # noqa: N818 - a state of the world, named as such
    """A version of this number exists already, with another content."""


class OperationsAway(Exception):  # noqa: N818 - a state of the world, named as such
    """The operational data cannot be used now; the message names the file and says why."""


class Geocoder(Protocol):
    """Finds the place of an address; answers are remembered."""

    async def find(self, address: str) -> Sequence[Candidate]:
        """Return candidates, best first; empty if there are none.

        Raises:
            ServiceAway: it cannot be asked now.

        """
        ...


class RoadRouter(Protocol):
    """Finds the way through places in their order."""

    async def way(self, places: Sequence[Place]) -> RoadWay:
        """Return the way; `len(places) - 1` legs.

        Raises:
            ServiceAway: it cannot be asked now, or knows no way; the message says which.

        """
        ...


class ServiceAway(Exception):  # noqa: N818 - a state of the world, named as such
    """A geocoder or router gives no answer; the message names it and says why."""


class RouteSnapshot(NamedTuple):
    """A route's state as it was known at `known` (Unix ms), in its stored form.

    `outlook` is what was foreseen by then; only of the newest state, to go on from.
    """

    key: RouteKey
    version: int
    known: int
    state: bytes
    outlook: bytes = b""


NOTHING_OWED: Mapping[RouteKey, str] = MappingProxyType({})


class RouteStates(Protocol):
    """Where the state of routes outlives the process: states, events, snapshots and the offset commit together.

    All raise `StateUnavailable`.
    """

    async def load(self) -> tuple[int, list[RouteSnapshot]]:
        """Return the offset of the last record that the states hold, and the newest state of each followed route."""
        ...

    async def save(
        self,
        offset: int,
        states: Collection[RouteSnapshot],
        keep: Collection[RouteSnapshot],
        events: Collection[StoredEvent],
        forgotten: Collection[RouteKey] = (),
        *,
        owed: Mapping[RouteKey, str] = NOTHING_OWED,
    ) -> None:
        """Make changed states, the snapshots to `keep` for a look back, new events and the offset durable together.

        Of routes that are `forgotten` the state goes; snapshots and events stay. An event whose id is known changes
        nothing. `owed` are all routes that lack something that the book has, and why; others are owed nothing any more.
        """
        ...

    async def owed(self) -> dict[RouteKey, str]:
        """Return the routes that lacked something at the last save, and why."""
        ...

    async def as_known(self, at: int, keys: Collection[RouteKey]) -> list[RouteSnapshot]:
        """Return each route's newest snapshot that was known at `at`; routes without one are left out."""
        ...

    async def events(self, key: RouteKey) -> list[StoredEvent]:
        """Return the events of a route in the order in which they became known."""
        ...

    async def forget(self, before: int) -> int:
        """Forget snapshots and events known before that time; return how many."""
        ...


class RouteEvents(Protocol):
    """The events that were not reported to the database of telemetry yet. Both raise `StateUnavailable`."""

    async def unreported(self, limit: int) -> list[NumberedEvent]:
        """Return the oldest of them."""
        ...

    async def reported(self, number: int) -> None:
        """Remember that those up to this number are."""
        ...
