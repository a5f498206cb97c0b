"""The date of a time of day. `now_ms` is the system's clock, read by the caller.

- An epoch's own date (RMC) counts. Its century is guessed (`fields.short_date`).
- Without one, the last known date is carried on to the nearest such time of day, so that midnight turns the date
  also for a receiver that sends GGA first, or dates only now and then. ZDA is such a known date too, whatever its
  second: some receivers send it a second off. Live, a known date is forgotten after hours, or when the clock is set.
- A live receiver that sends no date at all gets the system clock's, if the two clocks nearly agree.
- A live receiver whose date is 1,024 weeks back (GPS's week number overflowed) gets them added, if that is the
  clock's date. A recorded log keeps its dates.
"""

from enum import StrEnum
from typing import NamedTuple

from device.nmea.fields import DAY_MS, HOUR_MS, MINUTE_MS

ROLLOVER_MS = 1024 * 7 * DAY_MS
"""GPS broadcasts its week number in ten bits."""

ROLLOVERS = (1, 2)
"""How many overflows a receiver of today can have missed since GPS time began in 1980."""

ROLLOVER_TOLERANCE_MS = DAY_MS
"""How far a corrected time may be from the clock: a clock may be wrong by hours, but not a receiver by exact weeks."""

CLOCK_TOLERANCE_MS = 5 * MINUTE_MS
"""How far the clock and a time of day may be apart for the clock to give the date. A synchronised clock is within a
second; one that was never set agrees by chance in 0.7 % of cases; the gateway quarantines from 5 minutes ahead on."""

KNOWN_FOR_MS = 6 * HOUR_MS
"""How long a live receiver's last date is carried on: half of the 12 h beyond which the nearest day is a wrong one."""

CLOCK_FLOOR_MS = 1_704_067_200_000
"""1 January 2024: a clock before it was never set."""


class TimeSource(StrEnum):
    """What had to help a position's time; the `time_source` field of the wire. Absent: the receiver alone."""

    ROLLOVER = "rollover"
    SYSTEM = "system"


class Dated(NamedTuple):
    """An instant in Unix ms UTC, and what had to help."""

    time_ms: int
    source: TimeSource | None


class _Known(NamedTuple):
    """The last dated instant, and the clock when it came."""

    dated: Dated
    at_ms: int


class RecordedCalendar:
    """Dates of a recorded log: the log's alone, the clock is not looked at."""

    def __init__(self) -> None:
        self._known: _Known | None = None

    def date(self, time_ms: int, day: int | None, now_ms: int) -> Dated | None:
        """Date a time of day, with its own day since 1970 if it has one; None when no date is known."""
        dated = self._dated(time_ms, day, now_ms)
        if dated is not None:
            self._known = _Known(dated, now_ms)
        return dated

    def _dated(self, time_ms: int, day: int | None, now_ms: int) -> Dated | None:
        if day is not None:
            return self._checked(day * DAY_MS + time_ms, now_ms)
        if self._known is None or not self._is_fresh(self._known, now_ms):
            return self._guessed(time_ms, now_ms)
        return Dated(nearest(time_ms, self._known.dated.time_ms), self._known.dated.source)

    def _is_fresh(self, known: _Known, now_ms: int) -> bool:
        del known, now_ms
        return True

    def _checked(self, time_ms: int, now_ms: int) -> Dated:
        del now_ms
        return Dated(time_ms, None)

    def _guessed(self, time_ms: int, now_ms: int) -> Dated | None:
        del time_ms, now_ms
        return None


class LiveCalendar(RecordedCalendar):
    """Dates of a receiver that is read now: the clock bounds and helps them."""

    def _is_fresh(self, known: _Known, now_ms: int) -> bool:
        return abs(now_ms - known.at_ms) <= KNOWN_FOR_MS

    def _checked(self, time_ms: int, now_ms: int) -> Dated:
        for times in ROLLOVERS:
            corrected = time_ms + times * ROLLOVER_MS
            if abs(corrected - now_ms) <= ROLLOVER_TOLERANCE_MS:
                return Dated(corrected, TimeSource.ROLLOVER)
        return Dated(time_ms, None)

    def _guessed(self, time_ms: int, now_ms: int) -> Dated | None:
        guess = nearest(time_ms, now_ms)
        if now_ms < CLOCK_FLOOR_MS or abs(guess - now_ms) > CLOCK_TOLERANCE_MS:
            return None
        return Dated(guess, TimeSource.SYSTEM)


def nearest(time_of_day_ms: int, instant_ms: int) -> int:
    """Return the instant with this time of day that is nearest to the given one."""
    days = round((instant_ms - time_of_day_ms) / DAY_MS)
    return days * DAY_MS + time_of_day_ms
