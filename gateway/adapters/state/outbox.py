"""Letters in `state.db`: what is to be sent, in lanes, and what became of it.

A letter is open until it is delivered, dropped (not to be sent any more) or dead (given up; it can be replayed). Of a
lane's open letters only the first has a time at which it is due; the others wait for their turn without one, so that
what is due is found in an index however much waits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import NamedTuple

from gateway.adapters.sqlite_file import SqliteFile
from gateway.domain.letter import Draft, Fate, Letter, LetterState, Report
from gateway.ports.outbox import Settled
from gateway.sending.schedule import EXPIRED
from gateway.sending.standing import Standing, series_begin

PATIENCE_MS = 30 * 60_000
"""How long a letter lets others by that expire sooner: as long as the van's next stop is news. Then it is its turn.

It is a part of an index: with another number the index needs another name."""

_TURN = f"min(coalesce(expires, due + {PATIENCE_MS}), due + {PATIENCE_MS})"
"""What due letters are taken by. Of all that is due, a letter is overtaken only by what was due before that time."""

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS letter (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    endpoint TEXT NOT NULL, lane TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, time INTEGER NOT NULL,
    data BLOB NOT NULL, expires INTEGER, made INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL, due INTEGER, settled INTEGER, detail TEXT NOT NULL DEFAULT '');
DROP INDEX IF EXISTS letter_due;
CREATE INDEX IF NOT EXISTS letter_turn ON letter (endpoint, {_TURN}, due) WHERE state = 'open' AND due IS NOT NULL;
CREATE INDEX IF NOT EXISTS letter_open ON letter (endpoint, lane, seq) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS letter_by_state ON letter (state, settled);
CREATE TABLE IF NOT EXISTS lane (endpoint TEXT, lane TEXT, seq INTEGER NOT NULL, used INTEGER NOT NULL,
    PRIMARY KEY (endpoint, lane)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS lane_by_age ON lane (used);
CREATE TABLE IF NOT EXISTS endpoint (name TEXT PRIMARY KEY, failing_since INTEGER, not_before INTEGER,
    disabled INTEGER, detail TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS endpoint_failure (name TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
"""

OPEN_AT_MOST = 50_000
"""Open letters of an endpoint: a day of a hundred vans with a hundred stops and five events each, some 50 MB. What
comes then is dead at once, with the reason `full`: what is older is told first, and the rest can be replayed."""

FULL = "full"
DISABLED = "disabled"
NO_ENDPOINT = "no_endpoint"
"""Why letters are dead that were not tried to the end: there were too many, or their endpoint is switched off, or is
not in the settings any more."""

