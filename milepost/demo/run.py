"""The demo's parts, started and ended in order: broker, gateway, the day; and back."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from device.clock import SystemClock
from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.tokens import TokenStore
from gateway.app import Started, run_gateway
from milepost.demo.broker import EmbeddedBroker
from milepost.demo.clock import DayClock
from milepost.demo.office import office
from milepost.demo.options import DemoOptions, gateway_settings
from milepost.demo.performance import REAL_PACE, Say, Stage, perform
from milepost.demo.receiver import receiving
from milepost.demo.working_day import OFFICE_OPENS_S, make_day, next_date

SEED = 12
MANY_VANS = 24
"""With more, planning takes longer than a viewer waits without a word: a tenth of a second each."""


async def run_demo(options: DemoOptions, say: Say) -> None:
    """Run until Ctrl-C (or SIGTERM); `say` is given the console's three lines once it can be opened, then the story.

    The vans end first, so that each says that it is offline; then the gateway with all they sent; then the broker.

    Raises:
        GatewayFailed: the gateway could not start, or failed.
        Refused: the gateway does not take the day's routes.

    """
    interrupted = _interruption()
    date = next_date(options.folder, SystemClock().now_ms())
    if options.vans > MANY_VANS:
        say(f"planning the day of {options.vans} vans")
    day = await asyncio.to_thread(make_day, date, options.seed, options.vans)
    clock = DayClock(day.time_ms(OFFICE_OPENS_S), REAL_PACE)
    async with AsyncExitStack() as parts:
        broker = await parts.enter_async_context(EmbeddedBroker())
        receiver = parts.enter_context(receiving(options.folder, clock.now_ms, say))
        started: asyncio.Future[Started] = asyncio.get_running_loop().create_future()
        settings = gateway_settings(options, broker.port, receiver.settings)
        gateway = run_gateway(settings, clock=clock, ready=started.set_result)
        async with _running("gateway", gateway) as gateway_task:
            await _first_of(gateway_task, started, interrupted)
            if not started.done():
                return
            stage = Stage(day, clock, options.begin_s, options.speed, broker.port, options.folder, say, receiver)
            async with _running("day", _show(stage, started.result())) as show:
                await _first_of(gateway_task, show, interrupted)


async def _show(stage: Stage, started: Started) -> None:
    token = started.token or _new_token(stage)
    stage.say(f"console {started.console.partition('#')[0]}#token={token}")
    stage.say(f"api {started.api}")
    stage.say(f"token {token}")
    async with office(started.api, token) as at_the_desk:
        await perform(stage, at_the_desk)


@contextlib.asynccontextmanager
async def _running(name: str, work: Coroutine[object, object, None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` while the context lasts; then cancel it and wait for its end. Raises what it raised."""
    task = asyncio.create_task(work, name=name)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)


def _interruption() -> asyncio.Future[None]:
    """Return what is done at the first Ctrl-C; a second one ends the process the hard way."""
    loop = asyncio.get_running_loop()
    interrupted: asyncio.Future[None] = loop.create_future()

    def interrupt() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        interrupted.set_result(None)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    return interrupted


def _new_token(stage: Stage) -> str:
    """Return a token for a kept folder, whose first one was shown at its first start and cannot be shown again."""
    database = open_operations(stage.folder / "gateway")
    try:
        return TokenStore(database).add("demo", stage.clock.now_ms())
    finally:
        database.close()
