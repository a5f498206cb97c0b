"""The one clock of the process."""

from typing import Protocol


class Clock(Protocol):
    """The one clock of the process; a demo or a test may run it at another speed."""

    def now_ms(self) -> int:
        """Return Unix milliseconds UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        ...
