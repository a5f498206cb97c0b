"""What the world is told of each of the gateway's events: the table, visits and words, and nobody's name."""

import msgspec
import pytest

from gateway.domain.events import Corrected, DeviationKind, EventKind, Facts, StopFacts, StoredEvent
from gateway.domain.route import RouteKey
from gateway.domain.stop import FailureReason, LeftWith, Outcome, Said
from gateway.publishing import PublicKind, published
from gateway.publishing.data import DATA
from tests.fixtures.driven_day import driven_day, said
from tests.fixtures.foreseen_day import TapRecord, events_of, journal_of, stored
from tests.fixtures.told_day import Timeline, row, streets

KEY = RouteKey("main", "r1")
STOP = StopFacts("ORD-1", 1, 1_000, visit=1, arrived=1_100, departed=1_200)


def event(kind: str, stop: StopFacts | None = STOP, deviation: str | None = None, episode: int = 0) -> StoredEvent:
    facts = Facts(2, "van-1", "2026-03-10", "UTC", 500, 9_000, 3, 2, 0, episode, 1_150, stop)
    return StoredEvent("id-1", KEY, kind, 1_234, 1_240, None if stop is None else "s1", deviation, facts)


def kinds(kind: str, *args, **more) -> list[str]:
    return [each.kind for each in published(event(kind, *args, **more))]


@pytest.mark.parametrize(
    ("kind", "public"),
    [
        ("route.dispatched", ["route.dispatched"]),
        ("route.started", ["route.started"]),
        ("route.completed", ["route.completed"]),
        ("route.finished", ["route.returned"]),
        ("route.changed", []),
        ("route.reopened", []),
        ("stop.en_route", ["stop.en_route", "stop.next"]),
        ("stop.arrived", ["stop.arrived"]),
        ("stop.departed", ["stop.completed"]),
        ("stop.succeeded", ["stop.completed"]),
        ("stop.failed", ["stop.failed"]),
        ("stop.skipped", ["stop.skipped"]),
        ("stop.resumed", []),
        ("stop.cancelled", []),
        ("stop.approaching", ["stop.approaching"]),
        ("stop.eta_updated", ["stop.eta_updated"]),
        ("stop.delayed", ["stop.delayed"]),
        ("vehicle.silent", ["vehicle.silent"]),
        ("vehicle.resumed", ["vehicle.resumed"]),
    ],
)
def test_the_table(kind, public):
    assert kinds(kind) == public


@pytest.mark.parametrize("deviation", DeviationKind)
def test_deviations_are_told_unless_another_event_tells_them(deviation):
    began, ended = (kinds(f"route.deviation_{word}", deviation=deviation) for word in ("began", "ended"))
    if deviation is DeviationKind.WINDOW_AT_RISK:
        assert (began, ended) == (["stop.at_risk"], [])
    elif deviation in (DeviationKind.STOP_SKIPPED, DeviationKind.TRACKER_SILENT):
        assert (began, ended) == ([], [])
    else:
        assert began == ended == ["route.deviated"]


def test_every_kind_has_data_and_is_told_of_something():
    assert set(DATA) == set(PublicKind)
    told = {each for kind in EventKind for each in kinds(kind)}
    told |= {each for kind in DeviationKind for each in kinds("route.deviation_began", deviation=kind)}
    assert told == set(PublicKind)


def test_an_event_without_facts_is_told_to_nobody():
    assert published(event("stop.arrived")._replace(facts=None)) == []
    assert kinds("stop.arrived", None) == []


def test_a_stop_is_next_only_the_first_time():
    assert kinds("stop.en_route", episode=1) == ["stop.en_route"]


def test_leaving_after_a_word_is_not_told_again():
    assert kinds("stop.departed", STOP._replace(outcome=Outcome.SUCCEEDED)) == []


def test_data_has_what_is_known_and_leaves_out_the_rest():
    (told,) = published(event("stop.failed", STOP._replace(reason=FailureReason.ABSENT, remaining=None)))
    assert msgspec.to_builtins(told.data) == {
        "id": "id-1", "fleet": "main", "route": "r1", "date": "2026-03-10", "version": 2, "vehicle": "van-1",
        "episode": 0, "stop": "s1", "order": "ORD-1", "sequence": 1, "planned_arrival": 1_000, "visit": 1,
        "arrived": 1_100, "departed": 1_200, "reason": "absent",
    }  # fmt: skip


