"""Takes the routes up again at the start: each stored state with the very version of the plan it was folded with."""

import structlog

from gateway.domain.records import TapRecord
from gateway.domain.route import RoutePlan
from gateway.execution.codec import StateUnreadable, decode_state
from gateway.execution.fold import begin
from gateway.execution.rounds import Rounds, fold, follow
from gateway.ports import RouteBook, RouteSnapshot, RouteStates
from gateway.stages.rounds import Followed
from gateway.stages.snapshots import Due

END_OF_TIME = 2**62

log = structlog.get_logger(__name__)


async def take_up(store: RouteStates, book: RouteBook, newest: int) -> Followed:
    """Return the followed routes as they were saved last; `newest` is the journal's newest offset.

    A state that cannot be read costs that route its movement so far: it is begun anew from its plan and the words that
    the book holds. A state whose plan is not in the book (which was restored from a backup) is let go until the plan
    comes again. Both are said in the log.

    Raises:
        StateUnavailable, OperationsAway: the files cannot be used.

    """
    offset, stored = await store.load()
    rounds = Rounds()
    repaired = [state.key for state in stored if not await _follow(rounds, book, state) and state.key in rounds.rounds]
    return Followed(min(offset, newest), rounds, await _due(store, rounds), frozenset(repaired))


async def _follow(rounds: Rounds, book: RouteBook, stored: RouteSnapshot) -> bool:
    """Follow the route; return whether that is from its stored state."""
    plan, name = await book.version(stored.key, stored.version), str(stored.key)
    if plan is None:
        log.error("the book lacks a followed route's plan; it is let go", route=name, version=stored.version)
        return False
    try:
        follow(rounds, plan, decode_state(stored.state), stored.known)
    except StateUnreadable as error:
        log.error("a route's state is unreadable; it is begun anew", route=name, why=str(error))  # noqa: TRY400
        await _begin_anew(rounds, book, plan, stored.known)
        return False
    return True


async def _begin_anew(rounds: Rounds, book: RouteBook, plan: RoutePlan, known: int) -> None:
    follow(rounds, plan, begin(plan), known)
    for stop, tap, received in await book.taps(plan.key):
        fold(rounds, TapRecord(plan.key, stop, tap, received))


async def _due(store: RouteStates, rounds: Rounds) -> Due:
    """Return which snapshots are owed: those of routes that changed after the last one."""
    due = Due()
    for kept in await store.as_known(END_OF_TIME, list(rounds.rounds)):
        changed = rounds.rounds[kept.key].known
        events = await store.events(kept.key) if changed > kept.known else ()
        due.resume(kept.key, kept.known, changed, [event.known for event in events])
    return due
