"""The day as it is shown: the office imports the routes, the vans drive them, the drivers tap."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from device.reporting.settings import ReportingSettings
from device.settings import DeviceSettings, MqttSettings, Protocol
from device.simulator.clock import RealWaits
from device.simulator.fleet import FleetPlan, numbered_vans, run_fleet
from device.simulator.radio import HOLD_S
from device.simulator.van import Epoch
from milepost.demo.broker import LOOPBACK
from milepost.demo.clock import DayClock
from milepost.demo.day import MINUTE_S
from milepost.demo.document import clock_text
from milepost.demo.office import Office, Refused
from milepost.demo.phones import Phones, phones
from milepost.demo.receiver import Receiver
from milepost.demo.taps import Word
from milepost.demo.working_day import VANS_WAKE_S, WorkingDay

REPORTING = ReportingSettings(distance_m=25.0, deviation_m=10.0)
"""A position every three seconds or so on the way; the default of every 250 m suits a country, not a city centre."""
LONGEST_HOLD_S = 90.0
"""Real seconds without signal that a van's connection outlives on a day at speed. Its pauses between two attempts are
real seconds too: a connection that was cut for minutes of the day would be away for an hour of it."""
REAL_PACE = 1.0
LINE_VALUE = 50
"""Characters of a link that tell it from others: the receiver's lines hold no longer values whole."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """What a day is shown on."""

    day: WorkingDay
    clock: DayClock
    begin_s: float
    speed: float
    broker_port: int
    folder: Path
    say: Say
    receiver: Receiver


async def perform(stage: Stage, office: Office) -> None:
    """Show the day, and then the evening at real pace, until cancelled.

    Raises:
        Refused: the gateway does not take the routes.

    """
    await office.bring(stage.day.file)
    await office.knows_routes(set(stage.day.routes))
    stage.clock.leap_to(stage.day.time_ms(stage.begin_s))
    stage.clock.run_at(stage.speed)
    async with asyncio.TaskGroup() as group:
        group.create_task(_vans(stage), name="vans")
        group.create_task(_drivers(stage, office), name="drivers' taps")
        group.create_task(_evening(stage), name="evening")
        await _tell(stage, office)


async def _vans(stage: Stage) -> None:
    day = stage.day
    mqtt = MqttSettings(host=LOOPBACK, port=stage.broker_port, protocol=Protocol.V311)
    template = DeviceSettings(vehicle="van", mqtt=mqtt, reporting=REPORTING, data_dir=stage.folder / "vans")
    plan = FleetPlan(
        seed=day.seed,
        begin_ms=day.time_ms(VANS_WAKE_S),
        tours=day.tours,
        begin_s=VANS_WAKE_S,
        hold_s=min(HOLD_S * stage.speed, LONGEST_HOLD_S),
    )
    vans = numbered_vans(len(day.drivers), template)
    await run_fleet(vans, plan, stage.clock, _nobody_watches, RealWaits(stage.clock))


def _nobody_watches(_vehicle: str, _epoch: Epoch) -> None:
    """Take no note: the console shows the vans."""


async def _drivers(stage: Stage, office: Office) -> None:
    """Tap, each word at its time; those of the time before the command once the positions of that time are known."""
    await _morning_is_heard(stage, office)
    links = {route: await office.driver_url(driver) for route, driver in stage.day.names.items()}
    waiting = deque((stage.day.time_ms(word.time_s), route, word) for route, word in stage.day.words)
    async with phones(links) as of_drivers:
        while waiting:
            await stage.clock.sleep_until(waiting[0][0])
            await asyncio.gather(*(_say_all(stage, of_drivers, *each) for each in _due(waiting, stage.clock).items()))


async def _morning_is_heard(stage: Stage, office: Office) -> None:
    """Wait until the gateway knows what the vans did before the time of the command."""
    await office.hears_vehicles(len(stage.day.drivers), stage.day.time_ms(stage.begin_s - 2 * MINUTE_S))


def _due(waiting: deque[tuple[int, str, Word]], clock: DayClock) -> dict[str, list[tuple[int, Word]]]:
    """Take out what is to be said by now: of a day at speed that is much at once, and one by one it would come late."""
    due: dict[str, list[tuple[int, Word]]] = {}
    while waiting and waiting[0][0] <= clock.now_ms():
        time_ms, route, word = waiting.popleft()
        due.setdefault(route, []).append((time_ms, word))
    return due


async def _say_all(stage: Stage, of_drivers: Phones, route: str, words: Sequence[tuple[int, Word]]) -> None:
    try:
        await of_drivers.tap(route, words, stage.clock.now_ms())
    except Refused as refusal:
        stage.say(f"a tap was refused: {refusal}")


async def _evening(stage: Stage) -> None:
    await stage.clock.sleep_until(stage.day.time_ms(stage.day.over_s))
    stage.clock.run_at(REAL_PACE)
    stage.say(
        f"{clock_text(stage.day.over_s)[:5]} all vans are back: the clock runs at real pace, the record can be read"
    )


async def _tell(stage: Stage, office: Office) -> None:
    """Say what there is to see, and when; and where else to look."""
    day, now_s = stage.day, stage.begin_s
    stage.say(f"day {day.date:%A %d %B}, {clock_text(now_s)[:5]} in Helsinki, {stage.speed:g} times as fast as time")
    for chapter in day.chapters:
        stage.say(f"  {clock_text(chapter.time_s)[:5]} {chapter.vehicle} {chapter.what}")
    customer = day.customer(now_s)
    if customer is not None:
        await _morning_is_heard(stage, office)  # until then the customer's page counts stops that are long served
        await _invite(stage, office, *customer)


async def _invite(stage: Stage, office: Office, route: str, stop: str) -> None:
    """Say where a driver and one of their customers look, and show what the webhook gets about that customer."""
    link = await office.tracking_url(route, stop) or ""
    stage.say(f"driver {await office.driver_url(stage.day.names[route])}")
    stage.say(f"customer {link}")
    stage.say(f"webhooks {stage.receiver.log} (all events, checked; those of this customer follow here)")
    link_begins = link[:LINE_VALUE]
    stage.receiver.shown = lambda line: (f"route={route} " in line and f"stop={stop} " in line) or link_begins in line
