"""`milepost gateway`: the gateway itself."""

import asyncio
import gc
import signal
from pathlib import Path
from typing import Annotated

import typer

from gateway.app import GatewayFailed, Started, run_gateway
from gateway.logs import configure
from gateway.settings import GatewaySettings, SettingsError, load
from milepost.errors import CommandError

YOUNG_OBJECTS = 300_000
"""Objects that may come to stay before the collector looks for cycles: more than the 30,000 positions of the tail
bring, which all go by their reference count. Python's 700 costs a quarter of the CPU of a position (measured)."""

Config = Annotated[
    Path, typer.Option("--config", help="The settings file; config/gateway.toml documents every option.")
]


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.command("gateway")(gateway)


def gateway(config: Config) -> None:
    """Take positions from the broker, keep them, and serve the API and the console until Ctrl-C."""
    try:
        settings = load(config)
        configure(settings.log)
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(_serve(settings))
    except (SettingsError, GatewayFailed) as error:
        raise CommandError(str(error)) from error


async def _serve(settings: GatewaySettings) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)  # who asks twice wants it now

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    await run_gateway(settings, ready=_serving, stop=stop)


def _serving(started: Started) -> None:
    _spare_the_collector()
    _announce(started)


def _spare_the_collector() -> None:
    """Leave what is there for good out of every collection, and collect the rest less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


def _announce(started: Started) -> None:
    typer.echo(f"console {started.console}")
    typer.echo(f"api     {started.api}")
    if started.token:
        typer.echo(f"token   {started.token}  (shown this once: keep it)")
    else:
        typer.echo("login   with the token of the first start, or a new one: milepost tokens add")


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """Return the faster event loop where it is installed."""
    try:
        import uvloop  # noqa: PLC0415 - not on every platform
    except ImportError:
        return None
    return uvloop.Loop
