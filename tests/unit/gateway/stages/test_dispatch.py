"""Imports, edits and taps come into the route book, all or nothing."""

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from gateway.domain.calibration import Calibration
from gateway.domain.route import LegSource, Place, RouteKey
from gateway.domain.stop import Said, Tap, Teller
from gateway.planning.edits import Add, Cancel, EditRefused, NewStop, Reassign, Refusal, Reorder, Replan, Withdraw
from gateway.ports import Candidate, OperationsAway, RoadLeg, RoadWay, ServiceAway, VersionTaken
from gateway.stages.dispatch import Dispatch, StaleVersion, UnknownRoute, UnknownStop
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.route_files import EIGHT, csv_file, json_file, route, stop

KEY = RouteKey("main", "2026-11-24_van-1")
HOUSE = Candidate(Place(60.171, 24.943), "Kaivokatu 1", 1.0)
STREET = Candidate(Place(60.171, 24.943), "Kaivokatu", 0.5)


class HandClock:
    def __init__(self):
        self.now = EIGHT

    def now_ms(self):
        self.now += 1
        return self.now

    async def sleep(self, seconds):
        raise AssertionError("nothing here waits")


class Gazetteer:
    def __init__(self, **places):
        self.places, self.asked, self.away = places, [], False

    async def find(self, address):
        self.asked.append(address)
        if self.away:
            raise ServiceAway("the geocoder sleeps")
        return self.places.get(address, [])


class Roads:
    """Goes by a corner between each two places."""

    def __init__(self):
        self.asked, self.away = [], False

    async def way(self, places):
        self.asked.append(len(places))
        if self.away:
            raise ServiceAway("the router sleeps")
        corners = [(a, Place(a.lat, b.lon), b) for a, b in pairwise(places)]
        return RoadWay([RoadLeg(300.0, 45_000, line) for line in corners])


class World:
    def __init__(self, book, geocoder=None, router=None):
        self.book, self.geocoder, self.router, self.pokes = book, geocoder, router, 0
        self.dispatch = Dispatch(book, geocoder, router, HandClock(), self.poke)

    def poke(self):
        self.pokes += 1

    async def plan(self, key=KEY):
        return await self.book.newest(key)


@pytest.fixture
def world(route_book):
    return World(route_book)


@pytest.fixture
def roads(route_book):
    return World(route_book, router=Roads())


def outcomes(report):
    return report.outcome, [(one.version, one.outcome) for one in report.routes]


async def test_a_file_is_imported_once(world):
    assert outcomes(await world.dispatch.bring(json_file())) == ("imported", [(1, "new")])
    assert outcomes(await world.dispatch.bring(json_file())) == ("unchanged", [(1, "unchanged")])
    assert (world.book.saves, world.pokes) == (1, 1)
    assert [details.stop for details in await world.book.details(KEY)] == ["A1", "A2", "A3"]


async def test_a_changed_file_is_the_next_version(world):
    await world.dispatch.bring(json_file())
    report = await world.dispatch.bring(json_file(route(stop(1), stop(3), stop(4))))

    assert outcomes(report) == ("imported", [(2, "changed")])
    assert [(one.stop, one.cancelled) for one in (await world.plan()).stops] == [
        ("A1", False),
        ("A3", False),
        ("A4", False),
        ("A2", True),
    ]
    assert (await world.plan()).issued > EIGHT


async def test_what_windows_rest_on_is_stamped_into_each_new_version(route_book):
    def dispatch(learned):
        return Dispatch(route_book, None, None, HandClock(), lambda: None, calibration=learned)

    first, second = (Calibration((0,), (-1,), (1,), origin) for origin in ("in spring", "in summer"))
    await dispatch(first).bring(json_file())
    assert (await route_book.newest(KEY)).calibration == first
    assert (await dispatch(second).edit(KEY, 1, [Cancel(stop="A2")])).calibration == second
    assert (await route_book.version(KEY, 1)).calibration == first


async def test_other_windows_alone_are_no_new_version(route_book):
    for origin in ("in spring", "in summer"):
        learned = Calibration((0,), (-1,), (1,), origin)
        report = await Dispatch(route_book, None, None, HandClock(), lambda: None, calibration=learned).bring(
            json_file()
        )
    assert outcomes(report) == ("unchanged", [(1, "unchanged")])


