"""The agent: NMEA bytes from a source, through reader and reporting policy into the spool, and on to the gateway."""

import asyncio
import random as randomness
from collections.abc import Callable, Coroutine

from device.clock import Clock, SystemClock
from device.logs import Log, VehicleLog
from device.nmea.reader import NmeaReader
from device.reading import Reading
from device.reporting.policy import Policy
from device.settings import DeviceSettings, SettingsError
from device.sources.choose import source_for
from device.sources.recording import FileSource
from device.sources.source import Source
from device.spool.opening import open_spool
from device.spool.worker import SpoolWorker, spool_on_a_thread
from device.uplink.delivery import Delivery
from device.uplink.uplink import Uplink
from wire.messages import VERSION, DeviceStatus, Presence

HOUSEKEEPING_S = 10.0
"""How often the status is compared with the one announced, and old rows are deleted."""


async def run_agent(settings: DeviceSettings, *, clock: Clock | None = None, source: Source | None = None) -> None:
    """Run one vehicle's agent until it is cancelled, or until an exhausted source has been delivered.

    Several agents can run in one process. Cancelling it publishes the offline status before it ends.

    Args:
        settings: all of the agent's settings.
        clock: the machine's own if not given.
        source: used in place of `settings.source` (the simulator's).

    Raises:
        SettingsError: no source is given, or a password or TLS file cannot be used.
        SpoolError: the spool cannot be opened; in an exception group where it failed later.

    """
    clock = clock or SystemClock()
    log = VehicleLog(settings.vehicle)
    chosen = source or _configured(settings, clock)
    async with spool_on_a_thread(lambda: open_spool(settings.data_dir, settings.spool, log)) as spool:
        agent = _Agent(settings, clock, chosen, spool, log)
        await agent.run()


class _Agent:
    """The parts, put together."""

    def __init__(self, settings: DeviceSettings, clock: Clock, source: Source, spool: SpoolWorker, log: Log) -> None:
        self._settings = settings
        self._clock = clock
        self._spool = spool
        random = randomness.SystemRandom().random
        self._delivery = Delivery(spool, clock=clock, random=random, source_name=settings.source_name, log=log)
        self._uplink = Uplink(settings, clock=clock, random=random, log=log, status=self._status)
        self._reading = Reading(
            source,
            NmeaReader.recorded() if isinstance(source, FileSource) else NmeaReader.live(),
            Policy(settings.reporting),
            spool,
            clock=clock,
            random=random,
            log=log,
            confirmed=self._delivery.confirmed,
            appended=self._delivery.note_appended,
        )

    async def run(self) -> None:
        """Run until the source is exhausted and all is delivered."""
        try:
            async with asyncio.TaskGroup() as group:
                standing = self._start(group)
                await group.create_task(self._reading.read(), name="source")
                await self._reading.finish()
                await self._all_delivered()
                for task in standing:
                    task.cancel()
        finally:
            await self._reading.finish()

    def _start(self, group: asyncio.TaskGroup) -> list[asyncio.Task[None]]:
        tasks: dict[str, Callable[[], Coroutine[None, None, None]]] = {
            "uplink": lambda: self._uplink.run(self._delivery),
            "delivery": self._delivery.run,
            "epochs": self._reading.watch_for_quiet,
            "writer": self._reading.write,
            "housekeeping": self._keep_house,
        }
        return [group.create_task(task(), name=name) for name, task in tasks.items()]

    async def _all_delivered(self) -> None:
        while (await self._spool.condition()).depth > 0:
            self._delivery.progressed.clear()
            await self._delivery.progressed.wait()

    async def _keep_house(self) -> None:
        announced: tuple[int, ...] = ()
        while True:
            await self._clock.sleep(HOUSEKEEPING_S)
            await self._spool.expire()
            self._delivery.say_where_it_stands()
            status = await self._status(Presence.ONLINE)
            worth_saying = (_depth_step(status.depth or 0), status.discarded or 0, status.set_aside or 0)
            if worth_saying != announced:
                await self._delivery.announce(status)
                announced = worth_saying

    async def _status(self, presence: Presence) -> DeviceStatus:
        is_ = await self._spool.condition()
        source = self._settings.source_name
        if presence is Presence.OFFLINE:  # a will is published later: it says nothing that may be outdated
            return DeviceStatus(VERSION, presence, is_.spool, is_.boot, source=source)
        return DeviceStatus(
            VERSION,
            presence,
            is_.spool,
            is_.boot,
            depth=is_.depth,
            sent=self._clock.now_ms(),
            discarded=is_.discarded,
            set_aside=is_.set_aside,
            source=source,
        )


def _configured(settings: DeviceSettings, clock: Clock) -> Source:
    if settings.source is None:
        raise SettingsError("no [source] is given: say where the NMEA comes from (config/device.toml shows how)")
    return source_for(settings.source, clock)


def _depth_step(depth: int) -> int:
    """Return a number that changes when the depth doubles or halves: not each position is worth a status."""
    return (depth // 50).bit_length()
