"""`milepost simulate`: vans on real streets, each through the real agent, against a broker of one's own."""

import asyncio
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from device.clock import SystemClock
from device.logs import write_to_stderr
from device.settings import DeviceSettings, LogLevel, MqttSettings, SettingsError
from device.settings import load as load_settings
from device.simulator.clock import CatchUpClock
from device.simulator.coverage import Coverage
from device.simulator.fleet import FleetPlan, numbered_vans, run_fleet
from device.simulator.journey import Dwell
from device.simulator.streets import load as load_streets
from device.simulator.van import Epoch, Van
from device.spool.database import SpoolError
from milepost.errors import CommandError
from wire.names import DEFAULT_FLEET

PROGRESS_S = 10.0
"""Seconds between two lines of progress."""
MOST_VANS = 500
"""Vans in one process: at 500 the streets are full and one core is busy."""
LOOK_S = 5.0
"""How long the broker may take to accept a first connection before it is called away."""
DRIVING_MPS = 0.5
DEVICE_FILE, PASSWORD_FILE, AUTHORITY_FILE = "device.toml", "password", "ca.crt"
"""What `milepost devices add --out` writes for a vehicle."""


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.command()(simulate)


def simulate(
    *,
    vans: Annotated[int, typer.Option(min=1, max=MOST_VANS, help="How many, named van-01 and so on.")] = 12,
    vehicles: Annotated[
        Path | None,
        typer.Option(help="Instead: a folder with one folder a vehicle, as 'devices add VEHICLE --out' writes it."),
    ] = None,
    broker: Annotated[str, typer.Option(metavar="HOST[:PORT]", help="The broker.")] = "127.0.0.1:1883",
    fleet: Annotated[str, typer.Option(help="The vans' fleet.")] = DEFAULT_FLEET,
    username: Annotated[str | None, typer.Option(help="One user for all vans.")] = None,
    password_file: Annotated[Path | None, typer.Option(help="Holds its password alone.")] = None,
    tls_ca_file: Annotated[
        Path | None, typer.Option(help="Use TLS; the authority of the broker's certificate.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed drives the same day.")] = 1,
    ago: Annotated[float, typer.Option(min=0, max=1440, help="Begin so many minutes ago.")] = 0.0,
    speed: Annotated[
        float, typer.Option(min=1, max=100, help="How fast that past passes; 1: it arrives at once, as a backlog.")
    ] = 1.0,
    dwell: Annotated[str, typer.Option(metavar="FROM-TO", help="Seconds that a delivery takes.")] = "120-240",
    data: Annotated[Path | None, typer.Option(help="Keep the spools here; else they go with the simulation.")] = None,
    nmea: Annotated[bool, typer.Option("--nmea", help="Print one van's NMEA instead; no broker.")] = False,
) -> None:
    """Drive vans through central Helsinki, until Ctrl-C. Map data © OpenStreetMap contributors (ODbL)."""
    begin_ms = SystemClock().now_ms() - int(ago * 60_000)
    plan = FleetPlan(seed, begin_ms, _dwell(dwell))
    clock = CatchUpClock(begin_ms, speed) if speed > 1 else SystemClock()
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        if nmea:
            stack.enter_context(suppress(BrokenPipeError))
            asyncio.run(_print_nmea(plan, clock))
            return
        folder = data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="milepost-simulate-")))
        mqtt = _mqtt(broker, username, password_file, tls_ca_file)
        settings = _registered(vehicles, folder) if vehicles else _numbered(vans, fleet, mqtt, folder)
        write_to_stderr(LogLevel.WARNING)
        try:
            asyncio.run(_run(settings, plan, clock))
        except* (SettingsError, SpoolError) as errors:
            raise CommandError(_first(errors)) from errors
    typer.echo("stopped", err=True)


async def _run(settings: list[DeviceSettings], plan: FleetPlan, clock: SystemClock | CatchUpClock) -> None:
    mqtt = settings[0].mqtt
    typer.echo(f"{len(settings)} vans, seed {plan.seed}, broker {mqtt.host}:{mqtt.port}")
    await _look_for_broker(mqtt.host, mqtt.port)
    fleet = asyncio.create_task(_drive(settings, plan, clock), name="fleet")
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, fleet.cancel)
    await asyncio.wait([fleet])
    if not fleet.cancelled():
        fleet.result()


