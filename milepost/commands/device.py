"""`milepost device`: the agent that runs in the vehicle."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from device.agent import run_agent
from device.logs import write_to_stderr
from device.settings import DeviceSettings, SettingsError, load
from device.spool.database import SpoolError
from milepost.errors import CommandError


def register(app: typer.Typer) -> None:
    """Add the subcommand."""
    app.command("device")(device)


def device(
    *,
    config: Annotated[Path, typer.Option(help="The agent's settings; config/device.toml documents each option.")],
) -> None:
    """Read a vehicle's NMEA and deliver its positions, until SIGTERM or Ctrl-C."""
    settings = _load(config)
    write_to_stderr(settings.log_level)
    try:
        asyncio.run(_until_told_to_stop(settings))
    except* (SettingsError, SpoolError) as errors:
        first = _first(errors)
        raise CommandError(str(first)) from first


def _load(config: Path) -> DeviceSettings:
    try:
        settings = load(config)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if settings.source is None:
        raise CommandError(f"{config}: no [source] is given: say where the NMEA comes from")
    return settings


def _first(errors: BaseException) -> BaseException:
    return _first(errors.exceptions[0]) if isinstance(errors, BaseExceptionGroup) else errors


async def _until_told_to_stop(settings: DeviceSettings) -> None:
    agent = asyncio.create_task(run_agent(settings), name="agent")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.cancel)
    await asyncio.wait([agent])
    if not agent.cancelled():
        agent.result()
