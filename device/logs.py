"""What the agent says: one line an event, on standard error; a state once when it changes, not at each retry."""

import logging
from collections.abc import MutableMapping
from typing import Any

from device.settings import LogLevel

LOGGER_NAME = "milepost.device"

Log = logging.LoggerAdapter[logging.Logger]


class VehicleLog(logging.LoggerAdapter[logging.Logger]):
    """Puts the vehicle's name before each line: several agents may run in one process."""

    def __init__(self, vehicle: str) -> None:
        super().__init__(logging.getLogger(LOGGER_NAME), {})
        self._vehicle = vehicle

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:  # noqa: ANN401
        """Add the vehicle."""
        return f"{self._vehicle}: {msg}", kwargs


class StateLog:
    """Says a thing's state when it is another than before, however often it is told."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._said: str | None = None

    def good(self, text: str) -> None:
        """Say that it is well (again)."""
        self._say(logging.INFO, text)

    def bad(self, text: str) -> None:
        """Say what is wrong."""
        self._say(logging.WARNING, text)

    def _say(self, level: int, text: str) -> None:
        if text != self._said:
            self._said = text
            self._log.log(level, "%s", text)


def write_to_stderr(level: LogLevel) -> None:
    """Send the agents' lines to standard error; for the command line only."""
    logging.basicConfig(format="%(asctime)s %(levelname)-7s %(message)s", level=logging.WARNING)
    logging.getLogger(LOGGER_NAME).setLevel(level.upper())
