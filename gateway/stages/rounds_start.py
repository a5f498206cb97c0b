"""Takes the routes up again at the start: each stored state with the very version of the plan it was folded with."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog

from gateway.domain.records import RouteRecord, TapRecord
from gateway.domain.route import RouteKey, RoutePlan
from gateway.execution.codec import StateUnreadable, decode_state
from gateway.execution.fold import begin
from gateway.execution.outlook import FORESEEN, Limits, Outlook
from gateway.execution.outlook.codec import decode_outlook
from gateway.execution.rounds import Rounds, fold, follow, set_aside
from gateway.execution.state import RouteState
from gateway.ports import Journal, RouteBook, RouteSnapshot, RouteStates, StoredEvent
from gateway.stages.catching_up import catch_up, say
from gateway.stages.rounds import Followed
from gateway.stages.snapshots import Due

END_OF_TIME = 2**62

DAYS_BACK = 2
"""How far back a route can still be followed: from its date over the night, and a day after its end."""

DAYS_AHEAD = 14
"""How far ahead the book is looked through where the states are lost: plans are made days ahead, not weeks."""

DEFAULT_LIMITS = Limits()

log = structlog.get_logger(__name__)


async def take_up(
    store: RouteStates, book: RouteBook, journal: Journal, now: int, limits: Limits = DEFAULT_LIMITS
) -> Followed:
    """Return the followed routes as they were saved last; `now` is Unix ms, `limits` are of what is foreseen.

    What the book has and a route that was set aside lacks is taken in. A state that cannot be read costs that route its
    movement so far: it is begun anew from its plan and the words that the book holds. A state whose plan is not in the
    book (which was restored from a backup) is let go until the plan comes again. One whose plan cannot be laid out is
    left as it is stored, and nothing is taken into it until the next start. All are said in the log. Where all states
    are lost, plans and words that are older than the journal come from the book.

    Raises:
        StateUnavailable, OperationsAway, JournalUnavailable: the files cannot be used.

    """
    offset, stored = await store.load()
    rounds = Rounds(limits=limits)
    repaired = [state.key for state in stored if not await _follow(rounds, book, state)]
    if offset == 0:
        repaired += await _from_the_book(rounds, book, await _oldest(journal), now)
    owed = await store.owed()
    versions = {state.key: state.version for state in stored}
    repaired += owed.keys() - versions.keys()
    events = [event for key in owed for event in await _pay(rounds, book, key, versions.get(key), now)]
    _say_owed(owed)
    here, until = rounds.rounds.keys(), min(offset, await journal.last_offset())
    due = await _due(store, rounds)
    return Followed(until, rounds, due, frozenset(here & repaired), frozenset(here & owed.keys()), events)


async def _pay(rounds: Rounds, book: RouteBook, key: RouteKey, version: int | None, now: int) -> Sequence[StoredEvent]:
    """Take in what a route lacks; one that nothing is stored of is begun, unless it is of days past."""
    if version is None:
        newest = await book.newest(key)
        return () if newest is None or newest.date < _days(now)[0] else await catch_up(rounds, book, key)
    return () if key not in rounds.rounds else await catch_up(rounds, book, key, version)


def _say_owed(owed: Mapping[RouteKey, str]) -> None:
    for key, why in owed.items():
        log.warning("a route was set aside before this start; it is taken up from the book", route=str(key), why=why)


async def _follow(rounds: Rounds, book: RouteBook, stored: RouteSnapshot) -> bool:
    """Follow the route; return whether that is from its stored state."""
    plan, name = await book.version(stored.key, stored.version), str(stored.key)
    if plan is None:
        log.error("the book lacks a followed route's plan; it is let go", route=name, version=stored.version)
        return False
    try:
        state, outlook = decode_state(stored.state), decode_outlook(stored.outlook)
    except StateUnreadable as error:
        log.error("a route's state is unreadable; it is begun anew", route=name, why=str(error))  # noqa: TRY400
        await _begin_anew(rounds, book, plan, stored.known)
        return False
    _go_on(rounds, plan, state, stored.known, outlook)
    return True


def _go_on(rounds: Rounds, plan: RoutePlan, state: RouteState, known: int, outlook: Outlook) -> None:
    """Follow the route, unless its plan cannot be laid out: what is stored of it stays for the next start."""
    try:
        follow(rounds, plan, state, known, outlook=outlook)
    except Exception as error:  # noqa: BLE001 - one route must not keep the gateway from starting
        say(set_aside(rounds, plan.key, error))


async def _begin_anew(rounds: Rounds, book: RouteBook, plan: RoutePlan, known: int) -> None:
    _go_on(rounds, plan, begin(plan), known, Outlook())
    for stop, tap, received in await book.taps(plan.key):
        if received <= known:
            say(*fold(rounds, TapRecord(plan.key, stop, tap, received)).faults)


async def _from_the_book(rounds: Rounds, book: RouteBook, until: int, now: int) -> list[RouteKey]:
    """Follow the routes of these days by what the book got before `until`; return them."""
    for day in _days(now):
        for key in await book.keys(None, day):
            await _fold_book(rounds, book, key, until)
    return list(rounds.rounds)


async def _fold_book(rounds: Rounds, book: RouteBook, key: RouteKey, until: int) -> None:
    for plan in await book.versions(key):
        if plan.issued < until:
            say(*fold(rounds, RouteRecord(plan, plan.issued)).faults)
    for stop, tap, received in await book.taps(key):
        if received < until:
            say(*fold(rounds, TapRecord(key, stop, tap, received)).faults)


async def _oldest(journal: Journal) -> int:
    """Return when the oldest record of the journal came in: what came before it is folded from nowhere else."""
    entries = await journal.read(0, 1)
    return entries[0].record.received if entries else END_OF_TIME


def _days(now: int) -> list[str]:
    today = datetime.fromtimestamp(now / 1_000, UTC).date()
    return [(today + timedelta(days=days)).isoformat() for days in range(-DAYS_BACK, DAYS_AHEAD + 1)]


async def _due(store: RouteStates, rounds: Rounds) -> Due:
    """Return which snapshots are owed: those of routes that changed after the last one."""
    due = Due()
    for kept in await store.as_known(END_OF_TIME, list(rounds.rounds)):
        changed = rounds.rounds[kept.key].known
        events = await store.events(kept.key) if changed > kept.known else ()
        due.resume(kept.key, kept.known, changed, [event.known for event in events if event.kind not in FORESEEN])
    return due
