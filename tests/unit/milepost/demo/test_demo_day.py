"""The demo's day: a plan that a planner would make, and drivers who leave it where the story says."""

import math
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

import pytest

from device.simulator.coverage import Coverage, coverage
from device.simulator.planned import PlannedJourney, Stay
from device.simulator.streets import Point, Streets
from gateway.domain.path import Path
from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, Said
from gateway.links.visibility import NEXT_DOOR_M
from gateway.planning.document import ImportDocument, ImportFormat
from gateway.planning.reading import Reading, read
from milepost.demo.addresses import beside
from milepost.demo.day import APART_M, HOUR_S, LATE_SHIFT, MINUTE_S, SERVICE_S, STOPS, driver_of, plan_day
from milepost.demo.story import DriversDay
from milepost.demo.twists import HALT_OFF_M, HALT_S, LATE_START_S
from milepost.demo.working_day import WorkingDay, make_day

VANS, SEED = 12, 12
TODAY = date(2026, 11, 24)
CORRIDOR_M, FOR_S = 150.0, 90.0
"""Off the route is further than this for as long (docs of the off-route watcher)."""


@pytest.fixture(scope="module")
def day() -> WorkingDay:
    return make_day(TODAY, SEED, VANS)


@pytest.fixture(scope="module")
def reading(day: WorkingDay) -> Reading:
    return read(ImportDocument(content=day.file, format=ImportFormat.JSON))


def driver(day: WorkingDay, number: int) -> DriversDay:
    return day.drivers[number - 1]


def seconds_of(
    streets: Streets, driven: DriversDay, seed: str, from_s: float, to_s: float
) -> Iterator[tuple[float, Point]]:
    journey = PlannedJourney(streets, driven.tour, seed)
    for second in range(int(from_s), int(to_s)):
        yield second, journey.at(second).point


def off_m(line: list[Point], point: Point) -> float:
    return min(_off_piece(point, a, b) for a, b in pairwise(line))


def _off_piece(point: Point, a: Point, b: Point) -> float:
    length = math.dist(a, b) ** 2
    share = ((point.east - a.east) * (b.east - a.east) + (point.north - a.north) * (b.north - a.north)) / (length or 1)
    share = min(max(share, 0), 1)
    return math.dist(point, (a.east + share * (b.east - a.east), a.north + share * (b.north - a.north)))


# --- the plan ------------------------------------------------------------------------------------------------------


def test_the_import_finds_no_fault_in_the_days_file(day, reading):
    assert [(fault.field, fault.problem) for fault in reading.findings.faults] == []
    assert [draft.key.route for draft in reading.drafts] == day.routes
    assert [draft.vehicle for draft in reading.drafts] == [f"van-{number:02d}" for number in range(1, VANS + 1)]


def test_every_stop_lies_beside_the_line_and_in_its_order(day, reading):
    for draft in reading.drafts:
        assert draft.line is not None
        line = Path.of(draft.line)
        along_m = 0.0
        for stop in draft.stops:
            near = line.nearest(*stop.required_place, along_m, line.length_m)
            assert near.cross_m < 60
            along_m = min(along_m + (stop.leg_m or 0.0), line.length_m)
            assert math.dist(*map(_metres, (line.at(along_m), stop.required_place))) < 20


def _metres(place: Place) -> tuple[float, float]:
    return place.lat * 111_195, place.lon * 111_195 * math.cos(math.radians(60.17))


def test_a_route_is_a_working_day_with_windows_that_can_be_kept(day):
    for driven in day.drivers:
        route = driven.route
        assert 15 <= len(route.deliveries) <= STOPS[1]
        assert 2 * HOUR_S < route.end_s - route.start_s < 6 * HOUR_S
        windows = [(delivery.window, delivery.arrival_s) for delivery in route.deliveries if delivery.window]
        assert len(windows) >= len(route.deliveries) / 5
        assert all(window.start_s <= arrival_s <= window.end_s for window, arrival_s in windows)
        assert all(later.arrival_s >= earlier.arrival_s + SERVICE_S for earlier, later in pairwise(route.deliveries))


