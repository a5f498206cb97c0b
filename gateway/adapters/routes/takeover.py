"""What becomes of a customer's link and words when the next version of a plan gives their stop to somebody else.

Planners that number from 1 to n give a stop's name, or an order's reference, to whoever is there in the next plan.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select, text

from gateway.adapters.operations.schema import ROUTE_STOPS, STOP_INSTRUCTIONS
from gateway.adapters.routes import rows
from gateway.adapters.routes.people import KnownStop, Order, by_order, of_order, read_stop, renew_link
from gateway.domain.route import RouteKey
from gateway.planning.people import are_others, contacts_of, is_taken_over

_MOVE = text(
    "INSERT INTO stop_instructions (fleet, route, stop, order_reference, instruction, written) "
    "VALUES (:fleet, :route, :stop, :order_reference, :instruction, :written) ON CONFLICT DO NOTHING"
)


def displaced(connection: Connection, stops: Iterable[rows.Values]) -> list[KnownStop]:
    """Return the stops, as they are kept, that these rows give to another order or to somebody else."""
    coming = {(values["fleet"], values["route"], values["stop"]): values["details"] for values in stops}
    routes = sorted({RouteKey(fleet, route) for fleet, route, _ in coming})
    return [stop for key in routes for stop in _displaced_of(connection, key, coming)]


def part(connection: Connection, gone: Sequence[KnownStop]) -> None:
    """Take the words of who was at these stops away from them, and their links from who has their orders now.

    Words go along to where the same person is on the route; a link stays while nobody else is known at its order.
    """
    taken = [(stop, words) for stop in gone for words in _taken(connection, stop)]
    now = {key: by_order(_stops_of(connection, key)) for key in {stop.key for stop, _ in taken}}
    for stop, words in taken:
        _move(connection, stop, words, now[stop.key])
    for order, theirs in by_order(gone).items():
        if not _is_theirs(connection, order, theirs):
            renew_link(connection, order)


def _displaced_of(
    connection: Connection, key: RouteKey, coming: Mapping[tuple[str, str, str], str]
) -> Iterable[KnownStop]:
    kept = select(ROUTE_STOPS).where(ROUTE_STOPS.c.fleet == key.fleet, ROUTE_STOPS.c.route == key.route)
    for row in connection.execute(kept).all():
        details = coming.get((*key, row.stop), row.details)
        if details != row.details and is_taken_over(read_stop(row).details, rows.details_of(details)):
            yield read_stop(row)


def _taken(connection: Connection, stop: KnownStop) -> Sequence[Row[Any]]:
    asked = STOP_INSTRUCTIONS.c
    here = and_(asked.fleet == stop.key.fleet, asked.route == stop.key.route, asked.stop == stop.details.stop)
    words = connection.execute(select(STOP_INSTRUCTIONS).where(here)).all()
    connection.execute(delete(STOP_INSTRUCTIONS).where(here))
    return words


def _stops_of(connection: Connection, key: RouteKey) -> list[KnownStop]:
    of_route = (ROUTE_STOPS.c.fleet == key.fleet, ROUTE_STOPS.c.route == key.route, ROUTE_STOPS.c.erased.is_(None))
    return [read_stop(row) for row in connection.execute(select(ROUTE_STOPS).where(*of_route)).all()]


def _move(connection: Connection, stop: KnownStop, words: Row[Any], now: Mapping[Order, Sequence[KnownStop]]) -> None:
    known = contacts_of(stop.details)
    for other in now.get(Order(stop.key.fleet, words.order_reference), ()):
        if words.order_reference == stop.details.order and known & contacts_of(other.details):
            connection.execute(_MOVE, {**words._asdict(), "stop": other.details.stop})


def _is_theirs(connection: Connection, order: Order, gone: Iterable[KnownStop]) -> bool:
    """Whether the order still has a stop, and none that is known to be somebody else's."""
    kept = select(ROUTE_STOPS).where(of_order(order), ROUTE_STOPS.c.erased.is_(None))
    named = [stop.details for stop in gone if contacts_of(stop.details)]
    is_anywhere = False
    for row in connection.execute(kept if named else kept.limit(1)):  # no further than to the first stranger
        if any(are_others(details, read_stop(row).details) for details in named):
            return False
        is_anywhere = True
    return is_anywhere
