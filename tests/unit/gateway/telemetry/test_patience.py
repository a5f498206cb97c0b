"""What follows an outcome, and after how long."""

import pytest

from gateway.telemetry.outcomes import WRITTEN, Verdict, WriteOutcome
from gateway.telemetry.patience import (
    ATTEMPTS_BEFORE_DIVIDING,
    ATTEMPTS_BEFORE_SUSPICION,
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    PERSON_WAIT_S,
    Step,
    next_step,
    wait_s,
)

MANY = 100
PATIENT = ATTEMPTS_BEFORE_DIVIDING
SUSPICIOUS = ATTEMPTS_BEFORE_SUSPICION


@pytest.mark.parametrize(
    ("verdict", "attempts", "positions", "step"),
    [
        (Verdict.WRITTEN, 1, MANY, Step.SETTLED),
        (Verdict.EXPIRED, 1, MANY, Step.SETTLED),
        (Verdict.REFUSED, 1, MANY, Step.DIVIDE),
        (Verdict.REFUSED, 1, 1, Step.SET_ASIDE),
        (Verdict.TOO_LARGE, 1, MANY, Step.DIVIDE),
        (Verdict.TOO_LARGE, 1, 1, Step.SET_ASIDE),
        (Verdict.FAILED, PATIENT - 1, MANY, Step.WAIT),
        (Verdict.FAILED, PATIENT, MANY, Step.DIVIDE),
        (Verdict.UNREACHABLE, PATIENT, MANY, Step.DIVIDE),
        (Verdict.FAILED, PATIENT, 1, Step.WAIT),
        (Verdict.FAILED, SUSPICIOUS, 1, Step.SUSPECT),
        (Verdict.UNREACHABLE, 10**6, 1, Step.WAIT),
        *[
            (verdict, 10**6, MANY, Step.WAIT)
            for verdict in (
                Verdict.BUSY,
                Verdict.UNAUTHORISED,
                Verdict.NO_DATABASE,
                Verdict.OVER_LIMIT,
                Verdict.MISDIRECTED,
            )
        ],
    ],
)
def test_the_step_after_an_outcome(verdict, attempts, positions, step):
    assert next_step(WriteOutcome(verdict), attempts, positions) is step


def test_every_verdict_has_a_step():
    assert {next_step(WriteOutcome(verdict), 1, MANY) for verdict in Verdict} == {Step.SETTLED, Step.DIVIDE, Step.WAIT}
    assert next_step(WRITTEN, 1, 0) is Step.SETTLED


def test_waiting_doubles_to_its_limit_and_never_overflows():
    waits = [wait_s(WriteOutcome(Verdict.UNREACHABLE), attempts, 0.999) for attempts in (1, 2, 3, 50, 10**9)]
    assert waits == sorted(waits)
    assert waits[0] <= FIRST_WAIT_S
    assert LONGEST_WAIT_S * 0.9 < waits[-1] <= LONGEST_WAIT_S


def test_chance_spreads_the_waits():
    outcome = WriteOutcome(Verdict.FAILED)
    assert wait_s(outcome, 5, 0.0) < wait_s(outcome, 5, 0.5) < wait_s(outcome, 5, 0.9)


def test_the_databases_own_wish_is_never_undercut():
    assert wait_s(WriteOutcome(Verdict.BUSY, "", 120.0), 1, 0.0) >= 120.0


def test_what_needs_a_person_is_asked_seldom():
    assert PERSON_WAIT_S / 2 <= wait_s(WriteOutcome(Verdict.UNAUTHORISED), 1, 0.0) <= PERSON_WAIT_S
