"""The book of routes; satisfies `ports.RouteBook`.

What the command line writes beside a running gateway needs no message: whoever journals asks each second for what is
not journalled, and an index that holds only such rows answers in microseconds.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, and_, func, select, text, update

from gateway.adapters.operations.schema import ROUTE_STOPS, ROUTE_VERSIONS, TAPS
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes import rows
from gateway.adapters.routes.takeover import displaced, part
from gateway.adapters.routes.words import words
from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.domain.stop import Tap
from gateway.ports import FoundStop, StopDetails, StoredTap, VersionTaken

MAX_FOUND = 50
"""Stops that a search returns at most: more than anybody reads; a further word finds the one that is meant."""

SEARCHED_DAYS = 31
"""How many days of routes, from the newest, a search looks through: who asks for an order asks of these weeks."""

DAYS_AT_ONCE = 3
"""Days looked through in one go, some 40 ms of 300 routes of 150 stops each; others have their turn between."""

JOURNAL_AT_ONCE = 50
"""Versions, and taps, handed out to be journalled at once: some 5 MB of plans; the rest follows when they are."""

_KEEP_STOP = text(
    "INSERT INTO route_stops (fleet, route, stop, order_reference, date, searched, details) "
    "VALUES (:fleet, :route, :stop, :order_reference, :date, :searched, :details) "
    "ON CONFLICT (fleet, route, stop) DO UPDATE SET order_reference = excluded.order_reference, "
    "date = excluded.date, searched = excluded.searched, details = excluded.details, erased = NULL"
)
_KEEP_TAP = text(
    "INSERT INTO taps (fleet, route, id, stop, received, tap, journalled) "
    "VALUES (:fleet, :route, :id, :stop, :received, :tap, :journalled) ON CONFLICT (fleet, route, id) DO NOTHING"
)

Result = TypeVar("Result")


class SqlRouteBook:
    """Versions of plans, details of stops and taps, in `operations.db`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def save(self, plans: Sequence[RoutePlan], details: Mapping[RouteKey, Sequence[StopDetails]]) -> None:
        """Keep new versions and their stops' details, all or none.

        Raises:
            VersionTaken: somebody else saved a version of that number; read the newest and try again.

        """
        dates = {plan.key: plan.date for plan in plans}

        def write(connection: Connection) -> None:  # encoding a day of routes takes as long as keeping it
            versions = [rows.version_values(plan) for plan in plans]
            stops = [rows.stop_values(key, dates[key], of_stop) for key, each in details.items() for of_stop in each]
            _save(connection, versions, stops)

        await self._thread.write(write)

    async def newest(self, key: RouteKey) -> RoutePlan | None:
        """Return the newest version of a route; None if there is no such route."""
        newest = select(ROUTE_VERSIONS.c.plan).where(_of(ROUTE_VERSIONS, key))
        return await self._plan(newest.order_by(ROUTE_VERSIONS.c.version.desc()).limit(1))

    async def version(self, key: RouteKey, number: int) -> RoutePlan | None:
        """Return one version of a route; None if it is not kept."""
        wanted = and_(_of(ROUTE_VERSIONS, key), ROUTE_VERSIONS.c.version == number)
        return await self._plan(select(ROUTE_VERSIONS.c.plan).where(wanted))

    async def keys(self, fleet: str | None, date: str) -> list[RouteKey]:
        """Return the routes whose newest version is of a date (ISO 8601), by fleet and name."""
        return await self._thread.read(lambda connection: _keys(connection, fleet, date))

    async def driven(self, fleet: str, driver: str, date: str) -> list[RouteKey]:
        """Return the routes whose newest version is this driver's, of this date and not withdrawn, by name."""
        newer = ROUTE_VERSIONS.alias()
        same = [newer.c[name] == ROUTE_VERSIONS.c[name] for name in ("fleet", "route")]
        later = select(newer.c.version).where(*same, newer.c.version > ROUTE_VERSIONS.c.version)
        own = [ROUTE_VERSIONS.c[name] == each for name, each in (("fleet", fleet), ("driver", driver), ("date", date))]
        wanted = select(ROUTE_VERSIONS.c.route).where(*own, ~later.exists())
        return [RouteKey(fleet, row.route) for row in await self._rows(wanted.order_by(ROUTE_VERSIONS.c.route))]

    async def versions(self, key: RouteKey) -> list[RoutePlan]:
        """Return all versions of a route, oldest first."""
        all_versions = select(ROUTE_VERSIONS.c.plan).where(_of(ROUTE_VERSIONS, key))
        found = await self._rows(all_versions.order_by(ROUTE_VERSIONS.c.version))
        return [rows.plan_of(row.plan) for row in found]

    async def details(self, key: RouteKey) -> list[StopDetails]:
        """Return the details of a route's stops, of all versions, by the stops' names."""
        kept = select(ROUTE_STOPS.c.details).where(_of(ROUTE_STOPS, key))
        return [rows.details_of(row.details) for row in await self._rows(kept.order_by(ROUTE_STOPS.c.stop))]

    async def search(self, fleet: str | None, text: str, limit: int) -> list[FoundStop]:
        """Return the stops, newest routes first, whose order, recipient, phone or address contains all words.

        At most `MAX_FOUND`, of the newest `SEARCHED_DAYS`; none if there is no word to look for.
        """
        wanted, limit = words(text), min(limit, MAX_FOUND)
        if not wanted:
            return []
        # instr, and not LIKE: what is asked is looked for as it is, with no signs of a special meaning
        every = and_(*(func.instr(ROUTE_STOPS.c.searched, word) > 0 for word in wanted), _in(ROUTE_STOPS, fleet))
        found: list[FoundStop] = []
        for first, last in _spans(await self._days()):
            found += await self._found(and_(ROUTE_STOPS.c.date.between(first, last), every), limit - len(found))
            if len(found) >= limit:
                break
        return found

    async def with_order(self, fleet: str, order: str) -> list[FoundStop]:
        """Return the stops with exactly this order reference, those of the newest routes first."""
        return await self._found(and_(ROUTE_STOPS.c.order_reference == order, ROUTE_STOPS.c.fleet == fleet), MAX_FOUND)

    async def save_tap(self, key: RouteKey, stop: str, tap: Tap, received: int) -> None:
        """Keep a word on a stop; one whose id is known is kept once."""
        values = rows.tap_values(key, stop, tap, received)
        await self._thread.write(lambda connection: connection.execute(_KEEP_TAP, values))

    async def taps(self, key: RouteKey) -> list[StoredTap]:
        """Return the words on a route's stops in the order in which they came."""
        kept = select(TAPS.c.stop, TAPS.c.tap, TAPS.c.received).where(_of(TAPS, key))
        return [rows.stored_tap(row) for row in await self._rows(kept.order_by(TAPS.c.received, TAPS.c.id))]

    async def unjournalled(self) -> list[RouteRecord | TapRecord]:
        """Return what is kept and not known to be journalled, oldest first, versions before taps; some at a time."""
        return await self._thread.read(_unjournalled)

    async def journalled(self, records: Sequence[RouteRecord | TapRecord]) -> None:
        """Remember that these are journalled."""
        await self._thread.write(lambda connection: _mark(connection, records))

    async def _rows(self, question: Select[Any]) -> Collection[Any]:
        return await self._thread.read(lambda connection: connection.execute(question).all())

    async def _days(self) -> list[str]:
        """Return the newest days that have routes, newest first."""
        days = select(ROUTE_VERSIONS.c.date).distinct().order_by(ROUTE_VERSIONS.c.date.desc()).limit(SEARCHED_DAYS)
        return [row.date for row in await self._rows(days)]

    async def _found(self, which: ColumnElement[bool], limit: int) -> list[FoundStop]:
        columns = [ROUTE_STOPS.c[name] for name in ("date", "fleet", "route", "stop")]
        newest_first = select(*columns).where(which).order_by(*(column.desc() for column in columns)).limit(limit)
        found = newest_first.subquery()
        same = [ROUTE_STOPS.c[name] == found.c[name] for name in ("fleet", "route", "stop")]
        with_details = select(found, ROUTE_STOPS.c.details, ROUTE_STOPS.c.erased).join(ROUTE_STOPS, and_(*same))
        in_order = with_details.order_by(found.c.date.desc(), found.c.fleet, found.c.route, found.c.stop)
        rows_found = await self._rows(in_order)
        return [_found_stop(row) for row in rows_found]

    async def _plan(self, question: Select[Any]) -> RoutePlan | None:
        found = await self._rows(question)
        return next((rows.plan_of(row.plan) for row in found), None)


