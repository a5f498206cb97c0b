"""Erases recipients: after a time, and one of them when asked. The plans, words and states stay: they name nobody.

What is erased is gone from the file and its log (docs/decisions/0144): rows are overwritten, and the log is emptied.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, text, update

from gateway.adapters.operations.schema import LINKS, PLACES, ROUTE_STOPS, STOP_INSTRUCTIONS
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes import rows
from gateway.adapters.routes.words import fold
from gateway.domain.route import RouteKey
from gateway.planning.people import Person, contacts_of, without_person
from gateway.ports import OperationsAway, StopDetails

ERASED_AT_ONCE = 100
"""Stops erased in one transaction: some ten milliseconds, and others have their turn between."""

READ_AT_ONCE = 2000
"""Stops looked at before others have their turn: some ten milliseconds of reading JSON."""

_BLANK = text(
    "UPDATE route_stops SET searched = :searched, details = :details, erased = :erased "
    "WHERE fleet = :fleet AND route = :route AND stop = :stop"
)


class ChangedMeanwhile(Exception):  # noqa: N818 - a named refusal
    """A stop that was to be erased is not as it was found: somebody else may be there."""


class Order(NamedTuple):
    """An order of one fleet."""

    fleet: str
    order: str


class KnownStop(NamedTuple):
    """What is known of a stop, with the date of its route (ISO 8601). `erased` is when its person was (Unix ms)."""

    key: RouteKey
    date: str
    details: StopDetails
    erased: int | None = None


class Erased(NamedTuple):
    """How much was erased, and how many links lead nowhere any more."""

    stops: int = 0
    instructions: int = 0
    addresses: int = 0
    links: int = 0


class SqlPeople:
    """The people in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def with_order(self, order: Order) -> list[KnownStop]:
        """Return the stops of an order, whether their person is erased or not, the oldest routes first."""
        wanted = select(ROUTE_STOPS).where(of_order(order)).order_by(ROUTE_STOPS.c.date)
        return [_known(row) for row in await self._thread.read(lambda connection: connection.execute(wanted).all())]

    async def at_doors(self, person: Person) -> list[KnownStop]:
        """Return the stops of a person who is not erased, in all fleets, the oldest routes first."""
        found: list[KnownStop] = []
        after = ("", "", "")
        while True:
            some = await self._thread.read(_page(after))
            found += (stop for stop in map(_known, some) if person.is_at(stop.details))
            if len(some) < READ_AT_ONCE:
                return sorted(found, key=lambda stop: (stop.date, stop.key, stop.details.stop))
            after = (some[-1].fleet, some[-1].route, some[-1].stop)

    async def erase(self, stops: Collection[KnownStop], orders: Collection[Order], now: int) -> Erased:
        """Erase who is at these stops, what they asked of drivers, and the geocoder's answers for their addresses.

        The links of the orders are renewed, so that what was sent leads nowhere. All of it, or nothing.

        Raises:
            ChangedMeanwhile: a plan changed one of the stops after it was found.

        """
        erased = await self._thread.write(lambda connection: _erase(connection, stops, orders, now))
        await self._thread.empty_log()
        return erased

    async def require_as_found(self, stops: Collection[KnownStop]) -> None:
        """Raise `ChangedMeanwhile` unless all these stops are as they were found."""
        await self._thread.read(lambda connection: _require_as_found(connection, stops))

    async def forget(self, before: int, now: int) -> int:
        """Erase who is at the stops of routes whose date ended before that time (Unix ms), and what they asked for.

        What was asked of drivers before that time goes, too, unless its stop is kept. Return how many stops it were.
        The link of an order is renewed unless it is still of the same person: who has it must not see who has the
        reference next.
        """
        first_kept = f"{datetime.fromtimestamp(before / 1000, UTC):%Y-%m-%d}"
        erased = 0
        while some := await self._thread.write(lambda connection: _forget_stops(connection, first_kept, now)):
            erased += some
        words = await self._thread.write(lambda connection: _forget_words(connection, before))
        if erased or words:
            await self._thread.empty_log()
        return erased


def of_order(order: Order) -> ColumnElement[bool]:
    """Return what the stops of an order have in common."""
    return and_(ROUTE_STOPS.c.fleet == order.fleet, ROUTE_STOPS.c.order_reference == order.order)


def _page(after: tuple[str, str, str]) -> Callable[[Connection], list[Row[Any]]]:
    fleet, route, stop = ROUTE_STOPS.c.fleet, ROUTE_STOPS.c.route, ROUTE_STOPS.c.stop
    behind = (fleet > after[0]) | (
        (fleet == after[0]) & ((route > after[1]) | ((route == after[1]) & (stop > after[2])))
    )
    some = select(ROUTE_STOPS).where(behind, ROUTE_STOPS.c.erased.is_(None))
    page = some.order_by(fleet, route, stop).limit(READ_AT_ONCE)
    return lambda connection: list(connection.execute(page).all())


