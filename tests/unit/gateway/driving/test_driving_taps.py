"""What is taken of a driver's words: whose route it was, what is said already, and when it was said."""

import dataclasses

import msgspec
import pytest

from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome, Said, Tap, Teller
from gateway.driving.evidence import MAX_PROOFS
from gateway.driving.taps import (
    MAX_AGE_MS,
    MAX_TAPS,
    Dated,
    DriverTap,
    Result,
    TapBatch,
    TapOutcome,
    estranged,
    in_force,
    is_cancelled,
    read_taps,
    refusal,
    repeats,
    that_count,
)
from gateway.execution.state import StopState
from tests.fixtures.require import ROOT
from tests.fixtures.routes import MINUTE, START, plan

HOUR = 60 * MINUTE


def said(what=Said.SUCCEEDED, **changes):
    return DriverTap(**{"id": "t", "route": "r1", "stop": "s1", "said": what, "time": START, **changes})


def word(what=Said.SUCCEEDED, time=START, **changes):
    return Tap(**{"id": f"{what}-{time}", "time": time, "said": what, "by": Teller.DRIVER, **changes})


def batch(*taps, sent=START):
    return TapBatch(sent, [msgspec.Raw(msgspec.json.encode(tap)) for tap in taps])


REASSIGNED = [
    plan("r1", driver="Kim", issued=START - HOUR),
    plan("r1", driver="Lee", issued=START + HOUR, version=2),
]
WITHDRAWN = [
    plan("r1", driver="Kim", issued=START - HOUR),
    plan("r1", driver="Kim", issued=START + HOUR, version=2, withdrawn=True),
]


@pytest.mark.parametrize(
    ("versions", "driver", "time", "outcome"),
    [
        ([], "Kim", START, TapOutcome.UNKNOWN_ROUTE),
        (REASSIGNED, "Kim", START, None),
        (REASSIGNED, "Kim", START + HOUR - 1, None),
        (REASSIGNED, "Kim", START + HOUR, TapOutcome.NOT_YOURS),
        (REASSIGNED, "Kim", START - 9 * HOUR, None),
        (REASSIGNED, "Lee", START, None),
        (REASSIGNED, "Lee", START + HOUR, None),
        (REASSIGNED, "Ann", START, TapOutcome.NOT_YOURS),
        (WITHDRAWN, "Kim", START, None),
        (WITHDRAWN, "Kim", START + HOUR, TapOutcome.ROUTE_WITHDRAWN),
        (WITHDRAWN, "Lee", START + HOUR, TapOutcome.NOT_YOURS),
    ],
)
def test_whose_route_it_was_when_it_was_said(versions, driver, time, outcome):
    assert estranged("s1", time, driver, versions) == outcome
    assert refusal(said(), time, driver, versions) == outcome


def test_a_stop_that_a_later_version_added_is_a_stop():
    later = [plan("r1", stops=2, driver="Kim"), plan("r1", stops=3, driver="Kim", version=2, issued=START + 1)]
    assert refusal(said(stop="s3"), START, "Kim", later) is None
    assert refusal(said(stop="s4"), START, "Kim", later) is TapOutcome.UNKNOWN_STOP


def test_before_all_versions_the_first_is_in_force():
    assert in_force(REASSIGNED, 0) is REASSIGNED[0]


@pytest.mark.parametrize("what", [Said.ARRIVED, Said.SUCCEEDED, Said.UNDONE])
def test_only_a_failure_needs_a_reason(what):
    assert refusal(said(what), START, "Kim", REASSIGNED) is None
    assert refusal(said(Said.FAILED), START, "Kim", REASSIGNED) is TapOutcome.REASON_MISSING
    assert refusal(said(Said.FAILED, reason=FailureReason.OTHER), START, "Kim", REASSIGNED) is None


DONE, UNDONE = word(), word(Said.UNDONE, START + MINUTE)


