"""Local times of a route's day as Unix ms, the nights of the clock change and those past midnight included."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MS_PER_S = 1_000
HOUR_MS = 3_600 * MS_PER_S

UNIX_MS_FROM = 10**11
"""A number is Unix ms from here on (1973): smaller ones are seconds or clock times, which are refused."""

ROLL_OVER_MS = 12 * HOUR_MS
"""A time of day that is further than this before the route's start means the day after: 01:00 of a route from 22:00."""

SPAN_MS = 48 * HOUR_MS
"""How far from a route's start its times may be: beyond, it is another day's time by mistake."""

FIRST_DATE, LAST_DATE = date(2000, 1, 1), date(2100, 12, 31)

_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?([AaPp])\.?[Mm]\.?)?")
_UNIX_MS = re.compile(r"[0-9]{12,14}")


class BadTime(ValueError):  # noqa: N818 - a named refusal
    """A time that cannot be read; the message says why and what to write."""


class Moment(NamedTuple):
    """A time, and what the sender should know about how it was read."""

    ms: int
    note: str | None = None


def read_date(text: str) -> date:
    """Return a day, ISO 8601.

    Raises:
        BadTime: it is none, or of another century.

    """
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise BadTime("is not a date: write YYYY-MM-DD") from error
    if not FIRST_DATE <= day <= LAST_DATE:
        raise BadTime(f"is not from {FIRST_DATE} to {LAST_DATE}")
    return day


def read_zone(text: str) -> ZoneInfo:
    """Return a time zone of the IANA database.

    Raises:
        BadTime: there is none of this name.

    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadTime("is not a time zone: write a name of the IANA database like Europe/Helsinki") from error


class Day(NamedTuple):
    """A day in its zone, which times of day are read in."""

    date: date
    zone: ZoneInfo

    def read(self, value: object, not_before: int | None = None) -> Moment:
        """Return a time: HH:MM[:SS], ISO 8601 with or without a zone, or Unix ms.

        A time of day before `not_before` (Unix ms) is of the next day.

        Raises:
            BadTime: it cannot be read, or the clock never shows it.

        """
        if isinstance(value, str):
            return self._read_text(value, not_before)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadTime("is not a time: write HH:MM")
        return _unix_ms(value)

    def _read_text(self, text: str, not_before: int | None) -> Moment:
        if _UNIX_MS.fullmatch(text):
            return _unix_ms(int(text))
        clock = _CLOCK.fullmatch(text)
        if clock is None:
            return self._read_iso(text)
        moment = self._at(_since_midnight(clock), timedelta(0))
        if not_before is not None and moment.ms < not_before:
            return self._at(_since_midnight(clock), timedelta(days=1))
        return moment

    def _at(self, since_midnight: timedelta, days: timedelta) -> Moment:
        return _instant(datetime.combine(self.date, time()) + days + since_midnight, self.zone)

    def _read_iso(self, text: str) -> Moment:
        try:
            stamp = datetime.fromisoformat(text)
        except ValueError as error:
            raise BadTime("is not a time: write HH:MM, or YYYY-MM-DDTHH:MM") from error
        if len(text) <= len("YYYY-MM-DD") or not FIRST_DATE <= stamp.date() <= LAST_DATE:
            raise BadTime("is not a time: write HH:MM, or YYYY-MM-DDTHH:MM")
        return _instant(stamp, self.zone) if stamp.tzinfo is None else Moment(_ms(stamp))


def _unix_ms(value: float) -> Moment:
    if not UNIX_MS_FROM <= value <= _ms(datetime.combine(LAST_DATE, time(), UTC)):
        raise BadTime("is not Unix time in milliseconds: write HH:MM")
    return Moment(int(value))


def _since_midnight(clock: re.Match[str]) -> timedelta:
    """Return the time of day; 24:00 is the end of the day."""
    hours, minutes, seconds = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hours = _of_twelve(hours, clock[4])
    since = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if minutes > 59 or seconds > 59 or since > timedelta(days=1):
        raise BadTime("is not a time of day: write 00:00 to 24:00")
    return since


def _of_twelve(hours: int, half: str) -> int:
    if not 1 <= hours <= 12:
        raise BadTime("is not a time of day: write 1:00 AM to 12:59 PM, or 00:00 to 24:00")
    return hours % 12 + (12 if half in "Pp" else 0)


def _instant(local: datetime, zone: ZoneInfo) -> Moment:
    """Return a local time's instant. The clock shows some times of the year twice, and some never."""
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return Moment(_ms(first))
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise BadTime(f"does not exist: the clocks of {zone.key} go forward over it; write an hour later or earlier")
    return Moment(_ms(first), f"comes twice in the night of the clock change ({zone.key}): the first one is taken")


def _ms(stamp: datetime) -> int:
    return int(stamp.timestamp() * MS_PER_S)
