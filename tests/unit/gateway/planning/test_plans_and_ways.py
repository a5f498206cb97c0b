"""From drafts to plans: drives, arrivals, waiting, and what an edit keeps."""

from dataclasses import replace
from itertools import pairwise

import pytest

from gateway.domain.geo import distance_m
from gateway.domain.path import Path
from gateway.domain.polyline import decode
from gateway.domain.route import LegSource, Place
from gateway.planning.answers import RoadLeg
from gateway.planning.findings import Findings
from gateway.planning.plan import carried_over, draft_from, plan_of, rescheduled, runs_of_missing, same_content
from gateway.planning.reading import read
from gateway.planning.ways import DETOUR, Known, along_line, assembled, guessed, known_of
from tests.fixtures.route_files import EIGHT, MINUTE_MS, json_file, route, stop

DEPOT = {"depot_lat": 60.17, "depot_lon": 24.94}


def draft_of(*stops, **said):
    reading = read(json_file(route(*stops, **said)))
    assert reading.findings.faults == []
    return reading.drafts[0]


def crow(draft):
    legs = guessed(draft, [None] * (len(draft.places) - 1))
    return assembled(draft, legs, LegSource.CROW_FLIES)


def roads(draft):
    """A router's way: each drive goes by a corner."""
    legs = [RoadLeg(300.0, 45_000, (a, Place(a.lat, b.lon), b)) for a, b in pairwise(draft.places)]
    return assembled(draft, legs, LegSource.ROUTER)


def planned(draft, way=None):
    return plan_of(draft, way or crow(draft), issued=1, version=1)[0]


def test_without_roads_drives_are_the_great_circle_and_a_detour():
    plan = planned(draft_of(**DEPOT))
    first = plan.stops[0]

    assert (plan.leg_source, plan.geometry, first.along_m) == (LegSource.CROW_FLIES, None, None)
    assert first.leg_m == pytest.approx(distance_m(60.17, 24.94, *first.place) * DETOUR)
    assert first.leg_ms == pytest.approx(first.leg_m / 25 * 3600, abs=1)
    assert plan.back_m == pytest.approx(distance_m(60.17, 24.94, *plan.stops[-1].place) * DETOUR)


def test_without_a_depot_the_route_begins_at_its_first_stop():
    plan = planned(draft_of())

    assert (plan.depot, plan.back_m, plan.back_ms) == (None, None, None)
    assert (plan.stops[0].leg_m, plan.stops[0].leg_ms, plan.stops[0].planned_arrival) == (0, 0, EIGHT)


def test_arrivals_follow_from_drives_service_and_waiting():
    draft = draft_of(stop(1, window_start="09:00", window_end="10:00", service_s=300), stop(2))
    one, two = planned(draft).stops

    assert one.planned_arrival == EIGHT
    assert two.planned_arrival == EIGHT + 65 * MINUTE_MS + two.leg_ms


def test_given_arrivals_win_and_make_the_drives():
    one, two, three = planned(draft_of(stop(1, arrival="08:10"), stop(2, arrival="08:20"), stop(3))).stops

    assert (one.planned_arrival, two.planned_arrival) == (EIGHT + 10 * MINUTE_MS, EIGHT + 20 * MINUTE_MS)
    assert two.leg_ms == 8 * MINUTE_MS
    assert three.planned_arrival == EIGHT + 22 * MINUTE_MS + three.leg_ms


def test_given_drives_win_and_are_no_guess():
    drives = [stop(number, drive_s=60 * number, drive_m=1000) for number in (1, 2)]
    plan = planned(draft_of(*drives, **DEPOT, ends="last_stop"))

    assert [one.leg_ms for one in plan.stops] == [MINUTE_MS, 2 * MINUTE_MS]
    assert (plan.leg_source, plan.stops[0].leg_m) == (LegSource.GIVEN, 1000)


