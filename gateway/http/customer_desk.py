"""What the holder of a tracking link is told, looked up and made once for all who ask within seconds.

Rules
- An open page asks every ten seconds or so. What is shown of a route is made anew when the route has changed, or when
  it is older than `FRESH_MS`; who is behind an order, and which link it has, is read again as rarely.
- A link that was made void is so at once here, and within `FRESH_MS` if another process did it.
- Everything kept is bounded; what was not asked for longest goes first.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from gateway.domain.route import RouteKey
from gateway.domain.stop import Execution
from gateway.execution.show import show_detail
from gateway.execution.view import Route, RouteStop
from gateway.http.past import RoutePast, Seen
from gateway.http.tracking_links import TrackingLinks
from gateway.links.attempts import Attempt, expires_at, next_attempt, shown_attempt
from gateway.links.delivery import Delivery, Stage, count_of, delivery_of
from gateway.links.jumps import Count, counted
from gateway.links.visibility import Van, van_of
from gateway.planning.people import contacts_of
from gateway.ports import FoundStop, Link, RouteBook

FRESH_MS = 10_000
"""How long what was looked up is good while nothing is known to have changed: as for the board."""

MOST_ATTEMPTS = 10
"""Stops of one order that are looked at, the newest: nobody is tried more often. Of more, the link shows nothing: the
reference is then no order's, and who reuses one so often gives no customer a link."""

MAX_LINKS, MAX_ORDERS = 20_000, 20_000
"""Links, their last counts, and orders that are remembered: as many customers looking at once. Some 30 MB if so."""

MAX_ROUTES = 400
"""Routes that are remembered as shown: some 100 KB each."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """The newest values by key; the one not asked for longest goes first."""

    def __init__(self, most: int) -> None:
        """Keep at most `most`."""
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return what is kept; None if nothing is."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> Value:
        """Keep a value, and return it."""
        self._values[key] = value
        self._values.move_to_end(key)
        if len(self._values) > self._most:
            self._values.popitem(last=False)
        return value

    def drop(self, key: Key) -> None:
        """Forget a value."""
        self._values.pop(key, None)


class _Read(NamedTuple):
    """Stops of an order, read at a time."""

    at: int
    stops: tuple[FoundStop, ...]


class _Looked(NamedTuple):
    """A link, read at a time."""

    at: int
    link: Link


@dataclass(frozen=True, slots=True)
class _Made:
    """A route as it is shown, made of a revision (None: it is not followed) at a time."""

    revision: tuple[int, int] | None
    at: int
    seen: Seen
    route: Route
    stops: Mapping[str, RouteStop]
    settled: int


class Told(NamedTuple):
    """A customer's delivery, which stop it is, and by what they are reached."""

    delivery: Delivery
    key: RouteKey
    stop: str
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """How long a link lives after the outcome, and within how many stops the van is shown (0: never)."""

    kept_ms: int
    map_within: int


