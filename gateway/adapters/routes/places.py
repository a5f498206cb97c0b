"""What geocoders answered; satisfies `ports.PlaceCache`. Addresses are compared as a search compares them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import and_, delete, select, text

from gateway.adapters.operations.schema import PLACES
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.words import fold
from gateway.ports import Candidate, Clock

KEPT_MS = 180 * 86_400_000
"""How long an answer is believed: houses stay where they are, and maps are put right a few times a year."""

_KEEP = text(
    "INSERT INTO places (geocoder, address, candidates, asked) VALUES (:geocoder, :address, :candidates, :asked) "
    "ON CONFLICT (geocoder, address) DO UPDATE SET candidates = excluded.candidates, asked = excluded.asked"
)
_candidates = msgspec.json.Decoder(list[Candidate])


class SqlPlaceCache:
    """Answers in `operations.db`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread, clock: Clock) -> None:
        """Take the thread that works on the opened data."""
        self._thread = thread
        self._clock = clock

    async def recall(self, geocoder: str, address: str) -> Sequence[Candidate] | None:
        """Return what the geocoder of this name answered for the address; None if it was not asked, or long ago."""
        young = PLACES.c.asked > self._clock.now_ms() - KEPT_MS
        asked = and_(PLACES.c.geocoder == geocoder, PLACES.c.address == fold(address), young)
        question = select(PLACES.c.candidates).where(asked)
        found = await self._thread.read(lambda connection: connection.execute(question).scalar())
        return None if found is None else _candidates.decode(found)

    async def remember(self, geocoder: str, address: str, candidates: Sequence[Candidate], now: int) -> None:
        """Keep an answer, an empty one too."""
        row = {"geocoder": geocoder, "address": fold(address), "asked": now}
        row["candidates"] = msgspec.json.encode(list(candidates)).decode()
        await self._thread.write(lambda connection: connection.execute(_KEEP, row))

    async def forget(self, before: int) -> int:
        """Forget answers given before that time; return how many."""
        old = delete(PLACES).where(PLACES.c.asked < before)
        return await self._thread.write(lambda connection: connection.execute(old).rowcount)