def _known(row: Row[Any]) -> KnownStop:
    return KnownStop(RouteKey(row.fleet, row.route), row.date, rows.details_of(row.details), row.erased)


def _erase(connection: Connection, stops: Collection[KnownStop], orders: Collection[Order], now: int) -> Erased:
    _require_as_found(connection, stops)
    _blank(connection, [(stop.key, without_person(stop.details)) for stop in stops], now)
    addresses = {fold(stop.details.address) for stop in stops if stop.details.address}
    return Erased(
        stops=len(stops),
        instructions=sum(_without_instruction(connection, stop) for stop in stops),
        addresses=sum(_without_place(connection, address) for address in addresses),
        links=sum(renew_link(connection, order) for order in orders),
    )


def _require_as_found(connection: Connection, stops: Iterable[KnownStop]) -> None:
    for stop in stops:
        same = [ROUTE_STOPS.c[name] == each for name, each in zip(("fleet", "route"), stop.key, strict=True)]
        row = connection.execute(select(ROUTE_STOPS).where(*same, ROUTE_STOPS.c.stop == stop.details.stop)).first()
        if row is None or (row.erased, read_stop(row).details) != (stop.erased, stop.details):
            raise ChangedMeanwhile(f"stop {stop.key.route}/{stop.details.stop} was changed meanwhile: ask again")


def _blank(connection: Connection, stops: Iterable[tuple[RouteKey, StopDetails]], now: int) -> None:
    values = [{**rows.stop_values(key, "", left), "erased": now} for key, left in stops]
    if values:
        connection.execute(_BLANK, values)


def _without_instruction(connection: Connection, stop: KnownStop) -> int:
    asked, key = STOP_INSTRUCTIONS.c, stop.key
    here = (asked.fleet == key.fleet, asked.route == key.route, asked.stop == stop.details.stop)
    return connection.execute(delete(STOP_INSTRUCTIONS).where(*here)).rowcount


def _without_place(connection: Connection, address: str) -> int:
    return connection.execute(delete(PLACES).where(PLACES.c.address == address)).rowcount


def renew_link(connection: Connection, order: Order) -> int:
    """Raise the generation of an order's link, so that what was sent leads nowhere; return how many links it were."""
    same = (LINKS.c.fleet == order.fleet, LINKS.c.order_reference == order.order)
    return connection.execute(update(LINKS).where(*same).values(generation=LINKS.c.generation + 1)).rowcount


def _forget_stops(connection: Connection, first_kept: str, now: int) -> int:
    old = and_(ROUTE_STOPS.c.erased.is_(None), ROUTE_STOPS.c.date < first_kept)
    some = [read_stop(row) for row in connection.execute(select(ROUTE_STOPS).where(old).limit(ERASED_AT_ONCE))]
    _blank(connection, [(stop.key, without_person(stop.details)) for stop in some], now)
    for stop in some:
        _without_instruction(connection, stop)
    for order, gone in by_order(some).items():
        if not _is_theirs_still(connection, order, gone):
            renew_link(connection, order)
    return len(some)


def _forget_words(connection: Connection, before: int) -> int:
    asked = STOP_INSTRUCTIONS.c
    same = [ROUTE_STOPS.c[name] == asked[name] for name in ("fleet", "route", "stop")]
    kept = select(ROUTE_STOPS.c.stop).where(*same, ROUTE_STOPS.c.erased.is_(None)).exists()
    return connection.execute(delete(STOP_INSTRUCTIONS).where(asked.written < before, ~kept)).rowcount


def read_stop(row: Row[Any]) -> KnownStop:
    """Return a stop; of a damaged row its name and its order."""
    try:
        return _known(row)
    except OperationsAway:
        nobody = StopDetails(stop=row.stop, order=row.order_reference)
        return KnownStop(RouteKey(row.fleet, row.route), row.date, nobody)


def by_order(stops: Iterable[KnownStop]) -> dict[Order, list[KnownStop]]:
    """Return stops by the order that they are of."""
    found: defaultdict[Order, list[KnownStop]] = defaultdict(list)
    for stop in stops:
        found[Order(stop.key.fleet, stop.details.order)].append(stop)
    return found


def _is_theirs_still(connection: Connection, order: Order, gone: Iterable[KnownStop]) -> bool:
    """Whether the order is still somebody's, and nobody's but of who was at the stops that were erased."""
    left = [
        read_stop(row)
        for row in connection.execute(select(ROUTE_STOPS).where(of_order(order), ROUTE_STOPS.c.erased.is_(None)))
    ]
    known = [contacts_of(stop.details) for stop in left]
    return bool(known) and all(contacts & contacts_of(stop.details) for contacts in known for stop in gone)
