"""What documents for people call things."""

from gateway.domain.events import DeviationKind
from gateway.domain.proof import ProofKind
from gateway.domain.stop import Execution, FailureReason, Label, LeftWith, Outcome, Teller, Timeliness
from gateway.execution.day.record import FirstAttempt, Phase, Share, StopRow
from gateway.export.formats.local_times import span_text
from gateway.export.records.told import Told

LABELS = {
    Label.PENDING: "pending",
    Label.ON_TRACK: "on track",
    Label.COMPLETED: "completed",
    Label.INCIDENT: "with an incident",
}

PHASES = {
    Phase.PLANNED: "not started",
    Phase.UNDER_WAY: "not finished",
    Phase.FINISHED: "finished",
    Phase.WITHDRAWN: "withdrawn",
}

DEVIATIONS = {
    DeviationKind.OFF_ROUTE: "Off the route",
    DeviationKind.OUT_OF_SEQUENCE: "Out of sequence",
    DeviationKind.STOP_SKIPPED: "Stop skipped",
    DeviationKind.UNPLANNED_STOP: "Unplanned long stop",
    DeviationKind.LATE_START: "Late start",
    DeviationKind.WINDOW_AT_RISK: "Time window at risk",
    DeviationKind.TRACKER_SILENT: "Tracker silent",
    DeviationKind.DONE_FAR_AWAY: "Done far from the stop",
}

PROOFS = {ProofKind.PHOTO: "photo", ProofKind.SIGNATURE: "signature"}

TELLERS = {Teller.DRIVER: "driver", Teller.OPERATOR: "dispatcher", Teller.INTEGRATOR: "another system"}

_LEFT_WITH = {
    LeftWith.RECIPIENT: "delivered to the recipient",
    LeftWith.NEIGHBOUR: "left with a neighbour",
    LeftWith.SAFE_PLACE: "left in a safe place",
    LeftWith.LOCKER: "left in a locker",
}

_REASONS = {
    FailureReason.ABSENT: "nobody there",
    FailureReason.REFUSED: "refused",
    FailureReason.WRONG_ADDRESS: "wrong address",
    FailureReason.NO_ACCESS: "no access",
    FailureReason.DAMAGED: "damaged",
    FailureReason.MISSING_ITEM: "item missing",
    FailureReason.CLOSED: "closed",
    FailureReason.OUT_OF_TIME: "out of time",
    FailureReason.VEHICLE_PROBLEM: "vehicle problem",
    FailureReason.OTHER: "another reason",
}

_WITHOUT_WORD = {
    Execution.PENDING: "not reached",
    Execution.EN_ROUTE: "on its way there",
    Execution.ARRIVED: "arrived, not departed",
    Execution.DEPARTED: "served, unconfirmed",
    Execution.SKIPPED: "skipped",
    Execution.CANCELLED: "cancelled",
}

_MARKS = {Timeliness.LATE: "late", Timeliness.EARLY: "early"}


def reason_text(reason: FailureReason | None) -> str:
    """Return why a delivery failed, "" if nobody said."""
    return "" if reason is None else _REASONS[reason]


def outcome_text(row: StopRow) -> str:
    """Return what became of a stop: `failed: nobody there`, `left with a neighbour`, `served, unconfirmed`."""
    if row.outcome is Outcome.FAILED:
        return f"failed: {reason_text(row.failure)}" if row.failure else "failed"
    if row.outcome is Outcome.SUCCEEDED:
        text = _LEFT_WITH[row.left_with] if row.left_with else "delivered"
        return f"{text}, later attempt" if row.first_attempt is FirstAttempt.LATER else text
    return _WITHOUT_WORD[row.execution]


def proof_text(told: Told, row: StopRow) -> str:
    """Return what proves a stop: `photo, signature`, `photo, erased`, `photo was asked, none came`; "" for nothing."""
    proofs, asked = told.proofs_of(row), told.proof_asked(row)
    brought = ", ".join(PROOFS[kind] for kind in dict.fromkeys(proof.kind for proof in proofs))
    if proofs and all(proof.erased is not None for proof in proofs):
        return f"{brought}, erased"
    missing = asked is not None and row.outcome is Outcome.SUCCEEDED and asked not in {proof.kind for proof in proofs}
    lack = f"{PROOFS[asked]} was asked, none came" if asked is not None and missing else ""
    return "; ".join(part for part in (brought, lack) if part)


def size_text(size: int) -> str:
    """Return how large a file is: `740 B`, `86 kB`, `1.2 MB`."""
    if size < 1_000:
        return f"{size} B"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def lateness_text(row: StopRow) -> str:
    """Return how late or early the arrival was, "" if it was neither or is not known."""
    mark = _MARKS.get(row.timeliness)
    if mark is None or row.arrived is None or row.lateness_ms is None:
        return ""
    return f"{span_text(abs(row.lateness_ms))} {mark}"


def share_text(share: Share) -> str:
    """Return a rate for a person: `92 %`, or a dash if nothing counts."""
    return "–" if share.rate is None else f"{100 * share.rate:.0f} %"


def stop_line(told: Told, row: StopRow) -> str:
    """Return a stop in one line, with local times."""
    planned = f"planned {told.times.clock(row.planned_arrival)}"
    arrived = "" if row.arrived is None else f"arrived {told.times.clock(row.arrived)}"
    return "; ".join(
        text for text in (LABELS[row.label], outcome_text(row), planned, arrived, lateness_text(row)) if text
    )