def test_a_given_line_measures_the_drives():
    corners = [[24.94, 60.17], [24.942, 60.171], [24.942, 60.1725], [24.946, 60.173], [24.94, 60.17]]
    draft = draft_of(stop(1), stop(3), **DEPOT, geometry={"type": "LineString", "coordinates": corners})
    findings = Findings()
    plan = planned(draft, along_line(draft, findings))
    path = Path.of(decode(plan.geometry or ""))

    assert findings.faults == []
    assert plan.leg_source is LegSource.GIVEN
    assert [one.leg_m for one in plan.stops] == pytest.approx([path.along[1], path.along[3] - path.along[1]])
    assert [one.along_m for one in plan.stops] == pytest.approx([path.along[1], path.along[3]])
    assert plan.back_m == pytest.approx(path.length_m - path.along[3])


def test_a_line_that_passes_a_stop_far_off_is_a_fault():
    line = {"type": "LineString", "coordinates": [[24.94, 60.17], [24.942, 60.171]]}
    draft = draft_of(stop(1), stop(30), **DEPOT, geometry=line)
    findings = Findings()
    along_line(draft, findings)

    assert [(fault.row, fault.field) for fault in findings.faults] == [(2, "routes[0].stops[1].geometry")]


def test_a_router_gives_drives_and_a_line():
    draft = draft_of(**DEPOT)
    plan = planned(draft, roads(draft))
    path = Path.of(decode(plan.geometry or ""))

    assert (plan.leg_source, [one.leg_m for one in plan.stops]) == (LegSource.ROUTER, [300.0] * 3)
    assert [path.at(one.along_m or 0) for one in plan.stops] == [one.place for one in plan.stops]


def test_a_plan_becomes_its_draft_and_the_same_plan_again():
    draft = draft_of(**DEPOT)
    plan, details = plan_of(draft, roads(draft), issued=1, version=1)
    again = draft_from(plan, details)
    known = known_of(plan, again)
    way = assembled(again, [leg for leg in known.between(again.places) if leg], known.source)

    assert same_content(plan_of(again, way, issued=9, version=2)[0], plan)


def test_an_edit_keeps_the_drives_of_neighbours_that_stay():
    draft = draft_of(*(stop(number) for number in range(1, 6)), **DEPOT)
    plan, details = plan_of(draft, roads(draft), issued=1, version=1)
    before = draft_from(plan, details)
    stops = tuple(replace(one, cancelled=one.stop == "A3") for one in before.stops)
    legs = known_of(plan, before).between(replace(before, stops=stops).places)

    assert [leg is None for leg in legs] == [False, False, True, False, False]
    assert runs_of_missing(legs) == [(2, 3)]
    assert legs[0] is not None
    assert [tuple(place) for place in legs[0].line] == [(60.17, 24.94), (60.17, 24.942), (60.171, 24.942)]


def test_nothing_is_known_of_a_new_route():
    assert Known().between([Place(1, 1), Place(2, 2)]) == [None]


def test_a_cancelled_stop_has_no_drive_and_no_place_on_the_line():
    draft = draft_of(**DEPOT)
    stops = tuple(replace(one, cancelled=one.stop == "A2") for one in draft.stops)
    draft = replace(draft, stops=stops)
    one, two, three = planned(draft, roads(draft)).stops

    assert (two.leg_m, two.leg_ms, two.along_m, two.cancelled) == (0, 0, None, True)
    assert three.planned_arrival == one.planned_arrival + one.service_ms + 45_000


def test_stops_that_a_file_no_longer_names_are_cancelled_and_attempts_stay():
    draft = draft_of()
    attempt = replace(draft.stops[0], stop="A1-2")
    newest = replace(draft, stops=(draft.stops[0], draft.stops[1], attempt, draft.stops[2]))
    merged = carried_over(draft_of(stop(1), stop(2)), newest)

    assert [(one.stop, one.cancelled) for one in merged.stops] == [
        ("A1", False),
        ("A2", False),
        ("A1-2", False),
        ("A3", True),
    ]
    assert carried_over(merged, merged) == merged


def test_arrivals_are_open_again_from_the_first_change_on():
    draft = draft_of(*(stop(number, arrival=f"09:{number}0") for number in range(1, 5)))
    turned = replace(draft, stops=(draft.stops[0], draft.stops[2], draft.stops[1], draft.stops[3]))

    assert [one.arrival is None for one in rescheduled(turned, draft).stops] == [False, True, True, True]
    assert rescheduled(draft, draft) == draft