def test_no_two_stops_of_a_route_can_be_taken_for_each_other(day):
    for driven in day.drivers:
        places = [delivery.leg.line[-1] for delivery in driven.route.deliveries]
        assert min(math.dist(a, b) for a, b in combinations(places, 2)) >= APART_M


def test_nobody_on_it_is_real(day):
    stops = [delivery for driven in day.drivers for delivery in driven.route.deliveries]
    assert all(delivery.recipient.phone.startswith("+44 7700 900") for delivery in stops)
    assert len({delivery.order for delivery in stops}) == len(stops)


def test_one_seed_makes_one_day_and_another_one_another():
    one, again, other = (make_day(TODAY, seed, 2) for seed in (SEED, SEED, SEED + 1))
    assert (one.file, one.words, one.chapters) == (again.file, again.words, again.chapters)
    assert one.file != other.file


def test_more_and_fewer_vans_have_days_as_well(day):
    assert [route.vehicle for route in plan_day(day.streets, SEED, 1)] == ["van-01"]
    assert len(make_day(TODAY, SEED, 2).chapters) == 2


# --- what becomes of it --------------------------------------------------------------------------------------------


def test_nobody_drives_two_vans():
    drivers = [driver_of(number) for number in range(1, 101)]
    assert len(set(drivers)) == len(drivers)
    assert drivers[0] == "Anni"
    assert drivers[12] == "Anni 2"


def test_most_vans_keep_to_their_plans(day):
    for number in (1, 2, 4, 9, 11, 12):
        driven = driver(day, number)
        assert [stay.visit.name for stay in driven.stays[:-1]] == [stop.name for stop in driven.route.deliveries]
        assert abs(driven.back_s - driven.route.end_s) < 20 * MINUTE_S


def test_van_03_is_off_its_route_for_minutes_and_returns(day):
    driven = driver(day, 3)
    line, begins_s = list(driven.route.line), driven.chapters[0].time_s
    seconds = seconds_of(day.streets, driven, f"{SEED}/van-03", begins_s, begins_s + 15 * MINUTE_S)
    off = [off_m(line, point) for second, point in seconds if second % 5 == 0]
    assert 5 * sum(distance > CORRIDOR_M for distance in off) > 1.5 * FOR_S
    assert off[0] < 20
    assert off[-1] < 20


def test_van_05_falls_behind_more_and_more(day):
    driven = driver(day, 5)
    planned = {delivery.name: delivery.arrival_s for delivery in driven.route.deliveries}
    late_s = [stay.arrived_s - planned[stay.visit.name] for stay in driven.stays[:-1]]
    at_ten = next(late for late, stay in zip(late_s, driven.stays, strict=False) if stay.arrived_s > 10 * HOUR_S)
    assert at_ten > 20 * MINUTE_S
    assert late_s[-1] > at_ten


def test_van_06_delivers_without_network_and_no_other_van_does(day):
    without = {driven.route.vehicle: list(_stays_without_network(day, driven)) for driven in day.drivers}
    assert [vehicle for vehicle, stays in without.items() if stays] == ["van-06"]
    began_s = driver(day, 6).chapters[0].time_s
    assert without["van-06"][0].arrived_s - began_s < 3 * MINUTE_S
    assert without["van-06"][-1].left_s - without["van-06"][0].arrived_s > 10 * MINUTE_S


def _stays_without_network(day: WorkingDay, driven: DriversDay) -> Iterator[Stay]:
    journey = PlannedJourney(day.streets, driven.tour, f"{SEED}/{driven.route.vehicle}")
    for stay in driven.stays[:-1]:
        if coverage(journey.at((stay.arrived_s + stay.left_s) / 2), day.streets.plane) is not Coverage.CONNECTED:
            yield stay


def test_van_07_passes_over_one_stop_and_returns_to_it(day):
    driven = driver(day, 7)
    planned = [delivery.name for delivery in driven.route.deliveries]
    real = [stay.visit.name for stay in driven.stays[:-1]]
    assert sorted(real) == sorted(planned)
    passed = next(before for before, after in zip(planned, real, strict=True) if before != after)
    assert real.index(passed) == planned.index(passed) + 3


