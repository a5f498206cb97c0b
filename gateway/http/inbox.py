"""The exchange of batches and watermarks over HTTP: the same intake, answered in the response."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.ports import JournalUnavailable
from wire.codec import encode
from wire.messages import Watermark
from wire.names import VehicleKey

MAX_WAITING = 256
"""Requests that wait for a commit at a time: at most 64 KiB each, so 16 MiB. More are told to come again."""

COMMIT_WITHIN_S = 10.0
"""A commit takes milliseconds; after this the journal is stuck, and the client had better keep its data and retry."""

Submit = Callable[[VehicleKey, bytes], Awaitable[Watermark]]
"""The intake's: raises `JournalUnavailable` if the batch is not durable, `Unanswerable` if it was quarantined whole."""


class InboxBusy(Exception):  # noqa: N818 - a state of the world, named as such
    """The batch was not taken, or is not known to be stored: the client sends it again later."""


class HttpInbox:
    """Hands envelopes to the intake and waits for the journal. Not a task: each request drives itself."""

    def __init__(self, submit: Submit) -> None:
        """Submit to the intake."""
        self._submit = submit
        self._waiting = 0

    async def exchange(self, key: VehicleKey, payload: bytes) -> bytes:
        """Return the encoded watermark of the batch in `payload` once it is durable.

        Raises:
            Unanswerable: the batch was quarantined; it is not to be sent again.
            InboxBusy: try again later.

        """
        if self._waiting >= MAX_WAITING:
            raise InboxBusy(f"{MAX_WAITING} batches wait for the journal already")
        self._waiting += 1
        try:
            return encode(await asyncio.wait_for(self._submit(key, payload), COMMIT_WITHIN_S))
        except TimeoutError as error:
            raise InboxBusy(f"the journal did not commit within {COMMIT_WITHIN_S:g} s") from error
        except JournalUnavailable as error:
            raise InboxBusy(str(error)) from error
        finally:
            self._waiting -= 1
