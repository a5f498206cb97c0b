"""`python -m device CONFIG`: the agent alone. `milepost device` checks the settings and becomes this."""

import asyncio
import signal
import sys
from pathlib import Path

from device.agent import run_agent
from device.logs import write_to_stderr
from device.settings import DeviceSettings, SettingsError, load
from device.spool.database import SpoolError


def main() -> int:
    """Run until SIGTERM or SIGINT; returns the exit code."""
    try:
        settings = load(Path(sys.argv[1]))
        write_to_stderr(settings.log_level)
        asyncio.run(_until_told_to_stop(settings))
    except* (SettingsError, SpoolError) as errors:
        sys.stderr.write(f"milepost: {_first(errors)}\n")
    else:
        return 0
    return 1


async def _until_told_to_stop(settings: DeviceSettings) -> None:
    agent = asyncio.create_task(run_agent(settings), name="agent")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, agent.cancel)
    await asyncio.wait([agent])
    if not agent.cancelled():
        agent.result()


def _first(errors: BaseException) -> BaseException:
    return _first(errors.exceptions[0]) if isinstance(errors, BaseExceptionGroup) else errors


if __name__ == "__main__":
    sys.exit(main())
