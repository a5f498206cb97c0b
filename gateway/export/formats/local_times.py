"""Times of a day in the zone of its route, the night of a clock change included."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LocalTimes:
    """Writes Unix ms as a person at the route's place reads them.

    A zone that this machine's tables do not know is written in UTC, and `name` says so.
    """

    def __init__(self, zone: str, day: str, first: int, last: int) -> None:
        """Take the zone, the route's date (ISO 8601) and the span of time that the document is about."""
        try:
            self._zone: ZoneInfo = ZoneInfo(zone)
            self.name = zone
        except (ZoneInfoNotFoundError, ValueError):
            self._zone = ZoneInfo("UTC")
            self.name = f"UTC (the zone {zone} is not known here)"
        self._day = date.fromisoformat(day)
        self._one_offset = self._at(first).utcoffset() == self._at(last).utcoffset()

    def iso(self, time: int) -> str:
        """Return ISO 8601 with the offset of that moment: `2026-10-25T03:30:00.000+02:00`."""
        return self._at(time).isoformat(timespec="milliseconds")

    def clock(self, time: int) -> str:
        """Return hours and minutes: `14:05`; `00:20 +1 d` behind midnight; `03:30 EET` where the clock is changed."""
        moment = self._at(time)
        text = moment.strftime("%H:%M" if self._one_offset else "%H:%M %Z")
        days = (moment.date() - self._day).days
        return text if not days else f"{text} {days:+d} d"

    def hour(self, time: int) -> str:
        """Return hours and minutes alone, for a scale."""
        return self._at(time).strftime("%H:%M")

    def date(self) -> str:
        """Return the route's date for a heading: `Sunday 25 October 2026`."""
        return f"{self._day:%A} {self._day.day} {self._day:%B %Y}"

    def _at(self, time: int) -> datetime:
        return (_EPOCH + timedelta(milliseconds=time)).astimezone(self._zone)


def span_text(span_ms: int) -> str:
    """Return a duration in words: `7 h 05 min`, `12 min`, `40 s`; a negative one with its sign."""
    sign = "−" if span_ms < 0 else ""
    seconds = round(abs(span_ms) / 1000)
    minutes = round(seconds / 60)
    if minutes >= 60:
        return f"{sign}{minutes // 60} h {minutes % 60:02d} min"
    return f"{sign}{minutes} min" if seconds >= 60 else f"{sign}{seconds} s"


def metres_text(metres: float) -> str:
    """Return a distance as a person says it: `820 m`, `41.2 km`."""
    return f"{metres:.0f} m" if metres < 999.5 else f"{metres / 1000:.1f} km"
