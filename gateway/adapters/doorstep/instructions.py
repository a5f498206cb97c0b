"""What customers ask of drivers; satisfies `ports.Instructions`. A row a stop at which somebody asked.

An order's reference may become somebody else's. What was asked at a stop is therefore of whoever is there: it is shown
there, and at another attempt of the order if a name, a number or an e-mail is the same.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, and_, delete, select, text

from gateway.adapters.operations.schema import ROUTE_STOPS, STOP_INSTRUCTIONS
from gateway.adapters.operations.thread import OperationsThread
from gateway.domain.route import RouteKey
from gateway.planning.details import StopDetails
from gateway.planning.people import contacts_of
from gateway.ports import Instruction

_KEEP = text(
    "INSERT INTO stop_instructions (fleet, route, stop, order_reference, instruction, written) "
    "VALUES (:fleet, :route, :stop, :order, :text, :written) ON CONFLICT (fleet, route, stop) DO UPDATE SET "
    "order_reference = excluded.order_reference, instruction = excluded.instruction, written = excluded.written"
)

_HERE, _THERE = ROUTE_STOPS.alias("here"), ROUTE_STOPS.alias("there")
_ASKED = STOP_INSTRUCTIONS.c
_OF_ONE_ORDER = and_(_ASKED.fleet == _HERE.c.fleet, _ASKED.order_reference == _HERE.c.order_reference)
_WHERE_ASKED = and_(*(_ASKED[name] == _THERE.c[name] for name in ("fleet", "route", "stop", "order_reference")))
_FOUND = (
    select(STOP_INSTRUCTIONS, _HERE.c.stop.label("at"), _HERE.c.details.label("here"), _THERE.c.details.label("there"))
    .join(_HERE, _OF_ONE_ORDER)
    .join(_THERE, _WHERE_ASKED)
    .order_by(_ASKED.written)
)

_details = msgspec.json.Decoder(StopDetails)


class SqlInstructions:
    """Instructions in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def write(self, key: RouteKey, stop: str, instruction: Instruction) -> None:
        """Keep it at a stop in place of the one before; an empty text takes back all that is shown there."""
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
        same = and_(_ASKED.fleet == row.fleet, _ASKED.route == row.route, _ASKED.stop == row.stop)
        connection.execute(delete(STOP_INSTRUCTIONS).where(same))


def _shown(connection: Connection, key: RouteKey) -> Iterator[Row[Any]]:
    """Yield what is asked at each stop of a route, by the one who is there, oldest first."""
    for row in connection.execute(_FOUND.where(_HERE.c.fleet == key.fleet, _HERE.c.route == key.route)).all():
        if (row.route, row.stop) == (key.route, row.at) or _contacts(row.here) & _contacts(row.there):
            yield row


def _contacts(details: str) -> frozenset[str]:
    """Return who is known at a stop; nobody if its row is damaged."""
    try:
        return contacts_of(_details.decode(details))
    except msgspec.DecodeError:
        return frozenset()
