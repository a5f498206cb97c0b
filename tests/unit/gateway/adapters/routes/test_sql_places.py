"""An address is asked once; the answer is believed for half a year."""

from contextlib import closing

import pytest

from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.places import KEPT_MS, SqlPlaceCache
from gateway.domain.route import Place
from gateway.ports import Candidate

NOW = 1_773_122_400_000
FOUND = [Candidate(Place(60.17, 24.94), "Mäntykatu 5, Helsinki", 0.9), Candidate(Place(60.2, 24.9), "Mäntykatu", 0.4)]


class Clock:
    now = NOW

    def now_ms(self):
        return self.now


@pytest.fixture
def cache(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield SqlPlaceCache(thread, Clock())


async def test_an_answer_is_recalled_however_the_address_is_written(cache):
    await cache.remember("nominatim", "Mäntykatu 5,  Helsinki", FOUND, NOW)
    assert await cache.recall("nominatim", "mäntykatu 5, helsinki ") == FOUND
    assert await cache.recall("nominatim", "Mäntykatu 6, Helsinki") is None
    assert await cache.recall("another", "Mäntykatu 5, Helsinki") is None


async def test_that_there_is_no_such_place_is_an_answer_too(cache):
    await cache.remember("nominatim", "Nowhere 1", [], NOW)
    assert await cache.recall("nominatim", "Nowhere 1") == []


async def test_a_newer_answer_takes_the_place_of_an_older(cache):
    await cache.remember("nominatim", "Mäntykatu 5", [], NOW)
    await cache.remember("nominatim", "Mäntykatu 5", FOUND, NOW + 1)
    assert await cache.recall("nominatim", "Mäntykatu 5") == FOUND


async def test_an_old_answer_is_not_believed_and_goes(cache, monkeypatch):
    await cache.remember("nominatim", "Mäntykatu 5", FOUND, NOW)
    monkeypatch.setattr(Clock, "now", NOW + KEPT_MS)
    assert await cache.recall("nominatim", "Mäntykatu 5") is None
    assert await cache.forget(NOW) == 0
    assert await cache.forget(NOW + 1) == 1
