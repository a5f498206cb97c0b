"""Hours of a night in which nobody is disturbed, by the clock on the wall of a time zone."""

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class QuietHours(NamedTuple):
    """From `begin` until `end`, which is the next day's if it is not later; both equal: never."""

    begin: time
    end: time

    def includes(self, wall: time) -> bool:
        """Whether a clock that shows this is within."""
        if self.begin <= self.end:
            return self.begin <= wall < self.end
        return wall >= self.begin or wall < self.end


def parse_quiet(text: str | None) -> QuietHours | None:
    """Return the hours of a setting like `21:00-08:00`; None: there are none."""
    if text is None:
        return None
    begin, _, end = text.partition("-")
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def quiet_until(now: int, zone: str, quiet: QuietHours | None) -> int | None:
    """Return when the quiet hours end that last at `now` (Unix ms); None if it is not quiet.

    In the night in which the clock goes back, an end that the clock shows twice is the first one to come. In the one
    in which it goes forward, an end that it never shows comes as much later as the clock leaps.
    """
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(zone))
    if quiet is None or not quiet.includes(local.time()):
        return None
    day = local.date() if local.time() < quiet.end else local.date() + DAY
    ends = (datetime.combine(day, quiet.end.replace(fold=fold), local.tzinfo).timestamp() for fold in (0, 1))
    return next(end for end in (int(end * 1000) for end in ends) if end > now)
