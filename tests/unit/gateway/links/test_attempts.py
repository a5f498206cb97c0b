"""Which stop a link shows: one customer's attempt of the day, and nothing if it is not one customer's."""

import pytest

from gateway.domain.stop import Execution, FailureReason, Outcome, Teller
from gateway.execution.view import TapShown
from gateway.links.attempts import KEPT_MS, Attempt, expires_at, next_attempt
from gateway.links.attempts import shown_attempt as shown_at
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route, a_stop

ANN, BOB, NOBODY = frozenset({"ann"}), frozenset({"bob"}), frozenset()
DAY_MS = 24 * 60 * MINUTE


def attempt(route="r1", day=0, contacts=ANN, phase="under_way", **stop):
    shift = day * DAY_MS
    date = f"2026-03-{10 + day}"
    return Attempt(
        a_route(route=route, phase=phase, start=START + shift, planned_end=START + shift + 60 * MINUTE, date=date),
        a_stop(planned_arrival=START + shift + MINUTE, **stop),
        contacts,
    )


def shown_attempt(attempts, day=5):
    """What is shown when all the attempts' days have begun."""
    return shown_at(attempts, START + day * DAY_MS)


def failed(**changes):
    return attempt(**{"outcome": Outcome.FAILED, "failure": FailureReason.ABSENT, **changes})


def done(route="r1", **changes):
    return attempt(route, **{"outcome": Outcome.SUCCEEDED, **changes})


def test_no_attempt_shows_nothing():
    assert shown_attempt([]) is None


def test_the_second_attempt_takes_over_the_link():
    first, second = failed(), attempt("r2", day=1)
    assert shown_attempt([second, first]) is second
    assert shown_attempt([first, second]) is second


def test_within_a_route_the_last_planned_one_counts():
    first, second = failed(stop="s1"), attempt(stop="s1-2", sequence=9)
    assert shown_attempt([first, second]) is second


def test_what_was_taken_off_gives_way_to_what_stands():
    standing = attempt()
    cancelled = attempt("r2", day=1, execution=Execution.CANCELLED)
    withdrawn = attempt("r3", day=2, phase="withdrawn")
    assert shown_attempt([withdrawn, cancelled, standing]) is standing
    assert shown_attempt([withdrawn, cancelled]) is withdrawn


@pytest.mark.parametrize(
    ("earlier", "newest"),
    [
        (done(contacts=ANN), attempt("r2", day=1, contacts=BOB)),
        (failed(contacts=ANN), attempt("r2", day=1, contacts=BOB)),
        (done(contacts=NOBODY), attempt("r2", day=1, contacts=NOBODY)),
        (attempt(contacts=NOBODY), attempt("r2", contacts=NOBODY)),
        (done(contacts=ANN), attempt("r2", day=1, contacts=NOBODY)),
        (attempt(contacts=NOBODY, execution=Execution.DEPARTED), attempt("r2", day=1, contacts=ANN)),
        (attempt(stop="a", contacts=ANN), attempt(stop="b", sequence=9, contacts=BOB)),
    ],
    ids=["two people", "two people, it failed", "two days", "two vans", "one known", "one known, came", "one route"],
)
def test_a_reference_that_may_stand_for_two_people_shows_nothing(earlier, newest):
    assert shown_attempt([newest, earlier]) is None
    assert shown_attempt([earlier, newest]) is None


@pytest.mark.parametrize(
    ("earlier", "newest"),
    [
        (done(contacts=ANN), attempt("r2", day=1, contacts=ANN | BOB)),
        (failed(contacts=NOBODY), attempt("r2", day=1, contacts=NOBODY)),
        (attempt(contacts=NOBODY, execution=Execution.SKIPPED), attempt("r2", day=1, contacts=ANN)),
        (attempt(contacts=NOBODY, execution=Execution.CANCELLED), attempt("r2", contacts=NOBODY)),
        (attempt(contacts=NOBODY, phase="withdrawn"), attempt("r2", contacts=NOBODY)),
    ],
    ids=["same phone", "it failed", "it was skipped", "it was cancelled", "its route was withdrawn"],
)
def test_one_persons_attempts_belong_together(earlier, newest):
    assert shown_attempt([newest, earlier]) is newest


def test_one_stranger_among_many_is_enough():
    assert shown_attempt([attempt("r3", day=2), done("r2", day=1), done(contacts=BOB)]) is None


def test_a_link_lives_two_days_after_the_outcome():
    tap = TapShown(time=START, by=Teller.DRIVER)
    assert expires_at(done(tap=tap)) == START + KEPT_MS
    assert KEPT_MS == 2 * DAY_MS


def test_without_an_outcome_it_lives_two_days_after_the_end():
    ends = START + 60 * MINUTE
    assert expires_at(attempt()) == ends + KEPT_MS
    assert expires_at(attempt(departed=ends + 5)) == ends + 5 + KEPT_MS


NOT_TO_BE_TAKEN_FOR_OVER = [
    attempt(),
    attempt(phase="planned"),
    attempt(execution=Execution.EN_ROUTE),
    attempt(execution=Execution.ARRIVED),
    attempt(execution=Execution.SKIPPED),
]


@pytest.mark.parametrize("today", NOT_TO_BE_TAKEN_FOR_OVER)
def test_who_waits_today_is_told_of_today_though_tomorrow_is_planned(today):
    tomorrow = attempt("r2", day=1, phase="planned")
    assert shown_at([tomorrow, today], START) is today
    assert next_attempt([tomorrow, today], today) is tomorrow
    assert shown_at([tomorrow, today], START + DAY_MS) is tomorrow


OVER = [failed(), done(), attempt(execution=Execution.DEPARTED), attempt(phase="finished")]


@pytest.mark.parametrize("today", OVER)
def test_what_became_of_it_is_told_until_the_next_attempts_day(today):
    tomorrow = attempt("r2", day=1, phase="planned")
    night = START + 15 * 60 * MINUTE + 59 * MINUTE  # 23:59 in Helsinki
    assert shown_at([tomorrow, today], night) is today
    assert shown_at([tomorrow, today], night + MINUTE) is tomorrow


def test_of_one_day_what_is_not_over_comes_first():
    morning, evening = failed(), attempt("r2", sequence=2)
    assert shown_at([evening, morning], START) is evening
    gone, waiting = done("r2", sequence=2), attempt()
    assert shown_at([gone, waiting], START) is waiting


def test_of_two_that_wait_the_one_under_way_comes_first():
    under_way, waiting = attempt(), attempt("r2", phase="planned", sequence=2)
    assert shown_at([waiting, under_way], START) is under_way


def test_a_van_that_never_came_is_not_waited_for_for_ever():
    never, later = attempt(phase="planned"), done("r2", day=1)
    assert shown_at([later, never], START + DAY_MS + 60 * MINUTE) is later


def test_the_first_day_of_all_is_shown_before_it_begins():
    first, second = attempt(day=2, phase="planned"), attempt("r2", day=4, phase="planned")
    assert shown_at([second, first], START) is first


def test_the_next_attempt_is_the_nearest_that_stands():
    shown = failed()
    cancelled = attempt("r2", day=1, execution=Execution.CANCELLED)
    near, far = attempt("r3", day=2), attempt("r4", day=3)
    assert next_attempt([far, cancelled, near, shown], shown) is near
    assert next_attempt([cancelled, shown], shown) is None


def test_a_link_lives_as_long_as_the_settings_say():
    tap = TapShown(time=START, by=Teller.DRIVER)
    assert expires_at(done(tap=tap), 3) == START + 3
