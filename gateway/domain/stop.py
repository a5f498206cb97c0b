"""A stop's three axes, and the one label that a manager reads from them."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.route import Place


class Execution(StrEnum):
    """What the vehicle does about the stop; its own movement drives it.

    pending -> en_route -> arrived -> departed; skipped is reversible, cancelled is the planner's word.
    """

    PENDING = "pending"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    DEPARTED = "departed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What became of the delivery; only a person's word sets it."""

    NONE = "none"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class LeftWith(StrEnum):
    """To whom or where a delivery went."""

    RECIPIENT = "recipient"
    NEIGHBOUR = "neighbour"
    SAFE_PLACE = "safe_place"
    LOCKER = "locker"


class FailureReason(StrEnum):
    """Why a delivery failed."""

    ABSENT = "absent"
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    NO_ACCESS = "no_access"
    DAMAGED = "damaged"
    MISSING_ITEM = "missing_item"
    CLOSED = "closed"
    OUT_OF_TIME = "out_of_time"
    VEHICLE_PROBLEM = "vehicle_problem"
    OTHER = "other"


class Timeliness(StrEnum):
    """How a stop stands against what was promised; computed, never said."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"
    EARLY = "early"
    UNKNOWN = "unknown"


class Label(StrEnum):
    """The manager's four states of a stop. Lateness is a mark beside it."""

    PENDING = "pending"
    ON_TRACK = "on_track"
    COMPLETED = "completed"
    INCIDENT = "incident"


_LABELS = {
    Execution.PENDING: Label.PENDING,
    Execution.EN_ROUTE: Label.ON_TRACK,
    Execution.ARRIVED: Label.ON_TRACK,
    Execution.DEPARTED: Label.COMPLETED,
    Execution.SKIPPED: Label.INCIDENT,
    Execution.CANCELLED: Label.INCIDENT,
}
_SETTLED = {Outcome.SUCCEEDED: Label.COMPLETED, Outcome.FAILED: Label.INCIDENT}


def label_of(execution: Execution, outcome: Outcome) -> Label:
    """Return the label: an outcome decides, else what the vehicle does."""
    return _SETTLED.get(outcome) or _LABELS[execution]


class Said(StrEnum):
    """What a tap says. `undone` takes back the outcome said before it."""

    ARRIVED = "arrived"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNDONE = "undone"


class Teller(StrEnum):
    """Who said it."""

    DRIVER = "driver"
    OPERATOR = "operator"
    INTEGRATOR = "integrator"


@dataclass(frozen=True, slots=True)
class Tap:
    """A person's word on a stop. `id` makes it count once, however often it is sent.

    `time` is when it was said, by the teller's clock (Unix ms); `place` is where the teller's phone was, None if it
    did not know, within `accuracy` metres (95 %).
    """

    id: str
    time: int
    said: Said
    by: Teller
    left_with: LeftWith | None = None
    reason: FailureReason | None = None
    place: Place | None = None
    accuracy: float | None = None