_NEXT_SEQ = (
    "INSERT INTO lane VALUES (:endpoint, :lane, 1, :now) "
    "ON CONFLICT DO UPDATE SET seq = seq + 1, used = :now RETURNING seq"
)
_INSERT = (
    "INSERT INTO letter (id, endpoint, lane, seq, kind, time, data, expires, made, state, settled, detail) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_OPEN_AGAIN = (
    "UPDATE letter SET state = 'open', time = ?, data = ?, expires = ?, attempts = 0, due = NULL, settled = NULL, "
    "detail = '' WHERE id = ? AND state = 'dropped' AND time < ?"
)
_LAST_LONGER = "UPDATE letter SET time = ?, data = ?, expires = ? WHERE id = ? AND state = 'open' AND time < ?"
_DUE = (
    "SELECT id, endpoint, lane, seq, kind, time, data, expires, made, attempts "  # noqa: S608 - constants
    "FROM letter INDEXED BY letter_turn WHERE state = 'open' AND endpoint = :endpoint AND due <= :now "
    f"AND {_TURN} <= :now + {PATIENCE_MS} ORDER BY {_TURN}, due, number LIMIT :most"
)
WAITING = "SELECT endpoint, count(*) FROM letter INDEXED BY letter_open WHERE state = 'open' GROUP BY endpoint"
_WAITING_FOR = "SELECT count(*) FROM letter INDEXED BY letter_open WHERE state = 'open' AND endpoint = ?"
_REFUSING = "SELECT 1 FROM endpoint WHERE name = ? AND (disabled IS NOT NULL OR not_before > ?)"
_NEXT_TURN = (
    "UPDATE letter SET due = coalesce(due, ?) WHERE number = (SELECT number FROM letter "
    "WHERE state = 'open' AND endpoint = ? AND lane = ? ORDER BY seq LIMIT 1)"
)
_WAIT_FOR_TURN = (
    "UPDATE letter SET due = NULL WHERE state = 'open' AND endpoint = ? AND lane = ? AND seq > "
    "(SELECT min(seq) FROM letter WHERE state = 'open' AND endpoint = ? AND lane = ?)"
)
_SETTLE = "UPDATE letter SET state = ?, attempts = attempts + ?, due = ?, settled = ?, detail = ? WHERE id = ?"
_ANEW = "UPDATE letter SET attempts = 0, due = ?, detail = '' WHERE id = ?"
_WELL = (
    "UPDATE endpoint SET failing_since = NULL, not_before = iif(not_before > :at, not_before, NULL), "
    "detail = iif(not_before > :at, detail, '') WHERE name = :name AND disabled IS NULL"
)
_FAILING = (
    "INSERT INTO endpoint (name, failing_since, not_before, detail) VALUES (:name, :since, :not_before, :detail) "
    "ON CONFLICT DO UPDATE SET failing_since = :since, "
    "not_before = coalesce(max(:not_before, not_before), :not_before, not_before), detail = :detail "
    "WHERE disabled IS NULL"
)
_FAILED_LAST = "INSERT OR REPLACE INTO endpoint_failure VALUES (?, ?)"
_DISABLE = (
    "INSERT INTO endpoint (name, disabled, detail) VALUES (:name, :at, :detail) "
    "ON CONFLICT DO UPDATE SET disabled = :at, detail = :detail"
)
_ARRIVED = (
    "UPDATE letter SET state = 'delivered', attempts = attempts + 1, settled = ?, detail = ? "
    "WHERE id = ? AND state = 'dead' AND detail = ?"
)
_FORGET = "DELETE FROM letter WHERE number IN (SELECT number FROM letter WHERE state = ? AND settled < ? LIMIT ?)"
_FORGET_LANES = "DELETE FROM lane WHERE (endpoint, lane) IN (SELECT endpoint, lane FROM lane WHERE used < ? LIMIT ?)"
_DROP_EXPIRED = (
    "UPDATE letter SET state = 'dropped', due = NULL, settled = ?, detail = ? "
    "WHERE state = 'open' AND endpoint = ? AND expires <= ?"
)
_GIVE_UP_ALL = (
    "UPDATE letter SET state = 'dead', due = NULL, settled = ?, detail = ? WHERE state = 'open' AND endpoint = ?"
)


DAY_MS = 24 * 3_600_000
DELIVERED_KEPT_MS = 7 * DAY_MS
"""For a look at what was sent; who lost it asks within a week."""

DEAD_KEPT_MS = 30 * DAY_MS
"""Also of what was dropped: for a month a receiver can be put right, and be sent what it missed."""

LANE_KEPT_MS = 45 * DAY_MS
"""Longer than its last letter can be replayed. A lane that is used again after that counts from 1."""

FORGET_AT_ONCE = 2_000
"""Rows forgotten in one transaction: some ten milliseconds between two saves."""


_STATES = {
    Fate.DELIVERED: LetterState.DELIVERED,
    Fate.DROPPED: LetterState.DROPPED,
    Fate.FAILED: LetterState.DEAD,
    Fate.THROTTLED: LetterState.DEAD,
    Fate.GONE: LetterState.DEAD,
    Fate.HELD: LetterState.DEAD,
}
"""What a letter becomes that is not tried again."""

_COSTS_AN_ATTEMPT = frozenset({Fate.DELIVERED, Fate.FAILED, Fate.THROTTLED, Fate.GONE})


class Room(NamedTuple):
    """What an endpoint takes now: so many open letters more, or none for a reason."""

    letters: int
    refusal: str


def insert(connection: Connection, drafts: Iterable[Draft], now: int) -> None:
    """Keep drafts as letters, within the caller's transaction; one whose id is known changes nothing.

    But what was dropped is opened again when it happens anew: it was not true in between, or too late, and did not
    arrive as far as is known. An attempt that failed is no reason against it: without the drop it had been tried again.
    And what is still open when it happens anew is of that time from then on, and ends as late.

    Each gets the next number of its lane, also one that is dead at once because its endpoint is full or switched off:
    who receives the lane sees the gap, and a replay fills it.
    """
    rooms: dict[str, Room] = {}
    for draft in drafts:
        if connection.execute("SELECT 1 FROM letter WHERE id = ?", (draft.id,)).fetchone() is None:
            left = rooms.get(draft.endpoint) or room(connection, draft.endpoint)
            _insert(connection, draft, now, "" if left.letters > 0 else left.refusal)
            rooms[draft.endpoint] = left._replace(letters=left.letters - 1)
        else:
            _open_again(connection, draft, now)


