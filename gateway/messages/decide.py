"""Whether a letter to a customer is sent now, later or never. The first reason of the table that holds decides.

| reason | what becomes of the letter |
|---|---|
| kind_off, expired | dropped: nobody wants such messages, or it is too late |
| unknown_stop, nobody | dropped: there is no such stop, or nobody is known there (any more): never was, or erased |
| other_order | dropped: a new plan gave the stop's name to another order |
| withdrawn | dropped: the stop is cancelled, or its route withdrawn |
| stop_over | dropped: on the way, next, arriving and a new ETA of a stop that the van will not come to any more |
| superseded | dropped: something newer is true, see `_superseded` |
| no_consent, opted_out, no_contact | dropped: the recipient did not agree, does not want any more, cannot be reached |
| undo | held: an outcome may be taken back yet, or was and will be said again |
| put_off | held: another stop is served first, and the van may come back to this one |
| quiet_hours | held until they end; dropped instead if it is too late then |
| none | sent, through the first channel whose contact is known |

`ARRIVING` is not held in quiet hours: the van itself is at the door ten minutes later, and rings.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gateway.domain.letter import Letter
from gateway.domain.message import Consent, Contact, MessageKind
from gateway.domain.stop import Execution, Outcome
from gateway.execution.view import Route, RouteStop
from gateway.messages.about import About
from gateway.messages.drafts import MINUTE_MS, step_now
from gateway.messages.quiet import QuietHours, quiet_until
from gateway.messages.recipient import Recipient, contact_of, is_anybody

UNDO_MS = 15_000
"""How long an outcome waits before it is told: the driver's page offers to undo it for 10 s, and that travels, too."""

ASK_AGAIN_MS = MINUTE_MS
"""How soon a letter is looked at again that is not true just now: it becomes so again, or the letter ends.

Dropped it would be lost until the same happens anew: a stop has one letter of a kind."""


class Reason(StrEnum):
    """Why a letter is not sent now."""

    KIND_OFF = "kind_off"
    EXPIRED = "expired"
    UNKNOWN_STOP = "unknown_stop"
    OTHER_ORDER = "other_order"
    NOBODY = "nobody"
    WITHDRAWN = "withdrawn"
    STOP_OVER = "stop_over"
    SUPERSEDED = "superseded"
    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    NO_CONTACT = "no_contact"
    UNDO = "undo"
    PUT_OFF = "put_off"
    QUIET_HOURS = "quiet_hours"


