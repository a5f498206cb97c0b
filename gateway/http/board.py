"""The routes as they are shown now, each encoded once for all who look.

Rules
- What is shown of a route depends on its state and on the time. It is made anew when the state has changed, or when
  what was made is older than `FRESH_MS`: an expected time that nobody renews, or a silence, then shows all the same.
- Making it costs about as much as folding a few positions, so it is made for those who look, never in advance.
"""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from gateway.domain.route import RouteKey
from gateway.execution.rounds import Round, Rounds
from gateway.execution.show import show_route
from gateway.execution.view import Route
from gateway.ports import Clock

FRESH_MS = 10_000
"""How long what was made is still shown while nothing happens: a sixtieth of what an ETA's window is wide."""

SLICE = 16
"""Routes made in one go before others have their turn: some ten milliseconds."""

_encode = msgspec.json.Encoder().encode


class _Made(NamedTuple):
    revision: int
    at: int
    data: bytes


class RouteBoard:
    """Shows the followed routes. Bounded by what `Rounds` follows."""

    def __init__(self, rounds: Rounds, clock: Clock) -> None:
        """Show the routes in `rounds`, which their tracker keeps up to date."""
        self._rounds = rounds
        self._clock = clock
        self._made: dict[RouteKey, _Made] = {}

    def keys(self, fleet: str | None = None) -> list[RouteKey]:
        """Return the followed routes of one fleet, or of all."""
        return [key for key in self._rounds.rounds if fleet in (None, key.fleet)]

    def round(self, key: RouteKey) -> Round | None:
        """Return what is followed of one route; None if it is not followed."""
        return self._rounds.rounds.get(key)

    def rounds_of(self, fleet: str | None = None) -> list[Round]:
        """Return what is followed of one fleet, or of all."""
        return [self._rounds.rounds[key] for key in self.keys(fleet)]

    def beside(self, key: RouteKey) -> list[Round]:
        """Return the other followed routes of the vehicle of a followed one."""
        found = self.round(key)
        same = () if found is None else self._rounds.by_vehicle.get(found.layout.plan.vehicle_key, ())
        return [self._rounds.rounds[each] for each in same if each != key]

    def route(self, key: RouteKey) -> Route | None:
        """Return one route as it is now; None if it is not followed."""
        found = self.round(key)
        return None if found is None else _shown(found, self._clock.now_ms())

    def encoded(self, keys: Iterable[RouteKey]) -> dict[RouteKey, bytes]:
        """Return the JSON of each route of `keys` that is followed."""
        now = self._clock.now_ms()
        rounds = ((key, self.round(key)) for key in keys)
        return {key: self._fresh(key, found, now).data for key, found in rounds if found is not None}

    async def prepare(self, fleet: str | None = None) -> None:
        """Make what is missing in slices, so that `encoded` holds nobody up afterwards."""
        for key in self._made.keys() - self._rounds.rounds.keys():
            del self._made[key]
        keys = self.keys(fleet)
        for start in range(0, len(keys), SLICE):
            self.encoded(keys[start : start + SLICE])
            await asyncio.sleep(0)

    def stale(self, most: int) -> list[tuple[RouteKey, bytes]]:
        """Make anew what was made before `FRESH_MS`, the oldest `most` of it; return what has changed by that."""
        now = self._clock.now_ms()
        old = sorted((made.at, key) for key, made in self._made.items() if now - made.at >= FRESH_MS)
        return [renewed for _, key in old[:most] if (renewed := self._renew(key, now)) is not None]

    def _renew(self, key: RouteKey, now: int) -> tuple[RouteKey, bytes] | None:
        found, before = self.round(key), self._made[key]
        if found is None:
            del self._made[key]
            return None
        data = self._fresh(key, found, now).data
        return (key, data) if data != before.data else None

    def _fresh(self, key: RouteKey, found: Round, now: int) -> _Made:
        made = self._made.get(key)
        if made is None or made.revision != found.revision or now - made.at >= FRESH_MS:
            made = self._made[key] = _Made(found.revision, now, _encode(_shown(found, now)))
        return made


def _shown(found: Round, now: int) -> Route:
    return show_route(found.layout, found.state, now, found.known, found.revision)