async def test_whom_a_route_follows_is_stamped_into_each_new_version_and_is_none_by_itself(route_book):
    def dispatch(*sources):
        return Dispatch(route_book, None, None, HandClock(), lambda: None, sources=sources)

    await dispatch("tracker", "phone").bring(json_file())
    report = await dispatch("phone", "tracker").bring(json_file())
    assert outcomes(report) == ("unchanged", [(1, "unchanged")])
    assert (await route_book.newest(KEY)).sources == ("tracker", "phone")
    assert (await dispatch("phone", "tracker").edit(KEY, 1, [Cancel(stop="A2")])).sources == ("phone", "tracker")


async def test_a_changed_name_at_a_door_is_a_version_too(world):
    await world.dispatch.bring(json_file(route(stop(1, phone="1"))))

    assert outcomes(await world.dispatch.bring(json_file(route(stop(1, phone="2"))))) == ("imported", [(2, "changed")])
    assert [details.phone for details in await world.book.details(KEY)] == ["2"]


async def test_of_two_routes_only_the_changed_one_has_a_version_more(world):
    first, second = route(route="a"), route(stop(7), route="b")
    await world.dispatch.bring(json_file(first, second))
    report = await world.dispatch.bring(json_file(first, route(stop(7), stop(8), route="b")))

    assert outcomes(report) == ("imported", [(1, "unchanged"), (2, "changed")])


async def test_one_fault_keeps_everything_out(world):
    report = await world.dispatch.bring(json_file(route(route="a"), route(stop(7, lat="x"), route="b")))

    assert outcomes(report) == ("rejected", [])
    assert [(fault.row, fault.field) for fault in report.faults] == [(4, "routes[1].stops[0].lat")]
    assert (world.book.saves, world.pokes) == (0, 0)


async def test_a_dry_run_keeps_nothing(world):
    assert outcomes(await world.dispatch.bring(json_file(dry_run=True))) == ("preview", [(1, "new")])
    assert (world.book.plans, world.pokes) == ({}, 0)


async def test_a_table_reports_how_it_was_read(world):
    report = await world.dispatch.bring(csv_file("Order,Lat,Lon\nA,60.17,24.94\n"))

    assert [(column.column, column.field) for column in report.mapping] == [
        ("Order", "order"),
        ("Lat", "lat"),
        ("Lon", "lon"),
    ]


async def test_guessed_ways_say_why(world, roads):
    assert "no router is configured" in (await world.dispatch.bring(json_file(dry_run=True))).notes[0].note
    roads.router.away = True
    report = await roads.dispatch.bring(json_file())

    assert report.routes[0].leg_source is LegSource.CROW_FLIES
    assert "the router sleeps" in report.notes[0].note


async def test_a_router_is_asked_once_for_a_file(roads):
    await roads.dispatch.bring(json_file())
    roads.router.away = True
    report = await roads.dispatch.bring(json_file())

    assert outcomes(report) == ("unchanged", [(1, "unchanged")])
    assert report.routes[0].leg_source is LegSource.ROUTER
    assert roads.router.asked == [3]


async def test_a_route_that_was_guessed_is_asked_for_again(roads):
    roads.router.away = True
    await roads.dispatch.bring(json_file())
    roads.router.away = False

    assert outcomes(await roads.dispatch.bring(json_file())) == ("imported", [(2, "changed")])
    assert (await roads.plan()).leg_source is LegSource.ROUTER


async def test_addresses_are_looked_up(route_book):
    world = World(route_book, Gazetteer(Kaivokatu=[HOUSE]))
    report = await world.dispatch.bring(json_file(route({"order": "X", "address": "Kaivokatu"})))

    assert outcomes(report) == ("imported", [(1, "new")])
    assert (await world.plan()).stops[0].place == HOUSE.place


async def test_doubtful_places_are_seen_first(route_book):
    world = World(route_book, Gazetteer(Kaivokatu=[STREET]))
    file = json_file(route({"order": "X", "address": "Kaivokatu"}))
    report = await world.dispatch.bring(file)

    assert outcomes(report) == ("rejected", [])
    assert [(doubt.order, doubt.label) for doubt in report.doubtful] == [("X", "Kaivokatu")]
    accepted = json_file(route({"order": "X", "address": "Kaivokatu"}), accept_doubtful=True)
    assert outcomes(await world.dispatch.bring(accepted)) == ("imported", [(1, "new")])