class Way(NamedTuple):
    """A channel by its name, and by what of a recipient it reaches them."""

    channel: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings say: `ways` in the order in which they are tried; `arriving_ms` is how near the van is then."""

    ways: Sequence[Way]
    kinds: Collection[MessageKind]
    consent: Consent
    quiet: QuietHours | None
    arriving_ms: int


@dataclass(frozen=True, slots=True)
class Case:
    """A letter, and all that is known when it is to be sent. `route` and `stop` None: there is no such stop."""

    letter: Letter
    about: About
    route: Route | None
    stop: RouteStop | None
    recipient: Recipient
    opted_out: bool


class Sent(NamedTuple):
    """It is sent through a channel, to a phone number or an e-mail address."""

    way: Way
    to: str


class Held(NamedTuple):
    """Not before that time (Unix ms)."""

    reason: Reason
    until: int


class Dropped(NamedTuple):
    """Not any more."""

    reason: Reason


Decision = Sent | Held | Dropped


def decide(case: Case, rules: Rules, now: int) -> Decision:
    """Return what becomes of a letter at `now` (Unix ms)."""
    if case.about.kind not in rules.kinds:
        return Dropped(Reason.KIND_OFF)
    if case.letter.expires is not None and case.letter.expires <= now:
        return Dropped(Reason.EXPIRED)
    if case.route is None or case.stop is None:
        return Dropped(Reason.UNKNOWN_STOP)
    if case.about.order not in (None, case.stop.order):
        return Dropped(Reason.OTHER_ORDER)
    untrue = _untrue(Standing(case.about, case.route, case.stop, rules, now)) or _unwanted(case, rules)
    if untrue is not None:
        return Dropped(untrue)
    held = _held(case, case.route.zone, case.stop, rules, now)
    return held or _sent(case.recipient, rules)


class Standing(NamedTuple):
    """What a letter tells, and what is true at `now`."""

    about: About
    route: Route
    stop: RouteStop
    rules: Rules
    now: int


def _untrue(standing: Standing) -> Reason | None:
    """Return why what the letter tells is not so any more."""
    kind, stop = standing.about.kind, standing.stop
    if kind in _OUTCOMES:
        return Reason.SUPERSEDED if stop.outcome not in (_OUTCOMES[kind], Outcome.NONE) else None
    if standing.route.phase == _WITHDRAWN or stop.execution is Execution.CANCELLED:
        return Reason.WITHDRAWN
    if kind is not MessageKind.NEW_ETA and stop.execution is Execution.ARRIVED and stop.outcome is Outcome.NONE:
        return Reason.SUPERSEDED
    if standing.route.phase == _FINISHED or stop.execution in _OVER or stop.outcome is not Outcome.NONE:
        return Reason.STOP_OVER
    return Reason.SUPERSEDED if _superseded(standing) else None


_WITHDRAWN = "withdrawn"
_FINISHED = "finished"
_OVER = frozenset({Execution.ARRIVED, Execution.DEPARTED})
_OUTCOMES: Mapping[MessageKind, Outcome] = {
    MessageKind.DELIVERED: Outcome.SUCCEEDED,
    MessageKind.FAILED: Outcome.FAILED,
}


def _superseded(standing: Standing) -> bool:
    """Whether a newer message says more: it was sent, or is due; and whether a new time is the one of this letter."""
    if standing.about.kind is MessageKind.NEW_ETA:
        return step_now(standing.stop) != standing.about.step
    return any(kind in standing.rules.kinds and holds(standing) for kind, holds in _NEWER[standing.about.kind])


def _is_next(standing: Standing) -> bool:
    return standing.stop.execution is Execution.EN_ROUTE


def _is_near(standing: Standing) -> bool:
    """Whether the van is; where doors are close together there may be stops before."""
    eta = standing.stop.eta
    return eta is not None and eta.p50 - standing.now <= standing.rules.arriving_ms


_NEWER: Mapping[MessageKind, Sequence[tuple[MessageKind, Callable[[Standing], bool]]]] = {
    MessageKind.ON_THE_WAY: ((MessageKind.NEXT, _is_next), (MessageKind.ARRIVING, _is_near)),
    MessageKind.NEXT: ((MessageKind.ARRIVING, _is_near),),
    MessageKind.ARRIVING: (),
}
"""Which kinds say more than a kind, and when they are due."""


def _unwanted(case: Case, rules: Rules) -> Reason | None:
    """Return why the recipient is not written to."""
    recipient = case.recipient
    if not is_anybody(recipient):
        return Reason.NOBODY
    if recipient.notify is False or (recipient.notify is None and rules.consent is Consent.GIVEN):
        return Reason.NO_CONSENT
    if case.opted_out:
        return Reason.OPTED_OUT
    return None if any(contact_of(recipient, way.contact) for way in rules.ways) else Reason.NO_CONTACT


def _held(case: Case, zone: str, stop: RouteStop, rules: Rules, now: int) -> Held | Dropped | None:
    """Return until when the letter waits; None: it does not."""
    if case.about.kind in _OUTCOMES and stop.outcome is Outcome.NONE:
        return Held(Reason.UNDO, now + ASK_AGAIN_MS)
    settled = said_at(case.letter, stop) + UNDO_MS
    if case.about.kind in _OUTCOMES and now < settled:
        return Held(Reason.UNDO, settled)
    if _is_put_off(case.about.kind, stop):
        return Held(Reason.PUT_OFF, now + ASK_AGAIN_MS)
    if case.about.kind is MessageKind.ARRIVING:
        return None
    until = quiet_until(now, zone, rules.quiet)
    if until is None:
        return None
    expires = case.letter.expires
    return Dropped(Reason.QUIET_HOURS) if expires is not None and expires <= until else Held(Reason.QUIET_HOURS, until)


def said_at(letter: Letter, stop: RouteStop) -> int:
    """Return when that was said of a stop which stands (Unix ms): the letter may be of a word that was taken back."""
    return letter.time if stop.tap is None else stop.tap.time


def _is_put_off(kind: MessageKind, stop: RouteStop) -> bool:
    if kind in _OUTCOMES:
        return False
    return stop.execution is Execution.SKIPPED or (kind is MessageKind.NEXT and stop.execution is Execution.PENDING)


def _sent(recipient: Recipient, rules: Rules) -> Sent:
    reached = ((way, contact_of(recipient, way.contact)) for way in rules.ways)
    way, to = next((way, to) for way, to in reached if to is not None)
    return Sent(way, to)
