"""A whole day of the demo: its plan, what its drivers do and say, and where on the calendar it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from device.simulator.planned import Tour
from device.simulator.streets import Streets, load
from milepost.demo.day import HOUR_S, MINUTE_S, plan_day
from milepost.demo.document import ZONE, route_name, routes_file
from milepost.demo.story import Chapter, DriversDay, drivers_day
from milepost.demo.taps import Word, words_of

OFFICE_OPENS_S = 7.5 * HOUR_S
"""When the routes are imported: before the first van leaves."""
VANS_WAKE_S = 7.75 * HOUR_S
"""When the receivers are switched on: the first thing that is heard of a van."""
ANCHOR = time(8)
"""Local times are counted from eight o'clock, when no zone changes its clocks."""
DELIVERIES_BEFORE = 5
"""Of the customer whose link is shown: long enough to look at, and the van is soon on their map."""
SEEN_ON_THE_MAP = 3
"""Whose route: the demo's doors stand close, and a van within 200 m of another's is not shown. This one leaves its
route, and so comes clear of them."""
DAY_FILE = "day"
"""Keeps the date of the last day that was shown in a folder that is kept."""


@dataclass(frozen=True)
class WorkingDay:
    """One day. Seconds are of the local day; the same date, seed and number of vans make the same day."""

    streets: Streets
    date: date
    seed: int
    drivers: tuple[DriversDay, ...]
    words: tuple[tuple[str, Word], ...]
    chapters: tuple[Chapter, ...]

    def time_ms(self, second: float) -> int:
        """Return Unix ms of a second of the day."""
        anchor = datetime.combine(self.date, ANCHOR, ZoneInfo(ZONE)).timestamp()
        return round((anchor + second - ANCHOR.hour * HOUR_S) * 1000)

    @property
    def file(self) -> bytes:
        """The routes, to be imported."""
        return routes_file(self.streets, self.date, [driver.route for driver in self.drivers])

    @property
    def routes(self) -> list[str]:
        """The names of the routes."""
        return [route_name(self.date, driver.route) for driver in self.drivers]

    @property
    def names(self) -> Mapping[str, str]:
        """Who drives each route."""
        return {route_name(self.date, driver.route): driver.route.driver for driver in self.drivers}

    @property
    def tours(self) -> Mapping[str, Tour]:
        """What each vehicle drives."""
        return {driver.route.vehicle: driver.tour for driver in self.drivers}

    @cached_property
    def over_s(self) -> float:
        """When the last van is back and was heard to be."""
        return max(driver.back_s for driver in self.drivers) + 10 * MINUTE_S

    def customer(self, second: float) -> tuple[str, str] | None:
        """Return route and stop of somebody who waits at this time for their turn; None if nobody does."""
        for driver in sorted(self.drivers, key=lambda driver: driver.route.number != SEEN_ON_THE_MAP):
            waiting = [stay.visit.name for stay in driver.stays if stay.arrived_s > second and stay.visit.name]
            if len(waiting) > DELIVERIES_BEFORE:
                return route_name(self.date, driver.route), waiting[DELIVERIES_BEFORE]
        return None


def make_day(day: date, seed: int, vans: int) -> WorkingDay:
    """Plan a day, and drive it once to know what will happen."""
    streets = load()
    drivers = tuple(drivers_day(streets, route, seed) for route in plan_day(streets, seed, vans))
    said = {driver.route.number: words_of(streets, driver, seed) for driver in drivers}
    words = ((route_name(day, driver.route), word) for driver in drivers for word in said[driver.route.number].words)
    chapters = [chapter for driver in drivers for chapter in (*driver.chapters, *said[driver.route.number].chapters)]
    return WorkingDay(
        streets=streets,
        date=day,
        seed=seed,
        drivers=drivers,
        words=tuple(sorted(words, key=lambda each: each[1].time_s)),
        chapters=tuple(sorted(chapters, key=lambda chapter: chapter.time_s)),
    )


def next_date(folder: Path, now_ms: int) -> date:
    """Return today in the demo's city; in a folder that has seen it already the day after the last one shown there.

    A fleet that drives a day again would be older than what is known of it.
    """
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(ZONE)).date()
    kept = folder / DAY_FILE
    last = date.fromisoformat(kept.read_text()) if kept.exists() else None
    chosen = max(today, last + timedelta(days=1)) if last else today
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_text(chosen.isoformat())
    return chosen
