"""The processes of a whole installation, each of which can be killed and started again."""

import asyncio
import signal
import subprocess
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

STARTS_WITHIN_S = 30.0


class Process(Protocol):
    """What can be started again after it was killed."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


@dataclass
class Program:
    """A process of ours; its words go to a log that outlives it."""

    command: list[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(15)
            self.process = None


@dataclass
class Plug:
    """A named part of the installation, and how often it was pulled."""

    name: str
    process: Process
    kills: int = 0
    is_down: bool = False

    async def pull_for(self, seconds: float) -> None:
        """Kill it, leave it dead for a while, start it again."""
        self.kills += 1
        self.is_down = True
        self.process.kill()
        await asyncio.sleep(seconds)
        await asyncio.to_thread(self.process.start)
        self.is_down = False


def listening(port: int) -> Callable[[], Awaitable[bool]]:
    async def answers() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    return answers
