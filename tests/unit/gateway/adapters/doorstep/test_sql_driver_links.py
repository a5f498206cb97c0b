"""One link a driver, the same at every look, and a new generation when it is renewed."""

from contextlib import closing

import pytest

from gateway.adapters.doorstep.driver_links import SqlDriverLinks
from gateway.adapters.operations import links as links_module
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread


@pytest.fixture
def links(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield SqlDriverLinks(thread)


async def test_a_driver_has_one_link_in_their_fleet(links):
    made = await links.get_or_make("main", "Kim Å. Laine")
    assert (made.fleet, made.driver, made.generation, len(made.id)) == ("main", "Kim Å. Laine", 1, 12)
    assert await links.get_or_make("main", "Kim Å. Laine") == made
    assert (await links.get_or_make("south", "Kim Å. Laine")).id != made.id
    assert (await links.get_or_make("main", "kim å. laine")).id != made.id


async def test_many_drivers_at_once_are_those_known_and_those_new(links, monkeypatch):
    monkeypatch.setattr(links_module, "SUBJECTS_A_QUESTION", 3)
    known = await links.get_or_make("main", "D4")
    drivers = [f"D{number}" for number in range(10)]
    found = await links.of_drivers("main", drivers)
    assert set(found) == set(drivers)
    assert found["D4"] == known
    assert len({link.id for link in found.values()}) == 10
    assert await links.of_drivers("main", drivers) == found
    assert await links.of_drivers("main", []) == {}


async def test_it_is_found_by_its_id_alone(links):
    made = await links.get_or_make("main", "Kim")
    assert await links.by_id(made.id) == made
    assert await links.by_id("another") is None


async def test_renewing_raises_the_generation_of_that_link_alone(links):
    other = await links.get_or_make("main", "Lee")
    assert (await links.renew("main", "Kim")).generation == 2
    renewed = await links.renew("main", "Kim")
    assert renewed.generation == 3
    assert await links.by_id(renewed.id) == renewed
    assert await links.get_or_make("main", "Lee") == other