async def _drive(settings: list[DeviceSettings], plan: FleetPlan, clock: SystemClock | CatchUpClock) -> None:
    progress = Progress()
    async with asyncio.TaskGroup() as group:
        group.create_task(progress.print(), name="progress")
        group.create_task(run_fleet(settings, plan, clock, progress.note), name="vans")


async def _look_for_broker(host: str, port: int) -> None:
    """Say early, and by its own address, that the broker is away: the agents only see the relay before it."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), LOOK_S)
    except OSError as error:
        reason = str(error) or f"nothing in {LOOK_S:.0f} s"
        typer.echo(f"broker {host}:{port} does not answer ({reason}); the vans keep trying", err=True)
    else:
        writer.close()


class Progress:
    """How the fleet is, in a line."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._newest: dict[str, Epoch] = {}

    def note(self, vehicle: str, epoch: Epoch) -> None:
        """Take in a van's newest epoch."""
        self._newest[vehicle] = epoch

    def line(self) -> str:
        """Say how many drive, stand and are without network, and how late the simulation is."""
        epochs = list(self._newest.values())
        driving = sum(epoch.truth.speed_mps > DRIVING_MPS for epoch in epochs)
        network = Counter(epoch.coverage for epoch in epochs)
        newest_ms = max((epoch.time_ms for epoch in epochs), default=0)
        return (
            f"{time.strftime('%H:%M:%S', time.gmtime(newest_ms / 1000))}Z  {driving} driving, "
            f"{len(epochs) - driving} standing, {network[Coverage.DEAD_ZONE]} in a dead zone, "
            f"{network[Coverage.BELOW_GROUND]} below ground"
        )

    async def print(self) -> None:
        """Print the line now and then, for ever."""
        while True:
            await asyncio.sleep(PROGRESS_S)
            typer.echo(self.line())


async def _print_nmea(plan: FleetPlan, clock: SystemClock | CatchUpClock) -> None:
    van = Van(load_streets(), f"{plan.seed}/van-01", plan.begin_ms, plan.dwell)
    while True:
        await clock.sleep(max(van.next_ms - clock.now_ms(), 0) / 1000)
        sys.stdout.buffer.write(van.epoch().nmea)
        sys.stdout.buffer.flush()


def _mqtt(broker: str, username: str | None, password_file: Path | None, ca_file: Path | None) -> MqttSettings:
    host, _, port = broker.rpartition(":") if ":" in broker else (broker, "", "8883" if ca_file else "1883")
    if not host or not port.isdigit():
        raise CommandError(f"--broker {broker!r} is not HOST or HOST:PORT")
    return MqttSettings(
        host=host,
        port=int(port),
        username=username,
        password_file=password_file,
        tls=ca_file is not None,
        tls_ca_file=ca_file,
    )


def _first(errors: BaseExceptionGroup[BaseException]) -> str:
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error)


def _dwell(text: str) -> Dwell:
    shortest, _, longest = text.partition("-")
    try:
        dwell = Dwell(float(shortest), float(longest))
    except ValueError as error:
        raise CommandError(f"--dwell {text!r} is not FROM-TO in seconds, such as 120-240") from error
    if not 0 <= dwell.shortest_s <= dwell.longest_s:
        raise CommandError(f"--dwell {text!r} does not rise from its first number to its second")
    return dwell


def _numbered(vans: int, fleet: str, mqtt: MqttSettings, folder: Path) -> list[DeviceSettings]:
    return numbered_vans(vans, DeviceSettings(vehicle="van", fleet=fleet, mqtt=mqtt, data_dir=folder))


def _registered(vehicles: Path, folder: Path) -> list[DeviceSettings]:
    """Return the vehicles that were registered, each with the files that lie beside its settings."""
    files = sorted(vehicles.glob(f"*/{DEVICE_FILE}"))
    if not files:
        raise CommandError(f"there is no */{DEVICE_FILE} in {vehicles}: run 'milepost devices add VEHICLE --out' first")
    return [_beside(file, folder) for file in files]


def _beside(file: Path, folder: Path) -> DeviceSettings:
    try:
        settings = load_settings(file)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    mqtt = msgspec.structs.replace(
        settings.mqtt,
        password_file=_own(file, PASSWORD_FILE) or settings.mqtt.password_file,
        tls_ca_file=_own(file, AUTHORITY_FILE) or settings.mqtt.tls_ca_file,
    )
    return msgspec.structs.replace(settings, mqtt=mqtt, data_dir=folder / settings.fleet / settings.vehicle)


def _own(file: Path, name: str) -> Path | None:
    beside = file.with_name(name)
    return beside if beside.is_file() else None
