"""A simulated fleet: one real agent a van, each behind its own receiver and its own mobile network."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from device.agent import run_agent
from device.clock import Clock
from device.settings import DeviceSettings
from device.simulator.journey import Dwell
from device.simulator.planned import PlannedJourney, Tour
from device.simulator.radio import HOLD_S, LOOPBACK, Radio
from device.simulator.source import SimulatedSource
from device.simulator.streets import Streets, load
from device.simulator.van import Epoch, Van

Observer = Callable[[str, Epoch], None]
"""Told the vehicle's name and its newest epoch, once a second."""


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """What the vans do. One seed makes one day; `begin_ms` (Unix ms) is when it begins.

    A vehicle with a tour drives that (`begin_s` is the tours' second at `begin_ms`), any other without a plan. At more
    than real pace `hold_s` says how long, in real seconds, a connection without signal lives.
    """

    seed: int
    begin_ms: int
    dwell: Dwell = field(default_factory=Dwell)
    tours: Mapping[str, Tour] = field(default_factory=dict)
    begin_s: float = 0.0
    hold_s: float = HOLD_S

    def van(self, streets: Streets, vehicle: str) -> Van:
        """Return a vehicle at its day's begin."""
        seed, tour = f"{self.seed}/{vehicle}", self.tours.get(vehicle)
        way = PlannedJourney(streets, tour, seed, self.begin_s) if tour else None
        return Van(streets, seed, self.begin_ms, self.dwell, way)


class Clocks(NamedTuple):
    """What a van's parts go by."""

    receiver: Clock
    agent: Clock


def numbered_vans(count: int, template: DeviceSettings) -> list[DeviceSettings]:
    """Return the settings of van-01 and so on: the template's, each with a folder of its own below its data_dir."""
    names = [f"{template.vehicle}-{number:02d}" for number in range(1, count + 1)]
    return [msgspec.structs.replace(template, vehicle=name, data_dir=template.data_dir / name) for name in names]


async def run_fleet(
    vans: Sequence[DeviceSettings], plan: FleetPlan, clock: Clock, observer: Observer, waits: Clock | None = None
) -> None:
    """Run all agents until cancelled; then each says that it is offline.

    Args:
        vans: the settings of each van's agent; no two with one vehicle or one data directory.
        plan: what they drive.
        clock: what the receivers and the agents go by.
        observer: told how each van is.
        waits: what the agents go by, if it is another one than the receivers'.

    """
    streets = load()
    clocks = Clocks(clock, waits or clock)
    async with asyncio.TaskGroup() as group:
        for settings in vans:
            van = plan.van(streets, settings.vehicle)
            group.create_task(_run_van(settings, van, clocks, observer, plan.hold_s), name=f"van {settings.vehicle}")


async def _run_van(settings: DeviceSettings, van: Van, clocks: Clocks, observer: Observer, hold_s: float) -> None:
    if settings.mqtt.tls:  # a certificate names the broker, not the relay: such a van is always in coverage
        await _run_agent(settings, van, clocks, observer)
        return
    async with Radio(settings.mqtt.host, settings.mqtt.port, hold_s) as radio:

        def watch(vehicle: str, epoch: Epoch) -> None:
            radio.tell(epoch.coverage)
            observer(vehicle, epoch)

        relayed = msgspec.structs.replace(settings.mqtt, host=LOOPBACK, port=radio.port)
        await _run_agent(msgspec.structs.replace(settings, mqtt=relayed), van, clocks, watch)


async def _run_agent(settings: DeviceSettings, van: Van, clocks: Clocks, observer: Observer) -> None:
    source = SimulatedSource(settings.vehicle, van, clocks.receiver, lambda epoch: observer(settings.vehicle, epoch))
    await run_agent(settings, clock=clocks.agent, source=source)