def _of(table: Table, key: RouteKey) -> ColumnElement[bool]:
    return and_(table.c.fleet == key.fleet, table.c.route == key.route)


def _found_stop(row: Row[Any]) -> FoundStop:
    return FoundStop(RouteKey(row.fleet, row.route), rows.details_of(row.details), row.erased)


def _in(table: Table, fleet: str | None) -> ColumnElement[bool]:
    return table.c.fleet == table.c.fleet if fleet is None else table.c.fleet == fleet


def _spans(days: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the first and the last of some days at a time; `days` are newest first, as the spans are."""
    for start in range(0, len(days), DAYS_AT_ONCE):
        span = days[start : start + DAYS_AT_ONCE]
        yield span[-1], span[0]


def _save(connection: Connection, versions: Sequence[rows.Values], stops: Sequence[rows.Values]) -> None:
    for values in versions:
        if not _is_kept(connection, values):
            connection.execute(ROUTE_VERSIONS.insert(), values)
    if stops:
        gone = displaced(connection, stops)
        connection.execute(_KEEP_STOP, stops)
        part(connection, gone)


def _is_kept(connection: Connection, values: rows.Values) -> bool:
    """Whether the very version is there already; raises `VersionTaken` if its number is another's, or behind it."""
    key, version = RouteKey(values["fleet"], values["route"]), values["version"]
    columns = (ROUTE_VERSIONS.c.version, ROUTE_VERSIONS.c.plan)
    not_older = select(*columns).where(_of(ROUTE_VERSIONS, key), ROUTE_VERSIONS.c.version >= version)
    kept = {row.version: row.plan for row in connection.execute(not_older)}
    if kept and kept.get(version) != values["plan"]:
        raise VersionTaken(f"route {key} has version {max(kept)} already, so {version} is taken")
    return bool(kept)


def _keys(connection: Connection, fleet: str | None, date: str) -> list[RouteKey]:
    newest = func.max(ROUTE_VERSIONS.c.version).label("version")
    columns = (ROUTE_VERSIONS.c.fleet, ROUTE_VERSIONS.c.route)
    once = select(*columns).where(ROUTE_VERSIONS.c.date == date, _in(ROUTE_VERSIONS, fleet)).distinct().subquery()
    newest_of = (
        select(*columns, newest)
        .join(once, and_(ROUTE_VERSIONS.c.fleet == once.c.fleet, ROUTE_VERSIONS.c.route == once.c.route))
        .group_by(*columns)
        .subquery()
    )
    same = [ROUTE_VERSIONS.c[name] == newest_of.c[name] for name in ("fleet", "route", "version")]
    of_date = select(*columns).join(newest_of, and_(*same)).where(ROUTE_VERSIONS.c.date == date).order_by(*columns)
    return [RouteKey(row.fleet, row.route) for row in connection.execute(of_date)]


def _unjournalled(connection: Connection) -> list[RouteRecord | TapRecord]:
    versions = _open_rows(connection, ROUTE_VERSIONS, ROUTE_VERSIONS.c.issued, rows.route_record)
    if len(versions) == JOURNAL_AT_ONCE:
        return [*versions]  # a tap may be on a version that is still to come
    return [*versions, *_open_rows(connection, TAPS, TAPS.c.received, rows.tap_record)]


def _open_rows(
    connection: Connection, table: Table, age: ColumnElement[int], read: Callable[[Any], Result]
) -> list[Result]:
    some = select(table).where(table.c.journalled.is_(None)).order_by(age, *table.primary_key).limit(JOURNAL_AT_ONCE)
    return [read(row) for row in connection.execute(some)]


def _mark(connection: Connection, records: Sequence[RouteRecord | TapRecord]) -> None:
    for record in records:
        table = ROUTE_VERSIONS if isinstance(record, RouteRecord) else TAPS
        connection.execute(update(table).where(_is(record)).values(journalled=record.received))


def _is(record: RouteRecord | TapRecord) -> ColumnElement[bool]:
    if isinstance(record, RouteRecord):
        return and_(_of(ROUTE_VERSIONS, record.plan.key), ROUTE_VERSIONS.c.version == record.plan.version)
    return and_(_of(TAPS, record.key), TAPS.c.id == record.tap.id)
