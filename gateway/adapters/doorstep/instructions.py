"""What customers ask of drivers; satisfies `ports.Instructions`. A row a stop at which somebody asked.

An order's reference may become somebody else's. What was asked at a stop is therefore of whoever is there: it is shown
there, and at another attempt of the order if a name, a number or an e-mail is the same.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, delete, text

from gateway.adapters.operations.schema import STOP_INSTRUCTIONS
from gateway.adapters.operations.thread import OperationsThread
from gateway.domain.route import RouteKey
from gateway.planning.details import StopDetails
from gateway.planning.people import contacts_of
from gateway.ports import Instruction

ATTEMPTS = 10
"""Of an order, how many places are looked at where words were written last. An order has some three attempts; where a
reference is somebody else's each day, words that are older than these are shown at their own stop alone."""

_KEEP = text(
    "INSERT INTO stop_instructions (fleet, route, stop, order_reference, instruction, written) "
    "SELECT fleet, route, stop, order_reference, :text, :written FROM route_stops "
    "WHERE fleet = :fleet AND route = :route AND stop = :stop AND order_reference = :order AND erased IS NULL "
    "ON CONFLICT (fleet, route, stop) DO UPDATE SET "
    "order_reference = excluded.order_reference, instruction = excluded.instruction, written = excluded.written"
)

# CROSS JOIN and `|| ''` keep SQLite to this order of tables and indexes: its guess walks all words of the fleet, or
# all stops that ever had the reference.
_SHOWN = text(
    "SELECT asked.fleet, asked.route, asked.stop, asked.order_reference, asked.instruction, asked.written, "
    "here.stop AS at, here.details AS here, here.details AS there "
    "FROM stop_instructions asked CROSS JOIN route_stops here "
    "WHERE asked.fleet = :fleet AND asked.route = :route AND here.fleet = asked.fleet AND here.route = asked.route "
    "AND here.stop = asked.stop AND here.order_reference || '' = asked.order_reference "
    "UNION ALL "
    "SELECT asked.fleet, asked.route, asked.stop, asked.order_reference, asked.instruction, asked.written, "
    "here.stop, here.details, there.details "
    "FROM route_stops here CROSS JOIN stop_instructions asked CROSS JOIN route_stops there "
    "WHERE here.fleet = :fleet AND here.route = :route "
    "AND asked.order_reference = here.order_reference AND asked.fleet = here.fleet "
    "AND asked.written >= COALESCE((SELECT last.written FROM stop_instructions last "
    "WHERE last.order_reference = here.order_reference AND last.fleet = here.fleet "
    "ORDER BY last.written DESC LIMIT 1 OFFSET :others), 0) "
    "AND (asked.route <> here.route OR asked.stop <> here.stop) "
    "AND there.fleet = asked.fleet AND there.route = asked.route AND there.stop = asked.stop "
    "AND there.order_reference || '' = asked.order_reference "
    "ORDER BY 6"
)

_details = msgspec.json.Decoder(StopDetails)


class SqlInstructions:
    """Instructions in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def write(self, key: RouteKey, stop: str, instruction: Instruction) -> None:
        """Keep it at a stop in place of the one before; an empty text takes back all that is shown there.

        Nothing is kept at a stop that is another order's by now, or whose person was erased.
        """
        await self._thread.write(lambda connection: _write(connection, key, stop, instruction))

    async def of_route(self, key: RouteKey) -> dict[str, Instruction]:
        """Return what is asked at a route's stops, by their names; of several the newest."""
        rows = await self._thread.read(lambda connection: list(_shown(connection, key)))
        return {row.at: Instruction(row.fleet, row.order_reference, row.instruction, row.written) for row in rows}


def _write(connection: Connection, key: RouteKey, stop: str, instruction: Instruction) -> None:
    if instruction.text:
        where = {"fleet": key.fleet, "route": key.route, "stop": stop}
        connection.execute(_KEEP, {**instruction._asdict(), **where})
        return
    for row in [row for row in _shown(connection, key) if row.at == stop]:
        asked = STOP_INSTRUCTIONS.c
        same = and_(asked.fleet == row.fleet, asked.route == row.route, asked.stop == row.stop)
        connection.execute(delete(STOP_INSTRUCTIONS).where(same))


def _shown(connection: Connection, key: RouteKey) -> Iterator[Row[Any]]:
    """Yield what is asked at each stop of a route, by the one who is there, oldest first."""
    here: dict[str, frozenset[str]] = {}
    for row in connection.execute(_SHOWN, {"fleet": key.fleet, "route": key.route, "others": ATTEMPTS - 1}).all():
        if row.at not in here:
            here[row.at] = _contacts(row.here)
        if (row.route, row.stop) == (key.route, row.at) or here[row.at] & _contacts(row.there):
            yield row


def _contacts(details: str) -> frozenset[str]:
    """Return who is known at a stop; nobody if its row is damaged."""
    try:
        return contacts_of(_details.decode(details))
    except msgspec.DecodeError:
        return frozenset()