# Whole days


def told_of(day: Timeline, *words: TapRecord):
    return [each for event in stored(events_of(journal_of(day, *words))) for each in published(event)]


def word(day: Timeline, stop: str, time: int, what: Said = Said.SUCCEEDED, **more) -> TapRecord:
    return TapRecord(day.layout.plan.key, stop, said(f"{stop}{what}{time}", time, what, **more), time)


def outcomes(told, stop: str) -> list[tuple]:
    """Return what was told of a visit: kind, whether confirmed, and what it corrects."""
    wanted = (PublicKind.STOP_COMPLETED, PublicKind.STOP_FAILED)
    return [
        (each.kind, getattr(each.data, "confirmed", None), each.data.corrects)
        for each in told
        if each.kind in wanted and each.data.stop == stop
    ]


def served() -> tuple[Timeline, dict[str, int]]:
    """Return a day of three stops without a word, and when the van was about to leave each."""
    day, left = Timeline(streets(*row(3, 4))).stands(300), {}
    for stop in ("s1", "s2", "s3"):
        day.serves(stop)
        left[stop] = day.time
    return day.drives_to("depot").stands(120), left


def test_one_visit_is_completed_once_or_says_what_it_corrects():
    day, left = served()
    late = day.time - 60_000
    told = told_of(day, word(day, "s1", left["s1"] - 30_000, left_with=LeftWith.NEIGHBOUR), word(day, "s2", late))
    assert outcomes(told, "s1") == [("stop.completed", True, None)]
    assert outcomes(told, "s2") == [("stop.completed", False, None), ("stop.completed", True, Corrected.UNCONFIRMED)]
    assert outcomes(told, "s3") == [("stop.completed", False, None)]
    first = next(each.data for each in told if each.kind is PublicKind.STOP_COMPLETED)
    assert first.left_with is LeftWith.NEIGHBOUR


def test_words_that_change_say_so():
    day, left = served()
    here = left["s1"] - 60_000
    told = told_of(
        day,
        word(day, "s1", here),
        word(day, "s1", here + 5_000, Said.UNDONE),
        word(day, "s1", here + 9_000, Said.FAILED, reason=FailureReason.REFUSED),
        word(day, "s2", left["s2"] - 9_000),
        word(day, "s2", day.time - 60_000, Said.UNDONE),
    )
    assert outcomes(told, "s1") == [("stop.completed", True, None), ("stop.failed", None, Corrected.OUTCOME)]
    assert outcomes(told, "s2") == [("stop.completed", True, None), ("stop.completed", False, Corrected.OUTCOME)]


def test_a_route_is_dispatched_started_completed_and_returned_in_this_order():
    day, _ = served()
    told = told_of(day)
    assert [each.kind for each in told if each.kind.startswith("route.")] == [
        "route.dispatched", "route.started", "route.completed", "route.returned",
    ]  # fmt: skip
    counts = [(each.data.stops_left, each.data.stops_total) for each in told if each.kind.startswith("route.")]
    assert counts == [(3, 3), (3, 3), (0, 3), (0, 3)]


def test_a_route_with_stops_left_out_is_not_completed():
    day = Timeline(streets(*row(3, 4))).stands(300).serves("s1", "s3").drives_to("depot").stands(1500)
    told = told_of(day)
    returned = [each.data for each in told if each.kind is PublicKind.ROUTE_RETURNED]
    assert PublicKind.ROUTE_COMPLETED not in [each.kind for each in told]
    assert [(each.stops_left, each.stops_failed) for each in returned] == [(0, 1)]


def test_what_is_next_has_its_place_in_the_row_and_its_window():
    day, _ = served()
    following = [each.data for each in told_of(day) if each.kind is PublicKind.STOP_NEXT]
    assert [(each.stop, each.stops_remaining) for each in following] == [("s1", 1), ("s2", 1), ("s3", 1)]
    assert all(each.eta.p10 <= each.eta.p50 <= each.eta.p90 for each in following)


def test_nobody_is_named():
    kept = driven_day()
    day = Timeline(kept.versions[0]).stands(300).serves("s1", "s2").drives_to("depot")
    told = b"".join(msgspec.json.encode(each.data) for each in told_of(day))
    names = [kept.versions[0].driver, *(name for each in kept.details for name in (each.recipient, each.address))]
    assert told
    assert not [name for name in names if name.encode() in told]
    assert b"60.1" not in told, "nor a place"
