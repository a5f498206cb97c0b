"""What every source of NMEA bytes promises."""

from collections.abc import AsyncGenerator
from typing import Protocol


class SourceError(Exception):
    """A source could not be opened, or was lost; it will be opened again. The text says why."""


class Source(Protocol):
    """A stream of NMEA bytes that can be opened again and again."""

    @property
    def name(self) -> str:
        """What the source is called in a log, for example `serial /dev/ttyUSB0`."""
        ...

    def chunks(self) -> AsyncGenerator[bytes, None]:
        """Open the source and yield its bytes as they come, in chunks of any size and cut anywhere.

        Returning means that the source is exhausted (a recording has ended): the agent delivers what it has and ends.

        Raises:
            SourceError: it cannot be opened or was lost; the agent calls `chunks` again after a pause.

        """
        ...
