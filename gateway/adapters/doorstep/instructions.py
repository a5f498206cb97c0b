"""What customers ask of drivers; satisfies `ports.Instructions`."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, and_, delete, select, text

from gateway.adapters.operations.schema import INSTRUCTIONS
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import Instruction

ORDERS_A_QUESTION = 500
"""Orders looked up at once: databases limit the values of one statement."""

_KEEP = text(
    "INSERT INTO instructions (fleet, order_reference, instruction, written) "
    "VALUES (:fleet, :order, :text, :written) ON CONFLICT (fleet, order_reference) "
    "DO UPDATE SET instruction = excluded.instruction, written = excluded.written"
)


class SqlInstructions:
    """Instructions in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread

    async def write(self, instruction: Instruction) -> None:
        """Keep it in place of the one before; an empty text takes it back."""
        await self._thread.write(lambda connection: _write(connection, instruction))

    async def of_orders(self, fleet: str, orders: Collection[str]) -> Mapping[str, Instruction]:
        """Return those that there are."""
        return await self._thread.read(lambda connection: _found(connection, fleet, list(orders)))


def _write(connection: Connection, instruction: Instruction) -> None:
    if instruction.text:
        connection.execute(_KEEP, instruction._asdict())
        return
    of = and_(INSTRUCTIONS.c.fleet == instruction.fleet, INSTRUCTIONS.c.order_reference == instruction.order)
    connection.execute(delete(INSTRUCTIONS).where(of))


def _found(connection: Connection, fleet: str, orders: list[str]) -> dict[str, Instruction]:
    parts = (orders[start : start + ORDERS_A_QUESTION] for start in range(0, len(orders), ORDERS_A_QUESTION))
    of_fleet = select(INSTRUCTIONS).where(INSTRUCTIONS.c.fleet == fleet)
    rows = (
        row for part in parts for row in connection.execute(of_fleet.where(INSTRUCTIONS.c.order_reference.in_(part)))
    )
    return {
        row.order_reference: Instruction(row.fleet, row.order_reference, row.instruction, row.written) for row in rows
    }
