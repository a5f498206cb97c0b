"""Takes into a route what the book has and its state lacks: what came in while it was set aside.

All words of the book are folded again: a state knows those that it has. A version or word that raises here too is left
out, and the route goes on as it was before it; it stays owed, so each start tries it again. What of it lies in the
journal behind the saved offset is folded once more from there, and changes nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import structlog

from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.execution.codec import decode_state, encode_state
from gateway.execution.outlook.codec import decode_outlook, encode_outlook
from gateway.execution.rounds import Fault, Rounds, fold, follow
from gateway.ports import RouteBook, StoredEvent
from gateway.stages.rounds import as_stored

log = structlog.get_logger(__name__)


def say(*faults: Fault) -> None:
    """Log that something cannot be taken into a route at the start."""
    for key, error in faults:
        log.error("a route cannot be taken up", route=str(key), why=repr(error), exc_info=error)


async def catch_up(rounds: Rounds, book: RouteBook, key: RouteKey, version: int = 0) -> list[StoredEvent]:
    """Take in the versions after `version` and all words, in the order in which they came; return what happened.

    A route that is not followed is begun by its first version.

    Raises:
        OperationsAway: the book cannot be read.

    """
    events: list[StoredEvent] = []
    good, why = _kept(rounds, key), None
    for record in await _lacking(book, key, version):
        change = fold(rounds, record)
        if change.faults:
            say(*change.faults)
            why = repr(change.faults[0].error)
            _put_back(rounds, good)
        elif change.changed:
            good = _kept(rounds, key)
            events += [as_stored(event, record.received) for event in change.events]
    if why is not None:
        rounds.owed[key] = why
    return events


async def _lacking(book: RouteBook, key: RouteKey, version: int) -> Sequence[RouteRecord | TapRecord]:
    plans = [RouteRecord(plan, plan.issued) for plan in await book.versions(key) if plan.version > version]
    words = [TapRecord(key, *each) for each in await book.taps(key)]
    return sorted([*plans, *words], key=lambda record: record.received)


class _Kept(NamedTuple):
    """A followed route as it was: a fold changes its state in place."""

    plan: RoutePlan
    state: bytes
    outlook: bytes
    known: int
    revision: int


def _kept(rounds: Rounds, key: RouteKey) -> _Kept | None:
    followed = rounds.rounds.get(key)
    if followed is None:
        return None
    state, outlook = encode_state(followed.state), encode_outlook(followed.outlook)
    return _Kept(followed.layout.plan, state, outlook, followed.known, followed.revision)


def _put_back(rounds: Rounds, kept: _Kept | None) -> None:
    """Follow the route as it was, if it was followed."""
    if kept is not None:
        plan, state, outlook, known, revision = kept
        follow(rounds, plan, decode_state(state), known, revision, outlook=decode_outlook(outlook))