async def test_every_address_that_is_not_found_is_a_fault(route_book):
    world = World(route_book, Gazetteer())
    stops = [{"order": order, "address": f"Street {order}"} for order in "XY"]

    assert [fault.row for fault in (await world.dispatch.bring(json_file(route(*stops)))).faults] == [1, 2]


async def test_a_geocoder_that_is_away_is_not_asked_again(route_book):
    world = World(route_book, Gazetteer())
    world.geocoder.away = True
    stops = [{"order": order, "address": f"Street {order}"} for order in "XYZ"]
    report = await world.dispatch.bring(json_file(route(*stops)))

    assert [fault.row for fault in report.faults] == [1, 2, 3]
    assert len(world.geocoder.asked) == 1


async def test_without_a_geocoder_a_place_is_needed(world):
    report = await world.dispatch.bring(json_file(route({"order": "X", "address": "Kaivokatu"})))

    assert "no geocoder is configured" in report.faults[0].problem


async def test_a_place_that_was_found_far_away_is_a_fault(route_book):
    world = World(route_book, Gazetteer(Kaivokatu=[HOUSE._replace(place=Place(40.0, 3.0))]))
    report = await world.dispatch.bring(json_file(route(stop(1), {"order": "X", "address": "Kaivokatu"}, stop(2))))

    assert [(fault.row, fault.field) for fault in report.faults] == [(2, "routes[0].stops[1].lat")]


async def test_edits_make_one_version(roads):
    await roads.dispatch.bring(json_file(route(*(stop(number) for number in range(1, 6)))))
    edits = [Cancel(stop="A3"), Reassign(vehicle="van-9"), Replan(stop="A1")]
    plan = await roads.dispatch.edit(KEY, 1, edits)

    assert (plan.version, plan.vehicle, plan == await roads.plan()) == (2, "van-9", True)
    assert [one.stop for one in plan.stops if not one.cancelled] == ["A1", "A2", "A4", "A5", "A1-2"]
    assert (plan.leg_source, plan.geometry is not None) == (LegSource.ROUTER, True)
    assert roads.router.asked == [5, 2, 2]


async def test_without_a_router_an_edit_of_a_given_line_leaves_no_line(world):
    line = {"type": "LineString", "coordinates": [[24.942, 60.171], [24.944, 60.172], [24.946, 60.173]]}
    await world.dispatch.bring(json_file(route(geometry=line)))
    before = await world.plan()
    plan = await world.dispatch.edit(KEY, 1, [Cancel(stop="A2")])

    assert (before.leg_source, plan.leg_source, plan.geometry) == (LegSource.GIVEN, LegSource.CROW_FLIES, None)


async def test_another_vehicle_keeps_everything_else(roads):
    await roads.dispatch.bring(json_file(route(stop(1, arrival="08:30"), stop(2, arrival="09:30"))))
    before = await roads.plan()
    plan = await roads.dispatch.edit(KEY, 1, [Reassign(vehicle="van-9")])

    assert replace(plan, vehicle=before.vehicle, version=1, issued=before.issued) == before


async def test_an_attempt_in_another_route_is_that_ones_version(world):
    await world.dispatch.bring(json_file(route(route="a"), route(stop(7), route="b", vehicle="v2")))
    plan = await world.dispatch.edit(RouteKey("main", "a"), 1, [Replan(stop="A1", route="b")])

    assert (plan.key.route, plan.version) == ("b", 2)
    assert [one.stop for one in plan.stops] == ["A7", "A1-2"]
    assert (await world.plan(RouteKey("main", "a"))).version == 1
    assert {details.stop for details in await world.book.details(plan.key)} == {"A7", "A1-2"}


