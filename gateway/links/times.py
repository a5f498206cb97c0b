"""Times and days as a customer reads them, where the route is."""

from datetime import datetime, timedelta

from gateway.links.attempts import zone_of
from gateway.links.delivery import Span
from gateway.links.words import Words


def clock(unix_ms: int, zone: str, now: int, words: Words) -> str:
    """Return a time as clocks show it there, with its day if that is not today."""
    local = _local(unix_ms, zone)
    shown = f"{local:%H:%M}"
    return shown if local.date() == _local(now, zone).date() else f"{date(unix_ms, zone, words)}, {shown}"


def span(of: Span, zone: str, words: Words) -> str:
    """Return a window, without its first day."""
    start, end = _local(of.start, zone), _local(of.end, zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{date(of.end, zone, words)}, {end:%H:%M}"
    return words.between.format(start=f"{start:%H:%M}", end=until)


def dated_span(of: Span, zone: str, now: int, words: Words) -> str:
    """Return a window, with its day if that is not today."""
    shown = span(of, zone, words)
    return shown if _days_ahead(of.start, zone, now) == 0 else f"{date(of.start, zone, words)}, {shown}"


def day(unix_ms: int, zone: str, now: int, words: Words) -> str:
    """Return "today", "tomorrow", or "on" a date."""
    near = {0: words.today, 1: words.tomorrow}.get(_days_ahead(unix_ms, zone, now))
    return near or words.on_day.format(day=date(unix_ms, zone, words))


def date(unix_ms: int, zone: str, words: Words) -> str:
    """Return a date with its weekday."""
    local = _local(unix_ms, zone)
    return f"{words.weekdays[local.weekday()]} {local.day} {words.months[local.month - 1]}"


def _days_ahead(unix_ms: int, zone: str, now: int) -> int:
    return (_local(unix_ms, zone).date() - _local(now, zone).date()) // timedelta(days=1)


def _local(unix_ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(unix_ms / 1000, zone_of(zone))
