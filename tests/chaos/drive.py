"""The recorded drive as a receiver would say it, and a TCP server that says it to an agent at speed.

A receiver keeps nothing: what is said while no agent listens is gone, as on a real serial line.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fixtures.sentences import sentence

POINT = re.compile(r"POINT\((\S+) (\S+)\)")


def recorded_places(track: Path) -> list[tuple[float, float]]:
    """(lat, lon) of each second of the drive."""
    matches = (POINT.fullmatch(entry["point"]) for entry in json.loads(track.read_text()))
    return [(float(match[2]), float(match[1])) for match in matches if match]


def sentences(places: list[tuple[float, float]], start: datetime, fixes: int) -> Iterator[bytes]:
    """RMC and GGA of each second; a drive shorter than `fixes` is driven back and forth."""
    there_and_back = places + places[::-1]
    for second in range(fixes):
        lat, lon = there_and_back[second % len(there_and_back)]
        moment = start + timedelta(seconds=second)
        yield sentence(
            f"GPRMC,{moment:%H%M%S}.00,A,{_angle(lat, 2, 'NS')},{_angle(lon, 3, 'EW')},16.00,90.0,{moment:%d%m%y},,,A"
        ) + sentence(
            f"GPGGA,{moment:%H%M%S}.00,{_angle(lat, 2, 'NS')},{_angle(lon, 3, 'EW')},1,09,0.9,520.0,M,46.0,M,,"
        )


def _angle(degrees: float, width: int, signs: str) -> str:
    whole, minutes = divmod(abs(degrees) * 60, 60)
    return f"{int(whole):0{width}d}{minutes:010.7f},{signs[0] if degrees >= 0 else signs[1]}"


@dataclass
class Receiver:
    """A GPS receiver on a TCP port, `speed` times faster than life."""

    places: list[tuple[float, float]]
    fixes: int
    speed: float
    start: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(hours=1))
    said: int = 0
    _listeners: set[asyncio.StreamWriter] = field(default_factory=set)

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[int]:
        """Listen on a free port, which is given; hang up in the end."""
        server = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()
            for listener in tuple(self._listeners):
                listener.close()

    async def drive(self) -> None:
        """Say the whole drive once."""
        for words in sentences(self.places, self.start, self.fixes):
            for listener in tuple(self._listeners):
                self._say(listener, words)
            self.said += 1
            await asyncio.sleep(1 / self.speed)

    def _say(self, listener: asyncio.StreamWriter, words: bytes) -> None:
        if listener.is_closing():
            self._listeners.discard(listener)
        else:
            listener.write(words)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._listeners.add(writer)
        with contextlib.suppress(OSError, asyncio.CancelledError):  # cancelled when the whole test ends
            await reader.read()
        self._listeners.discard(writer)
        writer.close()