async def test_an_added_stop_is_looked_up_or_refused(route_book):
    world = World(route_book, Gazetteer(Kaivokatu=[HOUSE], Street=[STREET]))
    await world.dispatch.bring(json_file())
    plan = await world.dispatch.edit(KEY, 1, [Add(stop=NewStop(order="X", address="Kaivokatu"))])

    assert plan.stops[-1].place == HOUSE.place
    for address, reason in (("Street", Refusal.PLACE_DOUBTFUL), ("Nowhere", Refusal.PLACE_NOT_FOUND)):
        with pytest.raises(EditRefused) as refused:
            await world.dispatch.edit(KEY, 2, [Add(stop=NewStop(order="Y", address=address))])
        assert refused.value.reason is reason


async def test_an_edit_of_an_old_version_is_refused(world):
    await world.dispatch.bring(json_file())
    await world.dispatch.edit(KEY, 1, [Withdraw()])

    with pytest.raises(StaleVersion) as stale:
        await world.dispatch.edit(KEY, 1, [Reassign(vehicle="v")])
    assert stale.value.newest == 2
    with pytest.raises(UnknownRoute):
        await world.dispatch.edit(RouteKey("main", "z"), 1, [Withdraw()])


async def test_an_edit_that_changes_nothing_is_refused(world):
    await world.dispatch.bring(json_file())

    with pytest.raises(EditRefused) as refused:
        await world.dispatch.edit(KEY, 1, [Reorder(stops=["A1", "A2", "A3"])])
    assert refused.value.reason is Refusal.NOTHING_CHANGES


async def test_an_import_after_an_edit_keeps_the_second_attempt(world):
    await world.dispatch.bring(json_file())
    await world.dispatch.edit(KEY, 1, [Replan(stop="A1")])

    assert outcomes(await world.dispatch.bring(json_file())) == ("unchanged", [(2, "unchanged")])


async def test_a_withdrawn_route_comes_back_by_its_file(world):
    await world.dispatch.bring(json_file())
    await world.dispatch.edit(KEY, 1, [Withdraw()])
    await world.dispatch.bring(json_file())

    assert ((await world.plan()).version, (await world.plan()).withdrawn) == (3, False)


async def test_two_edits_of_one_version_are_one_and_a_refusal(roads):
    await roads.dispatch.bring(json_file())
    edits = (roads.dispatch.edit(KEY, 1, [Cancel(stop=name)]) for name in ("A1", "A2"))
    results = await asyncio.gather(*edits, return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["RoutePlan", "StaleVersion"]


class RacedBook(MemoryRouteBook):
    """Another process takes the next version before us, `races` times."""

    races = 0

    async def save(self, plans, details):
        if self.races:
            self.races -= 1
            newest = await self.newest(KEY)
            mine = replace(
                newest or plans[0], version=newest.version + 1 if newest else 1, vehicle=f"raced-{self.races}"
            )
            await super().save([mine], {})
        await super().save(plans, details)


async def test_a_version_that_was_taken_meanwhile_is_read_and_made_again():
    world = World(RacedBook())
    world.book.races = 2

    assert outcomes(await world.dispatch.bring(json_file())) == ("imported", [(3, "changed")])
    assert (await world.plan()).vehicle == "van-1"
    world.book.races = 3
    with pytest.raises(VersionTaken):
        await world.dispatch.bring(json_file(route(stop(1))))


async def test_an_edit_does_not_go_over_a_version_taken_meanwhile():
    world = World(RacedBook())
    await world.dispatch.bring(json_file())
    world.book.races = 1

    with pytest.raises(StaleVersion) as stale:
        await world.dispatch.edit(KEY, 1, [Withdraw()])
    assert stale.value.newest == 2


async def test_a_word_on_a_stop_is_kept_once(world):
    await world.dispatch.bring(json_file())
    tap = Tap("t1", EIGHT, Said.SUCCEEDED, Teller.OPERATOR)
    for _ in range(2):
        await world.dispatch.tap(KEY, "A1", tap)

    assert [(stored.stop, stored.tap) for stored in await world.book.taps(KEY)] == [("A1", tap)]
    with pytest.raises(UnknownStop):
        await world.dispatch.tap(KEY, "A9", tap)
    with pytest.raises(UnknownRoute):
        await world.dispatch.tap(RouteKey("main", "z"), "A1", tap)


async def test_a_book_that_is_away_is_said(world):
    world.book.away = True

    with pytest.raises(OperationsAway):
        await world.dispatch.bring(json_file())