@pytest.mark.parametrize(
    ("words", "tap", "again"),
    [
        ([], word(), False),
        ([DONE], word(time=START + 5), True),
        ([DONE], dataclasses.replace(DONE, time=START + HOUR), True),
        ([DONE], dataclasses.replace(DONE, time=START - HOUR), True),
        ([DONE], word(time=START - 5), False),
        ([DONE], word(time=START + 5, left_with=LeftWith.LOCKER), False),
        ([DONE], word(Said.FAILED, START + 5, reason=FailureReason.ABSENT), False),
        ([DONE, UNDONE], word(time=START + HOUR), False),
        ([UNDONE, DONE], word(time=START + HOUR), False),
        ([DONE, UNDONE], word(time=START + 5), True),
        ([word(Said.ARRIVED)], word(Said.ARRIVED, START + 5), True),
    ],
)
def test_what_is_said_already_is_not_said_again(words, tap, again):
    assert repeats(words, tap) is again


def without(stop_name, version, issued):
    made = plan("r1", driver="Kim", version=version, issued=issued)
    stops = (dataclasses.replace(each, cancelled=each.stop == stop_name) for each in made.stops)
    return dataclasses.replace(made, stops=tuple(stops))


@pytest.mark.parametrize(
    ("stop", "known", "cancelled"),
    [
        ("s1", None, True),
        ("s1", StopState(), True),
        ("s1", StopState(Execution.EN_ROUTE), True),
        ("s1", StopState(Execution.CANCELLED), True),
        ("s1", StopState(Execution.ARRIVED), False),
        ("s1", StopState(Execution.DEPARTED), False),
        ("s1", StopState(outcome=Outcome.FAILED), False),
        ("s2", None, False),
        ("s9", None, False),
    ],
)
def test_of_a_cancelled_stop_there_is_something_to_say_if_something_has_happened(stop, known, cancelled):
    assert is_cancelled(stop, without("s1", 2, START), known) is cancelled


def test_what_was_said_while_it_was_cancelled_is_said_anew_once_it_is_planned_again():
    versions = [
        plan("r1", issued=START),
        without("s1", 2, START + HOUR),
        plan("r1", version=3, issued=START + 2 * HOUR),
    ]
    words = [(word(time=START + each), START + each) for each in (MINUTE, HOUR, 2 * HOUR)]
    kept = [tap for tap, _ in words]
    assert that_count(words, "s1", versions) == [kept[0], kept[2]]
    assert that_count(words, "s1", versions[:2]) == kept
    assert that_count(words, "s2", versions) == kept


def test_one_bad_tap_costs_one():
    good = {"id": "a", "route": "r", "stop": "s", "said": "arrived", "time": START}
    results = read_taps(batch({**good, "said": "?"}, good, {"id": 5}, [], {**good, "extra": 1}), START)
    assert [type(each) for each in results] == [Result, Dated, Result, Result, Dated]
    assert [each.id for each in results if isinstance(each, Result)] == ["a", "", ""]


def test_a_clock_that_was_never_set_drags_no_other_tap_with_it():
    good = {"id": "a", "route": "r", "stop": "s", "said": "arrived", "time": START - HOUR}
    first, second = read_taps(batch(good, {**good, "id": "b", "time": 5}), START)
    assert isinstance(first, Dated)
    assert first.time == START - HOUR
    assert second == Result("b", TapOutcome.TOO_OLD)


def test_how_old_a_word_may_be():
    good = {"id": "a", "route": "r", "stop": "s", "said": "arrived"}
    taps = [{**good, "time": START - MAX_AGE_MS - 1}, {**good, "time": START - MAX_AGE_MS}]
    assert [type(each) for each in read_taps(batch(*taps), START)] == [Result, Dated]


def test_each_answer_is_explained_to_who_writes_an_app():
    page = (ROOT / "docs" / "drivers.md").read_text()
    assert [outcome for outcome in TapOutcome if f"`{outcome}`" not in page] == []
    assert f"at most {MAX_TAPS}" in page
    assert f"at most {MAX_PROOFS} a stop" in page
