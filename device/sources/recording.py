"""A recorded log, played by the time stamps in its own sentences."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from typing import BinaryIO, NamedTuple

from device.clock import Clock
from device.settings import FileSettings
from device.sources.source import SourceError

PIECE_BYTES = 4096
"""The longest piece read at once: binary between the sentences has no line ends."""

AT_ONCE_BYTES = 64 * 1024
"""How much is handed on at once where nothing has to be waited for."""

DAY_S = 86_400.0
LONGEST_STEP_S = 3_600.0
"""A longer step forward, or one back, is another recording joined on, not time that passed."""

_STAMP = re.compile(rb"\$[A-Z]{2}(?:(?:RMC|GGA|GNS|ZDA),|GLL,[^,]*,[^,]*,[^,]*,[^,]*,)(\d\d)(\d\d)(\d\d(?:\.\d+)?)")


class Piece(NamedTuple):
    """Bytes of a recording, and how many seconds after the first they were said."""

    at_s: float
    data: bytes


class FileSource:
    """Plays one file; at its end the source is exhausted."""

    def __init__(self, settings: FileSettings, clock: Clock) -> None:
        self.name = f"file {settings.path}"
        self._path = settings.path
        self._speed = settings.speed
        self._clock = clock

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the file's bytes when they were said, at the given speed; raises `SourceError` if it is missing."""
        try:
            recording = await asyncio.to_thread(self._path.open, "rb")
        except OSError as error:
            raise SourceError(f"cannot open it: {error.strerror}") from error
        with recording:
            began_ms = self._clock.monotonic_ms()
            for piece in pieces(recording):
                await self._wait_until(began_ms, piece.at_s)
                yield piece.data

    async def _wait_until(self, began_ms: int, at_s: float) -> None:
        due_s = at_s / self._speed if self._speed else 0.0
        left_s = due_s - (self._clock.monotonic_ms() - began_ms) / 1000
        await self._clock.sleep(max(0.0, left_s))


def pieces(recording: BinaryIO) -> Iterator[Piece]:
    """Cut a recording where its time goes on."""
    at_s, newest, pending = 0.0, None, bytearray()
    for line in iter(lambda: recording.readline(PIECE_BYTES), b""):
        stamp = _time_of_day_s(line)
        step_s = _step_s(newest, stamp)
        if pending and (step_s > 0 or len(pending) >= AT_ONCE_BYTES):
            yield Piece(at_s, bytes(pending))
            pending.clear()
        at_s += step_s
        newest = stamp if stamp is not None else newest
        pending += line
    if pending:
        yield Piece(at_s, bytes(pending))


def _time_of_day_s(line: bytes) -> float | None:
    found = _STAMP.search(line)
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def _step_s(before: float | None, now: float | None) -> float:
    if before is None or now is None:
        return 0.0
    step_s = (now - before) % DAY_S
    return step_s if step_s <= LONGEST_STEP_S else 0.0
