"""Readers of the live feed: server-sent events, and what one who reads slowly has not taken yet."""

import asyncio

import msgspec

MAX_BUFFERED_BYTES = 1024 * 1024
"""Unread bytes kept a reader: some four seconds of 1,000 changes a second; past it the reader starts again."""

_encode = msgspec.json.Encoder().encode


def event(name: str, data: object) -> bytes:
    """Return a server-sent event with JSON data (which has no line break in it)."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))


class Reader:
    """What one subscriber has not taken yet: bounded, and thrown away whole when it is too much."""

    def __init__(self, fleet: str | None) -> None:
        """Read one fleet, or all of them if `fleet` is None."""
        self.fleet = fleet
        self._unread: list[bytes] = []
        self._size = 0
        self._overflowed = False
        self._closed = False
        self._news = asyncio.Event()

    def offer(self, data: bytes) -> None:
        """Add an event, unless the reader has to start again anyway."""
        self._size += len(data)
        if self._size > MAX_BUFFERED_BYTES:
            self._overflowed = True
            self._unread.clear()
        elif not self._overflowed:
            self._unread.append(data)
        self._news.set()

    def close(self) -> None:
        """End the subscription once everything was taken."""
        self._closed = True
        self._news.set()

    def restart(self) -> None:
        """Let go of what came meanwhile: a snapshot that holds it all is about to be read."""
        self._unread, self._size, self._overflowed = [], 0, False
        if not self._closed:
            self._news.clear()

    async def take(self) -> bytes | None:
        """Return all unread events in one piece; None if the reader must start again, empty at the end."""
        await self._news.wait()
        unread, overflowed = self._unread, self._overflowed
        self.restart()
        return None if overflowed else b"".join(unread)
