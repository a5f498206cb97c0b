"""The outbox for operators: what is in it, what is sent again, and which endpoints are switched on again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from sqlite3 import Connection
from typing import Self

from gateway.adapters.sqlite_file import SqliteFile
from gateway.adapters.state.outbox import DISABLED, FULL, WAITING, Room, keep_turns, room, standing_of
from gateway.domain.letter import LetterState
from gateway.ports.outbox import Endpoint, KeptLetter, NoSuchEndpoint, Replayed, ReplayRange

REPLAYED_AT_ONCE = 5_000
"""Letters of one replay by range: a transaction of some 100 ms. The next call takes the next."""

_LIST = "SELECT id, endpoint, lane, seq, kind, time, made, expires, attempts, state, due, settled, detail FROM letter "
_NEWEST = _LIST + "ORDER BY number DESC LIMIT ?"
_NEWEST_IN = _LIST + "WHERE state = ? ORDER BY settled DESC, number DESC LIMIT ?"
_DEAD_BETWEEN = (
    "SELECT id FROM letter WHERE state = 'dead' AND endpoint = ? AND time >= ? AND time < ? ORDER BY number LIMIT ?"
)
_REOPEN = "UPDATE letter SET state = 'open', attempts = 0, due = NULL, settled = NULL, detail = '' WHERE id = ?"
_ENABLE = (
    "UPDATE endpoint SET failing_since = NULL, not_before = NULL, disabled = NULL, detail = '' "
    "WHERE name = ? AND disabled IS NOT NULL"
)
_REFUSALS = {DISABLED: Replayed.DISABLED, FULL: Replayed.FULL}


class OutboxDesk:
    """What operators see of the outbox and do with it; satisfies `ports.OutboxDesk`. Works beside a running gateway."""

    def __init__(self, file: SqliteFile, endpoints: Collection[str] | None = None) -> None:
        """Take the open file, which has the tables of the outbox, and whom letters are sent to (None: to anybody)."""
        self._file = file
        self._endpoints = endpoints

    def among(self, endpoints: Collection[str]) -> Self:
        """Return the desk of a gateway that sends to these endpoints: to no other is anything replayed."""
        return type(self)(self._file, endpoints)

    async def counts(self) -> Mapping[str, int]:
        """Return how many letters are kept, by their state."""
        query = "SELECT state, count(*) FROM letter GROUP BY state"
        return await self._file.run(lambda connection: dict(connection.execute(query).fetchall()))

    async def letters(self, state: LetterState | None, limit: int) -> Sequence[KeptLetter]:
        """Return the newest letters in a state, or in any."""

        def read(connection: Connection) -> Sequence[KeptLetter]:
            query, values = (_NEWEST, (limit,)) if state is None else (_NEWEST_IN, (state, limit))
            return [KeptLetter._make(row) for row in connection.execute(query, values)]

        return await self._file.run(read)

    async def endpoints(self) -> Sequence[Endpoint]:
        """Return every endpoint that letters wait for or that had a failure, by name."""

        def read(connection: Connection) -> Sequence[Endpoint]:
            waiting = dict(connection.execute(WAITING).fetchall())
            known = {name for (name,) in connection.execute("SELECT name FROM endpoint")}
            names = sorted(known | waiting.keys())
            return [Endpoint(name, standing_of(connection, name), waiting.get(name, 0)) for name in names]

        return await self._file.run(read)

    async def replay(self, letters: Iterable[str], now: int) -> Mapping[str, Replayed]:
        """Open settled letters again, in their places in their lanes; return what became of each."""

        def write(connection: Connection) -> Mapping[str, Replayed]:
            with connection:
                return self._replay_all(connection, letters, now)

        return await self._file.run(write)

    async def replay_range(self, which: ReplayRange, now: int) -> Mapping[str, Replayed]:
        """Open an endpoint's dead letters again, the oldest first, `REPLAYED_AT_ONCE` at most."""

        def write(connection: Connection) -> Mapping[str, Replayed]:
            with connection:
                found = connection.execute(_DEAD_BETWEEN, (*which, REPLAYED_AT_ONCE)).fetchall()
                return self._replay_all(connection, (letter for (letter,) in found), now)

        if not self._sends_to(which.endpoint):
            raise NoSuchEndpoint(
                f"there is no endpoint {which.endpoint!r} in the settings; nobody would send its letters"
            )
        return await self._file.run(write)

    async def has_dead(self, which: ReplayRange) -> bool:
        """Whether an endpoint has dead letters of that range (still)."""
        return await self._file.run(
            lambda connection: connection.execute(_DEAD_BETWEEN, (*which, 1)).fetchone() is not None
        )

    async def enable(self, endpoint: str) -> int | None:
        """Switch an endpoint on; return how many of its letters are dead, or None if it was not switched off."""

        def write(connection: Connection) -> int | None:
            with connection:
                if connection.execute(_ENABLE, (endpoint,)).rowcount == 0:
                    return None
                dead = "SELECT count(*) FROM letter WHERE state = 'dead' AND endpoint = ?"
                return int(connection.execute(dead, (endpoint,)).fetchone()[0])

        return await self._file.run(write)

    def _sends_to(self, endpoint: str) -> bool:
        return self._endpoints is None or endpoint in self._endpoints

    def _replay_all(self, connection: Connection, letters: Iterable[str], now: int) -> Mapping[str, Replayed]:
        rooms: dict[str, Room] = {}
        return {letter: self._replay(connection, letter, rooms, now) for letter in letters}

    def _replay(self, connection: Connection, letter: str, rooms: dict[str, Room], now: int) -> Replayed:
        found = connection.execute("SELECT endpoint, lane, state FROM letter WHERE id = ?", (letter,)).fetchone()
        if found is None:
            return Replayed.UNKNOWN
        endpoint, lane, state = found
        if state == LetterState.OPEN:
            return Replayed.STILL_OPEN
        if not self._sends_to(endpoint):
            return Replayed.NO_ENDPOINT
        left = rooms.get(endpoint) or room(connection, endpoint)
        if left.letters <= 0:
            return _REFUSALS[left.refusal]
        connection.execute(_REOPEN, (letter,))
        keep_turns(connection, endpoint, lane, now)
        rooms[endpoint] = left._replace(letters=left.letters - 1)
        return Replayed.REPLAYED
