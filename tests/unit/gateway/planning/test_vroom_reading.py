"""Solutions of VROOM, alone and with their problem."""

import pytest

from gateway.planning.draft import Ends
from gateway.planning.reading import read
from tests.fixtures.route_files import EIGHT, MINUTE_MS, vroom_file

DEPOT, FIRST, SECOND = [24.931, 60.1675], [24.9384, 60.1699], [24.9454, 60.1719]
MIDNIGHT = EIGHT - 8 * 60 * MINUTE_MS
HALF_PAST_EIGHT = 30_600


def steps(zero=0):
    return [
        {"type": "start", "location": DEPOT, "arrival": zero, "duration": 0, "distance": 0},
        {
            "type": "job",
            "id": 1,
            "location": FIRST,
            "arrival": zero + 300,
            "waiting_time": 60,
            "service": 120,
            "setup": 30,
        }
        | {"duration": 300, "distance": 2000},
        {"type": "break", "id": 9, "arrival": zero + 600, "service": 900, "duration": 300},
        {"type": "delivery", "id": 2, "location": SECOND, "arrival": zero + 1800, "service": 60, "duration": 600}
        | {"distance": 4500},
        {"type": "end", "location": DEPOT, "arrival": zero + 2200, "duration": 940, "distance": 6000},
    ]


def solution(zero=HALF_PAST_EIGHT, **route):
    return {
        "code": 0,
        "routes": [{"vehicle": 4, "steps": steps(zero), **route}],
        "unassigned": [{"id": 7, "type": "job"}],
    }


def only(content, **said):
    reading = read(vroom_file(content, **said))
    assert reading.findings.faults == []
    (draft,) = reading.drafts
    return draft


def faults(content, **said):
    return [(fault.row, fault.field) for fault in read(vroom_file(content, **said)).findings.faults]


def test_a_solution_is_a_route():
    draft = only(solution())
    one, two = draft.stops

    assert (draft.key.route, draft.vehicle, draft.ends) == ("2026-11-24_4", "4", Ends.DEPOT)
    assert (draft.start, draft.depot) == (MIDNIGHT + HALF_PAST_EIGHT * 1000, (60.1675, 24.931))
    assert (one.order, one.place, one.arrival - draft.start) == ("1", (60.1699, 24.9384), 300_000)
    assert (one.service_ms, one.leg_ms, one.leg_m) == (150_000, 300_000, 2000)
    assert (two.order, two.stop, two.leg_ms, two.leg_m) == ("2", "2-delivery", 300_000, 2500)
    assert (two.arrival - draft.start, draft.back_ms, draft.back_m) == (1_800_000, 340_000, 1500)


@pytest.mark.parametrize(
    ("zero", "around", "start", "noted"),
    [
        (0, {}, EIGHT, True),
        (HALF_PAST_EIGHT, {}, MIDNIGHT + HALF_PAST_EIGHT * 1000, True),
        (600, {"start": "07:00"}, EIGHT - 50 * MINUTE_MS, False),
        (EIGHT // 1000, {}, EIGHT, False),
    ],
)
def test_the_zero_of_its_seconds_is_found_and_noted(zero, around, start, noted):
    content = {"solution": solution(zero), **around}
    notes = [note.field for note in read(vroom_file(content)).findings.notes]

    assert only(content).start == start
    assert ("start" in notes) is noted


def test_the_problem_brings_windows_and_descriptions():
    windows = [[HALF_PAST_EIGHT - 600, HALF_PAST_EIGHT], [HALF_PAST_EIGHT + 340, HALF_PAST_EIGHT + 3600]]
    problem = {
        "jobs": [{"id": 1, "description": "A-1001", "time_windows": windows}],
        "shipments": [{"pickup": {"id": 2}, "delivery": {"id": 2, "description": "B/2"}}],
    }
    one, two = only({"problem": problem, "solution": solution()}).stops
    start = MIDNIGHT + HALF_PAST_EIGHT * 1000

    assert (one.order, one.stop) == ("A-1001", "A-1001")
    assert one.window == (start + 340_000, start + 3_600_000)
    assert (two.order, two.window) == ("B/2", None)


def test_a_vehicle_is_named_by_its_description_if_that_is_a_name():
    assert only(solution(description="van-7")).vehicle == "van-7"
    assert only(solution(description="Aino's van")).vehicle == "4"
    assert only(solution(), vehicle="v1").vehicle == "v1"


def test_one_vehicle_cannot_stand_for_several_routes():
    content = solution()
    content["routes"].append({**content["routes"][0], "vehicle": 5})

    assert (None, "vehicle") in faults(content, vehicle="v1")


def test_a_route_that_does_not_come_back_ends_at_its_last_stop():
    assert only(solution(steps=steps(HALF_PAST_EIGHT)[:-1])).ends is Ends.LAST_STOP


def test_what_is_unassigned_is_noted():
    notes = [(note.field, note.value) for note in read(vroom_file(solution())).findings.notes]

    assert ("unassigned[0]", "7") in notes


def test_unix_times_need_no_date():
    assert only(solution(EIGHT // 1000), date=None).date == "2026-11-24"
    assert faults(solution(), date=None) == [(None, "date, zone or start")]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"code": 1, "error": "no"},
        {"code": 0, "routes": []},
        {"code": 0, "routes": [1]},
        {"code": 0, "routes": [{"vehicle": 1, "steps": 7}]},
        {"code": 0, "routes": [{"vehicle": 1, "steps": [{"type": "job"}]}]},
        {"code": 0, "routes": [{"vehicle": 1, "steps": [{"type": "job", "id": [], "location": [1], "arrival": {}}]}]},
        {"solution": solution(), "start": "noon"},
        {"solution": solution(), "zone": "Mars"},
    ],
)
def test_what_is_no_solution_is_faults(content):
    assert faults(content)
