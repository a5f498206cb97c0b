"""Ways by a real Valhalla on the streets of central Helsinki."""

import pytest

from gateway.adapters.routing.valhalla import Valhalla, ValhallaOptions
from gateway.clock import SystemClock
from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import decode
from gateway.domain.route import LegSource, Place, RouteKey
from gateway.planning.edits import Cancel, Replan
from gateway.ports import ServiceAway
from gateway.stages.dispatch import Dispatch
from tests.fixtures.require import free_port
from tests.fixtures.route_files import json_file, route

STATION, CATHEDRAL, MARKET = Place(60.1706, 24.9417), Place(60.1702, 24.9522), Place(60.1675, 24.9525)
DOORS = [
    STATION,
    CATHEDRAL,
    MARKET,
    Place(60.1687, 24.9416),
    Place(60.1725, 24.9470),
    Place(60.1699, 24.9384),
    Place(60.1666, 24.9435),
]


@pytest.fixture
async def router(valhalla):
    options = ValhallaOptions(url=valhalla.url, max_places=valhalla.max_places)
    router = Valhalla(options)
    yield router
    await router.close()


def near(one, other, within_m=60.0):
    return distance_m(*one, *other) < within_m


async def test_a_way_runs_along_streets_from_door_to_door(router):
    (leg,) = (await router.way([STATION, MARKET])).legs

    assert near(leg.line[0], STATION)
    assert near(leg.line[-1], MARKET)
    assert distance_m(*STATION, *MARKET) < leg.m < 3 * distance_m(*STATION, *MARKET)
    assert Path.of(leg.line).length_m == pytest.approx(leg.m, rel=0.02)
    assert 1.5 < leg.m / (leg.ms / 1000) < 15


async def test_a_long_route_is_asked_for_in_parts(router, valhalla):
    assert len(DOORS) > valhalla.max_places
    legs = (await router.way(DOORS)).legs

    assert len(legs) == len(DOORS) - 1
    for leg, begin, end in zip(legs, DOORS, DOORS[1:], strict=False):
        assert near(leg.line[0], begin)
        assert near(leg.line[-1], end)


async def test_two_stops_at_one_door_are_no_drive(router):
    legs = (await router.way([STATION, MARKET, MARKET, STATION])).legs

    assert len(legs) == 3
    assert legs[1].m < 1
    assert legs[1].line


async def test_a_place_without_roads_is_named(router):
    with pytest.raises(ServiceAway, match="No suitable edges"):
        await router.way([STATION, Place(50.0, 24.9)])


async def test_a_server_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr("gateway.adapters.json_service.PAUSES_S", (0.0,))
    router = Valhalla(ValhallaOptions(url=f"http://127.0.0.1:{free_port()}"))

    with pytest.raises(ServiceAway, match="cannot be asked"):
        await router.way([STATION, MARKET])
    await router.close()


async def test_a_file_is_planned_on_roads_and_keeps_them_through_an_edit(router, route_book):
    stops = [{"order": f"A{at}", "lat": place.lat, "lon": place.lon} for at, place in enumerate(DOORS[1:], 1)]
    file = json_file(route(*stops, depot_lat=STATION.lat, depot_lon=STATION.lon))
    dispatch = Dispatch(route_book, None, router, SystemClock(), lambda: None)
    key = RouteKey("main", "2026-11-24_van-1")

    first, again = await dispatch.bring(file), await dispatch.bring(file)
    plan = await route_book.newest(key)
    edited = await dispatch.edit(key, 1, [Cancel(stop="A3"), Replan(stop="A1")])

    assert (first.outcome, again.outcome, first.routes[0].leg_source) == ("imported", "unchanged", LegSource.ROUTER)
    for version in (plan, edited):
        path = Path.of(decode(version.geometry))
        served = [one for one in version.stops if not one.cancelled]
        assert all(near(path.at(one.along_m), one.place) for one in served)
        assert [one.along_m for one in served] == sorted(one.along_m for one in served)
        assert near(path.at(0), STATION)
        assert near(path.at(path.length_m), STATION)
        assert path.length_m == pytest.approx(sum(one.leg_m for one in served) + version.back_m, rel=0.02)
    assert [one.leg_ms for one in edited.stops[:2]] == [one.leg_ms for one in plan.stops[:2]]


async def test_a_stop_where_the_map_ends_is_not_moved_to_the_next_road(router, route_book):
    stops = [{"order": "A1", "lat": 60.1702, "lon": 24.9522}, {"order": "A2", "lat": 60.10, "lon": 24.95}]
    report = await Dispatch(route_book, None, router, SystemClock(), lambda: None).bring(json_file(route(*stops)))

    assert report.routes[0].leg_source is LegSource.CROW_FLIES
    assert "no road within 1000 m of 60.1, 24.95" in report.notes[0].note
