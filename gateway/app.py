"""The composition root: runs what `assembly` put together, and owns the one task group.

Tasks start in the order of the data's way backwards (consumers before what feeds them) and end in the other order:
first nothing more is read, last the live state is saved. A task that fails ends the process, with its name and cause.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import structlog

from gateway.adapters.journal.schema import JournalUnusable
from gateway.adapters.operations.database import OperationsUnavailable
from gateway.assembly import Assembled, Part, Started, assemble
from gateway.clock import SystemClock
from gateway.http.server import PortTaken
from gateway.ports import Clock, JournalUnavailable, LedgerUnavailable, StateUnavailable
from gateway.settings import GatewaySettings, SettingsError

__all__ = ["GatewayFailed", "Started", "run_gateway"]

END_WITHIN_S = 10.0
"""How long one task may take to end in order: a commit under way, a parting message; then it is cancelled."""

log = structlog.get_logger(__name__)

_EXPECTED_AT_START = (
    PortTaken,
    SettingsError,
    JournalUnusable,
    JournalUnavailable,
    OperationsUnavailable,
    StateUnavailable,
    LedgerUnavailable,
    OSError,
)
"""What an operator can put right; its words are the one line shown."""


class GatewayFailed(Exception):  # noqa: N818 - what became of the gateway
    """The gateway could not start, or one of its tasks failed; the message is the one line to show."""


def _nobody(_started: Started) -> None:
    """Tell nobody."""


async def run_gateway(
    settings: GatewaySettings,
    *,
    clock: Clock | None = None,
    ready: Callable[[Started], None] = _nobody,
    stop: asyncio.Event | None = None,
) -> None:
    """Run a gateway until `stop` is set or this is cancelled; `ready` is called once it serves.

    Raises:
        GatewayFailed: it cannot start, or one of its tasks failed.

    """
    async with AsyncExitStack() as closing:
        with _failures_in_a_line():
            gateway = await assemble(settings, clock or SystemClock(), closing)
        try:
            await _run(gateway, ready, stop or asyncio.Event())
        except* Exception as failures:
            raise GatewayFailed(_told(failures)) from failures


async def _run(gateway: Assembled, ready: Callable[[Started], None], stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [(part, group.create_task(_named(part), name=part.name)) for part in gateway.parts]
        try:
            await gateway.server.serving.wait()
            ready(gateway.started)
            await stop.wait()
        finally:
            log.info("stopping")
            for part, task in reversed(tasks):
                await _end(part, task)


async def _named(part: Part) -> None:
    try:
        await part.run()
    except Exception as error:
        raise GatewayFailed(f"{part.name} failed: {_told(error)}") from error


async def _end(part: Part, task: asyncio.Task[None]) -> None:
    if part.end is None:
        task.cancel()
    else:
        part.end()
    _, unfinished = await asyncio.wait({task}, timeout=END_WITHIN_S)
    for late in unfinished:
        log.warning("a task does not end and is cancelled", task=part.name)
        late.cancel()


@contextlib.contextmanager
def _failures_in_a_line() -> Iterator[None]:
    try:
        yield
    except _EXPECTED_AT_START as error:
        raise GatewayFailed(str(error)) from error


def _told(error: BaseException) -> str:
    """Return an error in a line; of a group the first, which the others follow from."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) if isinstance(error, GatewayFailed) else f"{type(error).__name__}: {error}"
