"""The processes of a whole installation, each of which can be killed and started again."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

STARTS_WITHIN_S = 30.0


@dataclass
class Part:
    """One process. `before_start` may change what it finds on its disk (a broker that forgets)."""

    name: str
    command: list[str]
    log: Path
    before_start: Callable[[], None] = lambda: None
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self) -> None:
        self.before_start()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment}
            )

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self._end(signal.SIGKILL)
        self.kills += 1

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


async def until(condition: Callable[[], Awaitable[bool]], what: str, within_s: float = STARTS_WITHIN_S) -> None:
    """Poll until `condition` holds; a deadline that passes says what was waited for."""
    try:
        async with asyncio.timeout(within_s):
            while not await condition():
                await asyncio.sleep(0.05)
    except TimeoutError as error:
        raise AssertionError(f"not within {within_s:.0f} s: {what}") from error


def listening(port: int) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return answers
