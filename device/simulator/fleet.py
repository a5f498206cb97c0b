"""A simulated fleet: one real agent a van, each behind its own receiver and its own mobile network."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec

from device.agent import run_agent
from device.clock import Clock
from device.settings import DeviceSettings
from device.simulator.journey import Dwell
from device.simulator.radio import LOOPBACK, Radio
from device.simulator.source import SimulatedSource
from device.simulator.streets import load
from device.simulator.van import Epoch, Van

Observer = Callable[[str, Epoch], None]
"""Told the vehicle's name and its newest epoch, once a second."""


@dataclass(frozen=True, slots=True)
class FleetPlan:
    """What the vans do. One seed makes one day; `begin_ms` (Unix ms) is when it begins."""

    seed: int
    begin_ms: int
    dwell: Dwell = field(default_factory=Dwell)


def numbered_vans(count: int, template: DeviceSettings) -> list[DeviceSettings]:
    """Return the settings of van-01 and so on: the template's, each with a folder of its own below its data_dir."""
    names = [f"{template.vehicle}-{number:02d}" for number in range(1, count + 1)]
    return [msgspec.structs.replace(template, vehicle=name, data_dir=template.data_dir / name) for name in names]


async def run_fleet(vans: Sequence[DeviceSettings], plan: FleetPlan, clock: Clock, observer: Observer) -> None:
    """Run all agents until cancelled; then each says that it is offline.

    Args:
        vans: the settings of each van's agent; no two with one vehicle or one data directory.
        plan: what they drive.
        clock: what the receivers and the agents go by.
        observer: told how each van is.

    """
    streets = load()
    async with asyncio.TaskGroup() as group:
        for settings in vans:
            van = Van(streets, f"{plan.seed}/{settings.vehicle}", plan.begin_ms, plan.dwell)
            group.create_task(_run_van(settings, van, clock, observer), name=f"van {settings.vehicle}")


async def _run_van(settings: DeviceSettings, van: Van, clock: Clock, observer: Observer) -> None:
    if settings.mqtt.tls:  # a certificate names the broker, not the relay: such a van is always in coverage
        await _run_agent(settings, van, clock, observer)
        return
    async with Radio(settings.mqtt.host, settings.mqtt.port) as radio:

        def watch(vehicle: str, epoch: Epoch) -> None:
            radio.tell(epoch.coverage)
            observer(vehicle, epoch)

        relayed = msgspec.structs.replace(settings.mqtt, host=LOOPBACK, port=radio.port)
        await _run_agent(msgspec.structs.replace(settings, mqtt=relayed), van, clock, watch)


async def _run_agent(settings: DeviceSettings, van: Van, clock: Clock, observer: Observer) -> None:
    source = SimulatedSource(settings.vehicle, van, clock, lambda epoch: observer(settings.vehicle, epoch))
    await run_agent(settings, clock=clock, source=source)
