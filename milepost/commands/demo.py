"""`milepost demo`: a fleet on a live map within seconds, with nothing to install or set up."""

import logging
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from device.logs import LOGGER_NAME
from gateway.app import GatewayFailed
from gateway.logs import configure
from gateway.settings import LogLevel, LogSettings
from milepost.demo.day import HOUR_S, MINUTE_S
from milepost.demo.office import Refused
from milepost.demo.options import DemoOptions
from milepost.demo.run import SEED, run_demo
from milepost.errors import CommandError

PORT_VARIABLE = "MILEPOST_HTTP_PORT"
DEFAULT_PORT = 8080
DEFAULT_SPEED, FASTEST = 20.0, 120.0
"""The default shows seven hours in some twenty minutes."""
BEGIN = "08:45"
"""All vans are at work, and the day's first news is minutes away."""
MOST_VANS = 100
"""Vans that broker, gateway and agents in one process keep up with on a small machine."""


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.command()(demo)


def demo(
    *,
    vans: Annotated[int, typer.Option(min=1, max=MOST_VANS, help="How many.")] = 12,
    seed: Annotated[int, typer.Option(help="The same seed drives the same day.")] = SEED,
    speed: Annotated[
        float, typer.Option(min=1, max=FASTEST, help="How fast the day passes; 1: as fast as time.")
    ] = DEFAULT_SPEED,
    begin: Annotated[
        str, typer.Option(metavar="HH:MM", help="When of the day to look in, from 08:00 to 17:00.")
    ] = BEGIN,
    data: Annotated[Path | None, typer.Option(help="Keep everything in this folder; else it goes at the end.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the log.")] = False,
) -> None:
    """Watch a working day of simulated vans in central Helsinki, at speed, until Ctrl-C.

    They have routes with stops and promised windows; some leave their plans, as the story says that is printed.
    Everything is the real thing but the vans and their drivers: imports, agents, spools, broker, gateway, journal and
    store, in one process and for this machine only. The port is MILEPOST_HTTP_PORT (8080 by default) or the next free
    one. Map data © OpenStreetMap contributors (ODbL).
    """
    begin_s = _begin(begin)
    _keep_log(LogLevel.INFO if verbose else LogLevel.ERROR)
    with ExitStack() as stack:
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="milepost-demo-")))
        options = DemoOptions(vans, seed, folder, _wanted_port(), speed, begin_s)
        try:
            uvloop.run(run_demo(options, typer.echo))
        except (GatewayFailed, Refused) as error:
            raise CommandError(str(error)) from error


def _begin(text: str) -> float:
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(minutes) < 60 and 8 <= int(hours) + int(minutes) / 60 <= 17):
        raise CommandError(f"--begin {text!r} is not a time from 08:00 to 17:00")
    return int(hours) * HOUR_S + int(minutes) * MINUTE_S


def _wanted_port() -> int:
    text = os.environ.get(PORT_VARIABLE, str(DEFAULT_PORT))
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise CommandError(f"{PORT_VARIABLE}={text!r} is not a port from 1 to 65535")
    return int(text)


def _keep_log(level: LogLevel) -> None:
    configure(LogSettings(level=level))
    logging.getLogger(LOGGER_NAME).setLevel(level.upper())
    for name in ("amqtt", "mqtt"):  # a van in a dead zone is cut off: an error to both ends, here it is the show
        logging.getLogger(name).setLevel(logging.CRITICAL)
