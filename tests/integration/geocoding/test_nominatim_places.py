"""Nominatim's answers, as its server gives them (`/search`, jsonv2 with address details)."""

import asyncio

import pytest

from gateway.adapters import json_service
from gateway.adapters.geocoding.nominatim import Nominatim, NominatimOptions
from gateway.adapters.geocoding.pace import Pace
from gateway.clock import SystemClock
from gateway.domain.route import Place
from gateway.ports import ServiceAway

HOUSE = {
    "place_id": 1,
    "osm_type": "way",
    "lat": "60.1708",
    "lon": "24.9414",
    "category": "building",
    "type": "yes",
    "place_rank": 30,
    "importance": 0.00009,
    "addresstype": "building",
    "name": "",
    "display_name": "1, Kaivokatu, Keskusta, Helsinki, 00100, Suomi",
    "address": {"house_number": "1", "road": "Kaivokatu", "city": "Helsinki"},
}
KIOSK = {**HOUSE, "category": "shop", "type": "kiosk", "address": {"shop": "Kiosk", "road": "Kaivokatu"}}
STREET = {**HOUSE, "place_rank": 26, "type": "primary", "address": {"road": "Kaivokatu"}}
TOWN = {**HOUSE, "place_rank": 16, "address": {"city": "Helsinki"}}


class Remembered(dict):
    """A cache in memory."""

    async def recall(self, geocoder, address):
        return self.get((geocoder, address))

    async def remember(self, geocoder, address, candidates, now):
        self[geocoder, address] = list(candidates)


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(json_service, "PAUSES_S", (0.0, 0.0))


@pytest.fixture
async def geocoder(stand_in):
    options = NominatimOptions(url=stand_in.url, user_agent="Test Deliveries", per_second=1000, countries=["fi", "ee"])
    geocoder = Nominatim(options, Remembered(), SystemClock())
    yield geocoder
    await geocoder.close()


async def test_a_house_is_found_and_its_quality_is_what_it_is(geocoder, stand_in):
    stand_in.answers = [(200, [TOWN, STREET, KIOSK, HOUSE])]
    found = await geocoder.find("Kaivokatu 1")

    assert [candidate.quality for candidate in found] == [1.0, 0.7, 0.5, 0.3]
    assert found[0].place == Place(60.1708, 24.9414)
    assert found[0].label == HOUSE["display_name"]


async def test_it_is_asked_as_its_policy_demands(geocoder, stand_in):
    stand_in.answers = [(200, [])]
    await geocoder.find("  Kaivokatu\n 1 ")

    (request,) = stand_in.requests
    assert (request.path, request.headers["User-Agent"]) == ("/search", "Test Deliveries")
    assert dict(request.query) == {
        "format": "jsonv2",
        "q": "Kaivokatu 1",
        "limit": "5",
        "addressdetails": "1",
        "accept-language": "en",
        "countrycodes": "fi,ee",
    }


@pytest.mark.parametrize("answer", [[HOUSE], []])
async def test_an_answer_is_remembered_an_empty_one_too(geocoder, stand_in, answer):
    stand_in.answers = [(200, answer)]
    assert await geocoder.find("Kaivokatu 1") == await geocoder.find(" Kaivokatu  1")
    assert len(stand_in.requests) == 1


@pytest.mark.parametrize(
    "answer", [(403, b"blocked"), (500, b""), (200, b"{}"), (200, b"no JSON"), (503, b"busy"), (301, b"")]
)
async def test_a_refusal_is_named_and_not_remembered(geocoder, stand_in, answer):
    stand_in.answers = [answer]
    with pytest.raises(ServiceAway, match="the geocoder"):
        await geocoder.find("Kaivokatu 1")

    stand_in.answers = [(200, [HOUSE])]
    assert len(await geocoder.find("Kaivokatu 1")) == 1


async def test_places_that_are_none_are_left_out(geocoder, stand_in):
    stand_in.answers = [(200, [{**HOUSE, "lat": "x"}, {**HOUSE, "lat": "91"}, {**HOUSE, "lon": "nan"}, HOUSE])]

    assert len(await geocoder.find("Kaivokatu 1")) == 1


async def test_the_pace_is_kept():
    pace, loop = Pace(per_second=50), asyncio.get_running_loop()
    begin = loop.time()
    await asyncio.gather(*(pace.wait() for _ in range(6)))

    assert loop.time() - begin >= 0.099