def room(connection: Connection, endpoint: str) -> Room:
    """Return what an endpoint takes now."""
    if connection.execute("SELECT 1 FROM endpoint WHERE name = ? AND disabled IS NOT NULL", (endpoint,)).fetchone():
        return Room(0, DISABLED)
    return Room(OPEN_AT_MOST - int(connection.execute(_WAITING_FOR, (endpoint,)).fetchone()[0]), FULL)


def _insert(connection: Connection, draft: Draft, now: int, refusal: str) -> None:
    lane = {"endpoint": draft.endpoint, "lane": draft.lane, "now": now}
    seq = connection.execute(_NEXT_SEQ, lane).fetchone()[0]
    state, settled = (LetterState.DEAD, now) if refusal else (LetterState.OPEN, None)
    about = (draft.kind, draft.time, draft.data, draft.expires)
    connection.execute(_INSERT, (draft.id, draft.endpoint, draft.lane, seq, *about, now, state, settled, refusal))
    next_turn(connection, draft.endpoint, draft.lane, now)


def _open_again(connection: Connection, draft: Draft, now: int) -> None:
    """Open a dropped letter in its place in its lane, if this happened after it and its endpoint has room.

    One that is open lasts as long as what happened last.
    """
    connection.execute(_LAST_LONGER, (draft.time, draft.data, draft.expires, draft.id, draft.time))
    if room(connection, draft.endpoint).letters > 0:
        told = (draft.time, draft.data, draft.expires, draft.id, draft.time)
        if connection.execute(_OPEN_AGAIN, told).rowcount:
            keep_turns(connection, draft.endpoint, draft.lane, now)


def next_turn(connection: Connection, endpoint: str, lane: str, now: int) -> None:
    """Make the first open letter of a lane due, if it has no time yet."""
    connection.execute(_NEXT_TURN, (now, endpoint, lane))


def keep_turns(connection: Connection, endpoint: str, lane: str, now: int) -> None:
    """Let only the first open letter of a lane be due, after one was opened again or is to be tried again."""
    connection.execute(_WAIT_FOR_TURN, (endpoint, lane, endpoint, lane))
    next_turn(connection, endpoint, lane, now)


class OutboxDatabase:
    """Keeps letters; satisfies `ports.Outbox`. Its file's thread does the work."""

    def __init__(self, file: SqliteFile) -> None:
        """Take the open file, which has the tables of `SCHEMA`."""
        self._file = file

    async def due(self, endpoint: str, now: int, limit: int, busy: Collection[str]) -> list[Letter]:
        """Return the first open letter of each lane that is not `busy`, if it is due, the most urgent first.

        That is what expires first, or has waited `PATIENCE_MS` for others. An endpoint that is switched off, or that
        wants nothing before a later time, has none.
        """

        def read(connection: Connection) -> list[Letter]:
            if connection.execute(_REFUSING, (endpoint, now)).fetchone():
                return []
            rows = connection.execute(_DUE, {"endpoint": endpoint, "now": now, "most": limit + len(busy)})
            return [letter for letter in map(Letter._make, rows) if letter.lane not in busy][:limit]

        return await self._file.run(read)

    async def settle(self, settled: Sequence[Settled]) -> None:
        """Keep what became of attempts, and what that says of their endpoints, all or none."""

        def write(connection: Connection) -> None:
            with connection:
                for each in settled:
                    _settle(connection, each)

        await self._file.run(write)

    async def standing(self, endpoint: str) -> Standing:
        """Return what the attempts so far say of an endpoint."""
        return await self._file.run(lambda connection: standing_of(connection, endpoint))

    async def disable(self, endpoint: str, at: int, detail: str) -> None:
        """Switch an endpoint off: its open letters are dead, for a replay once it is enabled."""

        def write(connection: Connection) -> None:
            with connection:
                _disable(connection, endpoint, at, detail)

        await self._file.run(write)

    async def waiting(self) -> Mapping[str, int]:
        """Return how many letters are open, by endpoint."""

        def read(connection: Connection) -> Mapping[str, int]:
            return dict(connection.execute(WAITING).fetchall())

        return await self._file.run(read)

    async def give_up_orphans(self, endpoints: Collection[str], now: int) -> Mapping[str, int]:
        """Give up the open letters of all but these endpoints; return how many, by endpoint.

        Nobody sends them. They are dead, for a replay once their endpoint is back; what is too late by now is dropped,
        as it would have been.
        """

        def write(connection: Connection) -> Mapping[str, int]:
            with connection:
                open_letters = dict(connection.execute(WAITING).fetchall())
                orphans = {name: count for name, count in open_letters.items() if name not in endpoints}
                for name in orphans:
                    connection.execute(_DROP_EXPIRED, (now, EXPIRED, name, now))
                    connection.execute(_GIVE_UP_ALL, (now, NO_ENDPOINT, name))
                return orphans

        return await self._file.run(write)

    async def forget(self, now: int) -> int:
        """Forget what was settled long ago, some at a time; return how many letters."""
        forgotten = 0
        while some := await self._file.run(lambda connection: _forget(connection, now)):
            forgotten += some
        return forgotten


