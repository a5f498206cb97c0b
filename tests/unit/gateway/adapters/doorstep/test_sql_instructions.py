"""What a customer asks of the driver: the newest words for an order of a fleet."""

from contextlib import closing

import pytest

from gateway.adapters.doorstep import instructions as instructions_module
from gateway.adapters.doorstep.instructions import SqlInstructions
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.ports import Instruction


@pytest.fixture
def instructions(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield SqlInstructions(thread)


async def test_the_newest_words_count(instructions):
    await instructions.write(Instruction("main", "ORD-1", "Ring twice", 1))
    newest = Instruction("main", "ORD-1", "Ring once; '); --", 2)
    await instructions.write(newest)
    assert await instructions.of_orders("main", {"ORD-1", "ORD-2"}) == {"ORD-1": newest}
    assert await instructions.of_orders("south", {"ORD-1"}) == {}


async def test_an_empty_text_takes_them_back(instructions):
    await instructions.write(Instruction("main", "ORD-1", "Ring twice", 1))
    await instructions.write(Instruction("main", "ORD-1", "", 2))
    assert await instructions.of_orders("main", ["ORD-1"]) == {}


async def test_many_orders_are_asked_for_in_parts(instructions, monkeypatch):
    monkeypatch.setattr(instructions_module, "ORDERS_A_QUESTION", 2)
    for number in range(5):
        await instructions.write(Instruction("main", f"ORD-{number}", "x", 1))
    assert len(await instructions.of_orders("main", [f"ORD-{number}" for number in range(9)])) == 5
    assert await instructions.of_orders("main", []) == {}
