"""The exchange of batches and watermarks over HTTP: the same intake, answered in the response."""

import asyncio
from collections.abc import Callable

from gateway.ports import Arrival, Clock, Deliver, SpoolKey
from wire.codec import Opened, encode, open_envelope
from wire.messages import VERSION, Watermark
from wire.names import VehicleKey
from wire.topics import Channel, Topics

MAX_WAITING = 256
"""Requests that wait for a commit at a time: at most 64 KiB each, so 16 MiB. More are told to come again."""

COMMIT_WITHIN_S = 10.0
"""A commit takes milliseconds; after this the journal is stuck, and the client had better keep its data and retry."""


class InboxBusy(Exception):  # noqa: N818 - a state of the world, named as such
    """The batch was not taken, or not known to be stored: the client sends it again later."""


class HttpInbox:
    """Hands envelopes to the intake and waits for the journal. Not a task: each request drives itself."""

    def __init__(self, deliver: Deliver, watermark: Callable[[SpoolKey], int], topics: Topics, clock: Clock) -> None:
        """Deliver to the intake; `watermark` is the journal's."""
        self._deliver = deliver
        self._watermark = watermark
        self._topics = topics
        self._clock = clock
        self._waiting = 0
        self._paused = False

    def pause(self) -> None:
        """Refuse batches: too much is uncommitted."""
        self._paused = True

    def resume(self) -> None:
        """Take batches again."""
        self._paused = False

    async def exchange(self, key: VehicleKey, payload: bytes) -> bytes:
        """Return the encoded watermark of the batch in `payload` once it is durable.

        Raises:
            WireError: the frame cannot be read; the intake has it all the same, for the quarantine.
            InboxBusy: try again later.

        """
        if self._paused or self._waiting >= MAX_WAITING:
            raise InboxBusy("too many batches wait for the journal")
        self._waiting += 1
        try:
            await self._commit(key, payload)
        finally:
            self._waiting -= 1
        return encode(self._answer(key, open_envelope(payload)))

    async def _commit(self, key: VehicleKey, payload: bytes) -> None:
        committed = asyncio.get_running_loop().create_future()
        topic = self._topics.vehicle(key, Channel.POSITIONS)

        def settle() -> None:
            if not committed.done():
                committed.set_result(None)

        self._deliver([Arrival(topic, payload, self._clock.now_ms(), retained=False, settle=settle)])
        try:
            await asyncio.wait_for(committed, COMMIT_WITHIN_S)
        except TimeoutError as error:
            raise InboxBusy(f"the journal did not commit within {COMMIT_WITHIN_S:g} s") from error

    def _answer(self, key: VehicleKey, envelope: Opened) -> Watermark:
        settled = self._watermark(SpoolKey(key.fleet, key.vehicle, envelope.spool))
        return Watermark(VERSION, envelope.spool, settled, gap=envelope.after > settled)
