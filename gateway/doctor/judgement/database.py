"""What the database's answers mean."""

from collections.abc import Iterator

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.judgement.clock import judge_difference
from gateway.doctor.measurements import DatabaseState, Retention
from gateway.telemetry import outcomes
from gateway.telemetry.outcomes import WriteOutcome

SHORTEST_RETENTION_HOURS = 7 * 24.0
"""Below a week, a complaint about last week's delivery cannot be looked into."""

_ACTIONS = {
    outcomes.Verdict.UNAUTHORISED: "check username and password_file, or token_file: it must be allowed to write",
    outcomes.Verdict.NO_DATABASE: "create the database or bucket, or correct its name in [telemetry]",
    outcomes.Verdict.MISDIRECTED: "check url and kind in [telemetry]: what answers there has no such write API",
    outcomes.Verdict.OVER_LIMIT: "raise the database's limit on series (max-series-per-database)",
    outcomes.Verdict.UNREACHABLE: "check url in [telemetry], and that the database runs",
}


def judge_embedded() -> Finding:
    """Return what to say of the embedded store: it lives in the data directory, which is looked at anyway."""
    return _finding(Verdict.OK, "the store is embedded in the gateway; see disk and files")


def judge_unreachable(detail: str) -> Finding:
    """Judge a database that does not answer."""
    return _finding(
        Verdict.PROBLEM,
        f"the database cannot be reached ({detail}): positions wait in the journal",
        _ACTIONS[outcomes.Verdict.UNREACHABLE],
    )


def judge_database(state: DatabaseState, write: WriteOutcome) -> Iterator[Finding]:
    """Judge a database that answers, and what it said to a point of the doctor's own."""
    yield _finding(Verdict.OK, f"the database answers, version {state.version or 'unknown'}")
    yield _judge_write(write)
    yield _judge_retention(state.retention)
    if state.ahead_s is not None:
        yield judge_difference("the database", state.ahead_s)


def _judge_write(write: WriteOutcome) -> Finding:
    if write.verdict is outcomes.Verdict.WRITTEN:
        return _finding(Verdict.OK, "it takes what the gateway writes")
    words = f" ({write.detail})" if write.detail else ""
    action = _ACTIONS.get(write.verdict, "see the database's log")
    return _finding(Verdict.PROBLEM, f"it does not take what the gateway writes: {write.verdict}{words}", action)


def _judge_retention(retention: Retention | None) -> Finding:
    if retention is None:
        return _finding(Verdict.UNKNOWN, "how long it keeps positions, it does not tell this user")
    if retention.hours is None:
        return _finding(Verdict.OK, "it keeps positions for ever: see to the disk, and to what the law allows")
    if retention.hours < SHORTEST_RETENTION_HOURS:
        return _finding(
            Verdict.WARNING,
            f"it deletes positions after {retention.hours:g} hours",
            "lengthen the retention, if tracks are to be looked at later",
        )
    return _finding(Verdict.OK, f"it keeps positions for {retention.hours / 24:g} days")


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.DATABASE, verdict, meaning, action)
