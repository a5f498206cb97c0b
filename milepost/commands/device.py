"""`milepost device`: the agent that runs in the vehicle."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from device.settings import SettingsError, load
from milepost.errors import CommandError


def register(app: typer.Typer) -> None:
    """Add the subcommand."""
    app.command("device")(device)


def device(
    *,
    config: Annotated[Path, typer.Option(help="The agent's settings; config/device.toml documents each option.")],
) -> None:
    """Read a vehicle's NMEA and deliver its positions, until SIGTERM or Ctrl-C."""
    try:
        settings = load(config)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if settings.source is None:
        raise CommandError(f"{config}: no [source] is given: say where the NMEA comes from")
    # The command line's libraries weigh 10 MB, a quarter of what an agent may: the process goes on without them.
    os.execv(sys.executable, [sys.executable, "-P", "-m", "device", str(config)])  # noqa: S606
