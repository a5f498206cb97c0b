"""Drivers' routes of past days, for positions that come late: few are looked up at a time, and none twice a minute."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from weakref import WeakValueDictionary

from gateway.domain.route import RouteKey
from gateway.driving.shift import Drive, drive_of
from gateway.http.gate import Gate
from gateway.http.past import RoutePast
from gateway.ports import DriverLink, RouteBook

PAST_SHIFTS_AT_ONCE = 4
"""Phones whose shifts of past days are looked up at a time. A day with one route of 100 stops is 2.5 ms, half of it in
the event loop, so that the most a message can ask for, 32 days, is 0.1 s; a phone that was off can wait for three."""

REMEMBERED_MS = 60_000
"""How long a day that was looked up is not looked up again: a phone sends a day in some twenty messages within it."""

MAX_REMEMBERED = 4_096
"""Days remembered, some 2 MB: the 32 of 128 phones. Past it the one that was looked up longest ago goes."""

_AROUND = (-1, 0, 1)
"""The days around a position's own: zones, and nights that go on."""


class _Known(NamedTuple):
    until: int
    drives: Mapping[RouteKey, Drive]


@dataclass(slots=True)
class PastDrives:
    """Remembers which routes a link's driver had on a day, followed ones too, until `REMEMBERED_MS` later."""

    gate: Gate = field(default_factory=lambda: Gate(PAST_SHIFTS_AT_ONCE))
    _own: WeakValueDictionary[str, Gate] = field(default_factory=WeakValueDictionary)
    _known: OrderedDict[tuple[str, date], _Known] = field(default_factory=OrderedDict)

    async def around(
        self, link: DriverLink, day: date, book: RouteBook, past: RoutePast, now: int
    ) -> dict[RouteKey, Drive]:
        """Return a driver's routes of a day and of those beside it; `now` is Unix ms.

        Raises:
            ApiError: 503 `busy`: it is being looked up for this link already, or for as many others as may be.
            OperationsAway: plans cannot be read now.
            StateUnavailable: what became of them cannot be read now.

        """
        drives: dict[RouteKey, Drive] = {}
        for each in (day + timedelta(days=by) for by in _AROUND):
            known = self._known.get((link.id, each))
            if known is None or known.until <= now:
                with self._passed(link):
                    known = _Known(now + REMEMBERED_MS, await _drives(link, each, book, past))
                self._remember((link.id, each), known)
            drives |= known.drives
        return drives

    @contextmanager
    def _passed(self, link: DriverLink) -> Iterator[None]:
        """Hold the only place of a link, and one of all: nobody can keep the others out."""
        own = self._own.setdefault(link.id, Gate(1))
        with own.passed(), self.gate.passed():
            yield

    def _remember(self, which: tuple[str, date], known: _Known) -> None:
        self._known.pop(which, None)
        self._known[which] = known
        if len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)


async def _drives(link: DriverLink, day: date, book: RouteBook, past: RoutePast) -> dict[RouteKey, Drive]:
    drives = {}
    for key in await book.driven(link.fleet, link.driver, day.isoformat()):
        seen = await past.newest(key)
        if seen is not None:
            drives[key] = drive_of(seen)
        await asyncio.sleep(0)
    return drives