def _settle(connection: Connection, settled: Settled) -> None:
    query = "SELECT endpoint, lane, time, detail FROM letter WHERE id = ? AND state = 'open'"
    found = connection.execute(query, (settled.letter,)).fetchone()
    if found is None:
        _note_arrival(connection, settled)
        return
    endpoint, lane, time, before = found
    if time > settled.time and settled.report.fate is not Fate.DELIVERED:  # it was said of what happened before
        connection.execute(_ANEW, (settled.at, settled.letter))
    else:
        _keep_fate(connection, settled, before)
    keep_turns(connection, endpoint, lane, settled.at)
    _note_endpoint(connection, endpoint, settled.at, settled.report)


def _keep_fate(connection: Connection, settled: Settled, before: str) -> None:
    report, again_at = settled.report, settled.again_at
    state, end = (_STATES[report.fate], settled.at) if again_at is None else (LetterState.OPEN, None)
    cost = int(report.fate in _COSTS_AN_ATTEMPT)
    connection.execute(_SETTLE, (state, cost, again_at, end, _why(report, before), settled.letter))


def _why(report: Report, before: str) -> str:
    """Return what is kept of an attempt; of a letter that is dropped also what had held it up until then."""
    told = report.fate is not Fate.DROPPED or not before or before in report.detail
    return report.detail if told else f"{report.detail}, after: {before}"


def _note_arrival(connection: Connection, settled: Settled) -> None:
    """Believe a letter's own answer: its endpoint was switched off by another one's while it was on its way."""
    if settled.report.fate is Fate.DELIVERED:
        connection.execute(_ARRIVED, (settled.at, settled.report.detail, settled.letter, DISABLED))


def _note_endpoint(connection: Connection, name: str, at: int, report: Report) -> None:
    """Keep what an attempt says of the endpoint: that it is well, fails, wants none for a while, or none any more.

    Until when it wants none is never undercut: neither by an answer to what was sent beside, nor by a shorter wish.
    """
    match report.fate:
        case Fate.DELIVERED:
            connection.execute(_WELL, {"name": name, "at": at})
        case Fate.FAILED | Fate.THROTTLED:
            throttled = report.again_at if report.fate is Fate.THROTTLED else None
            since = _failing_since(connection, name, at)
            row = {"name": name, "since": since, "not_before": throttled, "detail": report.detail}
            connection.execute(_FAILING, row)
            connection.execute(_FAILED_LAST, (name, at))
        case Fate.GONE:
            _disable(connection, name, at, report.detail)


def _failing_since(connection: Connection, name: str, at: int) -> int:
    last = connection.execute("SELECT last FROM endpoint_failure WHERE name = ?", (name,)).fetchone()
    return series_begin(standing_of(connection, name).failing_since, last and last[0], at)


def standing_of(connection: Connection, endpoint: str) -> Standing:
    """Return what the attempts so far say of an endpoint."""
    query = "SELECT failing_since, not_before, disabled, detail FROM endpoint WHERE name = ?"
    found = connection.execute(query, (endpoint,)).fetchone()
    return Standing() if found is None else Standing(*found)


def _disable(connection: Connection, name: str, at: int, detail: str) -> None:
    connection.execute(_DISABLE, {"name": name, "at": at, "detail": detail})
    connection.execute(_GIVE_UP_ALL, (at, DISABLED, name))


def _forget(connection: Connection, now: int) -> int:
    kept = {
        LetterState.DELIVERED: DELIVERED_KEPT_MS,
        LetterState.DEAD: DEAD_KEPT_MS,
        LetterState.DROPPED: DEAD_KEPT_MS,
    }
    with connection:
        connection.execute(_FORGET_LANES, (now - LANE_KEPT_MS, FORGET_AT_ONCE))
        rows = (connection.execute(_FORGET, (state, now - kept_ms, FORGET_AT_ONCE)) for state, kept_ms in kept.items())
        return sum(each.rowcount for each in rows)
