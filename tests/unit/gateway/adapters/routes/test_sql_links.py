"""One link an order, the same at every look, and a new generation when it is renewed."""

from contextlib import closing

import pytest

from gateway.adapters.operations import links as links_module
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.links import SqlLinks


@pytest.fixture
def links(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield SqlLinks(thread)


async def test_an_order_has_one_link_in_its_fleet(links):
    made = await links.get_or_make("main", "A-1")
    assert await links.get_or_make("main", "A-1") == made
    assert (await links.get_or_make("south", "A-1")).id != made.id
    assert (made.fleet, made.order, made.generation) == ("main", "A-1", 1)
    assert len(made.id) == 12


async def test_many_orders_at_once_are_those_known_and_those_new(links, monkeypatch):
    monkeypatch.setattr(links_module, "SUBJECTS_A_QUESTION", 3)
    known = await links.get_or_make("main", "A-4")
    orders = [f"A-{number}" for number in range(10)]
    found = await links.of_orders("main", orders)
    assert set(found) == set(orders)
    assert found["A-4"] == known
    assert len({link.id for link in found.values()}) == 10
    assert await links.of_orders("main", orders) == found
    assert await links.of_orders("main", []) == {}


async def test_it_is_found_by_its_id_alone(links):
    made = await links.get_or_make("main", "A-1")
    assert await links.by_id(made.id) == made
    assert await links.by_id("A-1") is None


async def test_renewing_keeps_the_id_and_raises_the_generation(links):
    made = await links.get_or_make("main", "A-1")
    assert await links.renew("main", "A-1") == made._replace(generation=2)
    assert await links.by_id(made.id) == made._replace(generation=2)
    assert (await links.renew("main", "new")).generation == 2