class CustomerDesk:
    """Answers who holds a link. Methods raise `OperationsAway` and `StateUnavailable`."""

    def __init__(self, links: TrackingLinks, book: RouteBook, past: RoutePast, rules: Rules) -> None:
        """Look routes up in `past`, and who is behind an order in `book`."""
        self._tracking = links
        self._book = book
        self._past = past
        self._rules = rules
        self._links: Kept[str, _Looked] = Kept(MAX_LINKS)
        self._orders: Kept[tuple[str, str], _Read] = Kept(MAX_ORDERS)
        self._routes: Kept[RouteKey, _Made] = Kept(MAX_ROUTES)
        self._counts: Kept[str, Count] = Kept(MAX_LINKS)

    async def link_of(self, token: str, now: int) -> Link | None:
        """Return the link of a token; None if we did not give it, or if it is revoked."""
        kept = self._links.get(token)
        if kept is not None and _is_fresh(kept.at, now):
            return kept.link
        link = await self._tracking.order_of(token)
        if link is None:
            self._links.drop(token)
            return None
        return self._links.put(token, _Looked(now, link)).link

    async def renewed(self, fleet: str, order: str, asked: str) -> str:
        """Return a new address for an order; the one before leads nowhere from now on."""
        old = await self._tracking.token_of(fleet, order)
        url = await self._tracking.renewed(fleet, order, asked)
        self._links.drop(old)
        return url

    async def told(self, link: Link, now: int) -> Told | None:
        """Return what the link's holder is told; None if the link leads nowhere (any more)."""
        attempts = await self._attempts(link, now)
        shown = shown_attempt(attempts, now)
        if shown is None:
            return None
        following = next_attempt(attempts, shown)
        if following is None and expires_at(shown, self._rules.kept_ms) <= now:
            return None
        delivery = delivery_of(shown, now, following, self._count(link, shown, now))
        van = self._van(shown, delivery, now)
        key, stop = RouteKey(shown.route.fleet, shown.route.route), shown.stop.stop
        contacts = _contacts(await self._stops(link, now), key, stop)
        return Told(replace(delivery, van=van), key, stop, contacts)

    def _count(self, link: Link, shown: Attempt, now: int) -> Count | None:
        present = count_of(shown)
        return None if present is None else self._counts.put(link.id, counted(self._counts.get(link.id), present, now))

    def _van(self, shown: Attempt, delivery: Delivery, now: int) -> Van | None:
        key = RouteKey(shown.route.fleet, shown.route.route)
        made = self._routes.get(key)
        if made is None or delivery.stage is not Stage.ON_THE_WAY:
            return None
        stop, within = shown.stop, self._rules.map_within
        layout, state, left = made.seen.layout, made.seen.state, stop.stops_remaining
        beside = self._past.beside(key)
        return van_of(layout, state, stop.stop, remaining=left, now=now, within=within, beside=beside)

    async def _attempts(self, link: Link, now: int) -> list[Attempt]:
        found = await self._stops(link, now)
        if len(found) > MOST_ATTEMPTS:
            return []
        made = {key: await self._made(key, now) for key in dict.fromkeys(stop.key for stop in found)}
        attempts = (_attempt(made[stop.key], stop) for stop in found)
        return [attempt for attempt in attempts if attempt is not None]

    async def _stops(self, link: Link, now: int) -> tuple[FoundStop, ...]:
        of = (link.fleet, link.order)
        read = self._orders.get(of)
        if read is None or not _is_fresh(read.at, now):
            read = self._orders.put(of, _Read(now, _of_somebody(await self._book.with_order(*of))))
        return read.stops

    async def _made(self, key: RouteKey, now: int) -> _Made | None:
        revision = self._past.revision(key)
        made = self._routes.get(key)
        if made is not None and made.revision == revision and _is_fresh(made.at, now):
            return made
        seen = await self._past.newest(key)
        return None if seen is None else self._routes.put(key, _make(seen, revision, now))


def _is_fresh(at: int, now: int) -> bool:
    return 0 <= now - at < FRESH_MS


def _make(seen: Seen, revision: tuple[int, int] | None, now: int) -> _Made:
    detail = show_detail(seen.layout, seen.state, now, seen.known, seen.revision)
    off = Execution.CANCELLED
    settled = sum(each.stops_remaining is None and each.execution is not off for each in detail.stops)
    return _Made(revision, now, seen, detail.route, {each.stop: each for each in detail.stops}, settled)


def _attempt(made: _Made | None, found: FoundStop) -> Attempt | None:
    stop = None if made is None else made.stops.get(found.details.stop)
    if made is None or stop is None:
        return None
    return Attempt(made.route, stop, contacts_of(found.details), made.settled)


def _of_somebody(found: Sequence[FoundStop]) -> tuple[FoundStop, ...]:
    """Return the stops without those whose person was erased; all of them if nobody is left.

    Nothing tells any more whether such a stop is of who has the reference now.
    """
    return tuple(stop for stop in found if stop.erased is None) or tuple(found)


def _contacts(found: Sequence[FoundStop], key: RouteKey, stop: str) -> tuple[str, ...]:
    """Return the phone and the e-mail of whom the stop is for."""
    people = [each.details for each in found if (each.key, each.details.stop) == (key, stop)]
    return tuple(contact for person in people for contact in (person.phone, person.email) if contact)
