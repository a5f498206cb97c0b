"""A process that posts what is in a `state.db`, for a test that kills it: its folder, a URL, and when it all began.

Its clock runs so many times as fast from then on (Unix ms) that pauses of hours pass. Signatures have the true time.
"""

import asyncio
import sys
import time
from pathlib import Path

from gateway.adapters.state.database import open_state
from gateway.adapters.webhooks import WebhookOptions, WebhookPost
from gateway.domain.letter import Letter, Report
from gateway.stages.posting import Posting
from tests.fixtures.letters import HOOK, KEY, LOCAL

TIMES_AS_FAST = 50_000
"""The five seconds after a first failure are a tenth of a millisecond, two hours a seventh of a second."""


class FastClock:
    """Runs ahead of the machine's."""

    def __init__(self, began: int) -> None:
        self._began = began

    def now_ms(self) -> int:
        return self._began + (time.time_ns() // 1_000_000 - self._began) * TIMES_AS_FAST

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / TIMES_AS_FAST)


class TrueTimes:
    """A post that signs with the machine's time."""

    def __init__(self, post: WebhookPost) -> None:
        self._post = post

    async def send(self, letter: Letter, now: int) -> Report:
        return await self._post.send(letter, time.time_ns() // 1_000_000)


async def run(folder: Path, url: str, began: int) -> None:
    """Post until it is killed."""
    post = WebhookPost(WebhookOptions("erp", url, (KEY,), LOCAL, timeout_s=1.0))
    await Posting(open_state(folder).outbox, {HOOK: TrueTimes(post)}, FastClock(began)).run()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
