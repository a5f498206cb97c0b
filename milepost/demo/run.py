"""The demo's parts, started and ended in order: broker, gateway, vans; and back."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.clock import SystemClock
from device.reporting.settings import ReportingSettings
from device.settings import DeviceSettings
from device.settings import MqttSettings as DeviceMqtt
from device.settings import Protocol as DeviceProtocol
from device.simulator.fleet import FleetPlan, numbered_vans, run_fleet
from device.simulator.journey import Dwell
from device.simulator.van import Epoch
from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.tokens import TokenStore
from gateway.app import Started, run_gateway
from gateway.settings import GatewaySettings, HttpSettings, MqttProtocol
from gateway.settings import MqttSettings as GatewayMqtt
from milepost.demo.broker import LOOPBACK, EmbeddedBroker

PAST_MS = 20 * 60_000
"""How long before the command the vans began their day: some stops and a track to look at, 2 s of work to catch up."""
DWELL = Dwell(40.0, 110.0)
"""Shorter than a real delivery, so that most of a dozen vans are seen moving."""
SEED = 12
"""A day on which nobody is without network, most are on the move and no two are close when the command is given: all
vans are seen at once. The first dead zone is met after two minutes, a tunnel after seven."""
REPORTING = ReportingSettings(distance_m=25.0, deviation_m=10.0)
"""A position every three seconds or so on the way; the default of every 250 m suits a country, not a city centre."""
FURTHER_PORTS = 20
"""Ports tried above the wanted one when it is taken."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What a viewer may choose."""

    vans: int
    seed: int
    folder: Path
    http_port: int


async def run_demo(options: DemoOptions, say: Say) -> None:
    """Run until Ctrl-C (or SIGTERM); `say` is given the three lines once the console can be opened.

    The vans end first, so that each says that it is offline; then the gateway with all they sent; then the broker.

    Raises:
        GatewayFailed: the gateway could not start, or failed.

    """
    interrupted = _interruption()
    async with EmbeddedBroker() as broker:
        started: asyncio.Future[Started] = asyncio.get_running_loop().create_future()
        gateway = run_gateway(_gateway_settings(options, broker.port), ready=started.set_result)
        async with _running("gateway", gateway) as gateway_task:
            await _first_of(gateway_task, started, interrupted)
            if not started.done():
                return
            _announce(started.result(), options.folder, say)
            async with _running("vans", _vans(options, broker.port)) as vans_task:
                await _first_of(gateway_task, vans_task, interrupted)


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


def _gateway_settings(options: DemoOptions, broker_port: int) -> GatewaySettings:
    return GatewaySettings(
        id="demo",
        data_dir=options.folder / "gateway",
        open_registration=True,
        mqtt=GatewayMqtt(host=LOOPBACK, port=broker_port, protocol=MqttProtocol.MQTT_3_1_1),
        http=HttpSettings(host=LOOPBACK, port=options.http_port, port_search=FURTHER_PORTS),
    )


async def _vans(options: DemoOptions, broker_port: int) -> None:
    clock = SystemClock()
    mqtt = DeviceMqtt(host=LOOPBACK, port=broker_port, protocol=DeviceProtocol.V311)
    template = DeviceSettings(vehicle="van", mqtt=mqtt, reporting=REPORTING, data_dir=options.folder / "vans")
    plan = FleetPlan(options.seed, clock.now_ms() - PAST_MS, DWELL)
    await run_fleet(numbered_vans(options.vans, template), plan, clock, _nobody_watches)


def _nobody_watches(_vehicle: str, _epoch: Epoch) -> None:
    """Take no note: the console shows the vans."""


def _announce(started: Started, folder: Path, say: Say) -> None:
    token = started.token or _new_token(folder / "gateway")
    say(f"console {started.console.partition('#')[0]}#token={token}")
    say(f"api {started.api}")
    say(f"token {token}")


def _new_token(data_dir: Path) -> str:
    """Return a token for a kept folder, whose first one was shown at its first start and cannot be shown again."""
    database = open_operations(data_dir)
    try:
        return TokenStore(database).add("demo", SystemClock().now_ms())
    finally:
        database.close()