def test_van_08_stands_where_no_stop_is(day):
    driven = driver(day, 8)
    halt = next(stay for stay in driven.stays[:-1] if stay.visit.name is None)
    assert halt.left_s - halt.arrived_s == pytest.approx(HALT_S)
    here = PlannedJourney(day.streets, driven.tour, f"{SEED}/van-08").at(halt.arrived_s + 60).point
    doors = [day.streets.plane.point(stop.door.lat, stop.door.lon) for stop in driven.route.deliveries]
    assert min(math.dist(here, door) for door in doors) > HALT_OFF_M


def test_van_10_starts_late(day):
    assert driver(day, 10).tour.leaves_s == driver(day, 10).route.start_s + LATE_START_S


def test_the_news_comes_within_the_first_minutes(day):
    early = [chapter for chapter in day.chapters if chapter.time_s < 9.5 * HOUR_S]
    assert {chapter.vehicle for chapter in early} == {f"van-{number:02d}" for number in (2, 3, 5, 6, 7, 8, 9, 10)}
    assert list(day.chapters) == sorted(day.chapters, key=lambda chapter: chapter.time_s)
    assert min(LATE_SHIFT.values()) > 10 * HOUR_S


# --- what is said of it --------------------------------------------------------------------------------------------


def words_of(day: WorkingDay, number: int):
    return {word.stop: word for route, word in day.words if route == day.routes[number - 1]}


def test_most_deliveries_are_tapped_at_the_door(day):
    driven = driver(day, 1)
    words = words_of(day, 1)
    assert 0.7 * len(driven.route.deliveries) < len(words) < len(driven.route.deliveries)
    stays = {stay.visit.name: stay for stay in driven.stays}
    assert all(stays[stop].arrived_s < word.time_s < stays[stop].left_s for stop, word in words.items())


def test_van_02_has_one_failed_delivery(day):
    failed = [word for word in words_of(day, 2).values() if word.said is Said.FAILED]
    assert [word.reason for word in failed] == [FailureReason.ABSENT]
    assert 9 * HOUR_S < failed[0].time_s < 9.5 * HOUR_S


def test_van_09_marks_one_delivery_done_from_far_away(day):
    driven = driver(day, 9)
    stays = {stay.visit.name: stay for stay in driven.stays}
    early = [word for stop, word in words_of(day, 9).items() if word.time_s < stays[stop].arrived_s]
    assert len(early) == 1
    journey = PlannedJourney(day.streets, driven.tour, f"{SEED}/van-09")
    van = journey.at(early[0].time_s).point
    door = journey.at(stays[early[0].stop].arrived_s + 1).point
    assert math.dist(door, van) > 250


def test_van_11_never_taps(day):
    assert words_of(day, 11) == {}


def test_a_waiting_customer_is_found(day):
    route, stop = day.customer(8.75 * HOUR_S)
    stay = next(stay for stay in driver(day, 3).stays if stay.visit.name == stop)
    assert route == day.routes[2]
    assert 9 * HOUR_S < stay.arrived_s < 9.5 * HOUR_S


def test_the_van_of_the_waiting_customer_comes_clear_of_all_other_doors(day):
    _, stop = day.customer(8.75 * HOUR_S)
    driven = driver(day, 3)
    arrived_s = {stay.visit.name: stay.arrived_s for stay in driven.stays}
    doors = [delivery.door for delivery in driven.route.deliveries if delivery.name != stop]
    places = [beside(day.streets.edges[door.place.edge], door.place.along_m)[0] for door in doors]
    way = seconds_of(day.streets, driven, f"{SEED}/van-03", arrived_s[stop] - 10 * MINUTE_S, arrived_s[stop])
    clear_s = sum(min(math.dist(point, place) for place in places) > NEXT_DOOR_M for _, point in way)
    assert clear_s > 3 * MINUTE_S


def test_who_waits_later_is_somebody_elses(day):
    assert day.customer(16 * HOUR_S)[0] == day.routes[11]
    assert day.customer(18 * HOUR_S) is None
