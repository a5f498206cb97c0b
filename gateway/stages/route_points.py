"""Writes what happens on routes into the database of telemetry: the measurements `stop` and `route`.

Stops' events are reported once each, in order; while the database is away they wait in `state.db`, as long as they are
kept there. A route's standing is of its minute: one that cannot be written is let go, the next says more.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import structlog
from msgspec import structs

from gateway.domain.route import RouteKey, RoutePlan
from gateway.execution.outlook import FORESEEN
from gateway.execution.rounds import Round, Rounds
from gateway.execution.show import show_route
from gateway.execution.view import Route
from gateway.ports import (
    Clock,
    NumberedEvent,
    OperationsAway,
    PointSink,
    RouteBook,
    RouteEvents,
    StateUnavailable,
    StoredEvent,
)
from gateway.telemetry.fields import ROUTE, STOP, Measurement
from gateway.telemetry.line_protocol import Unencodable, point
from gateway.telemetry.outcomes import DIVISIBLE, SETTLED, WRITTEN, WriteOutcome

EVERY_S = 60.0
"""How often it reports: what Grafana shows of a day is as fine as a minute."""

EVENTS_AT_ONCE = 500
"""Events in one write: some 100 KB."""

ROUTES_AT_ONCE = 4
"""Routes shown before others have their turn: some ten milliseconds."""

STOP_EVENT = "stop."
"""What the kinds begin with that are written, but for what was only foreseen."""

MINUTE_MS = 60_000

log = structlog.get_logger(__name__)


class RoutePoints:
    """Reports to a database that takes such points."""

    def __init__(self, sink: PointSink, events: RouteEvents, book: RouteBook, rounds: Rounds, clock: Clock) -> None:
        self._sink = sink
        self._events = events
        self._book = book
        self._rounds = rounds
        self._clock = clock

    async def run(self) -> None:
        """Report each minute, for ever."""
        while True:
            try:
                await self.report()
            except (StateUnavailable, OperationsAway) as error:
                log.warning("events of stops are reported later", error=str(error))
            await self._clock.sleep(EVERY_S)

    async def report(self) -> None:
        """Write the events that were not reported, then how each route under way stands now.

        Raises:
            StateUnavailable, OperationsAway: the events, or the plans of routes that are over, cannot be read now.

        """
        while some := await self._events.unreported(EVENTS_AT_ONCE):
            outcome = await self._write([line async for line in self._stop_lines(some)])
            if outcome.verdict not in SETTLED | DIVISIBLE:
                log.warning("events of stops are reported later", verdict=outcome.verdict, detail=outcome.detail)
                return
            if outcome.verdict in DIVISIBLE:
                log.warning("events of stops are refused and left out", events=len(some), detail=outcome.detail)
            await self._events.reported(some[-1].number)
        await self._write([line async for line in self._route_lines(self._clock.now_ms())])

    async def _write(self, lines: Sequence[str]) -> WriteOutcome:
        return await self._sink.write_lines("".join(lines)) if lines else WRITTEN

    async def _stop_lines(self, events: Sequence[NumberedEvent]) -> AsyncIterator[str]:
        plans: dict[RouteKey, RoutePlan | None] = {}
        for _, event in events:
            if event.key not in plans:
                plans[event.key] = await self._plan(event.key)
            line = stop_line(event, plans[event.key])
            if line is not None:
                yield line

    async def _plan(self, key: RouteKey) -> RoutePlan | None:
        followed = self._rounds.rounds.get(key)
        return followed.layout.plan if followed is not None else await self._book.newest(key)

    async def _route_lines(self, now: int) -> AsyncIterator[str]:
        followed = list(self._rounds.rounds.values())
        for number, one in enumerate(one for one in followed if _is_under_way(one)):
            line = route_line(show_route(one.layout, one.state, now, one.known, one.revision), now)
            if line is not None:
                yield line
            if number % ROUTES_AT_ONCE == 0:
                await asyncio.sleep(0)


def _is_under_way(followed: Round) -> bool:
    return followed.state.started is not None and followed.state.finished is None


def stop_line(event: StoredEvent, plan: RoutePlan | None) -> str | None:
    """Return the point of an event; None if it is none of a stop, its plan is not known any more, or it has no line."""
    planned = next((stop for stop in plan.stops if stop.stop == event.stop), None) if plan is not None else None
    if plan is None or planned is None or event.kind in FORESEEN or not event.kind.startswith(STOP_EVENT):
        return None
    values = {
        "fleet": event.key.fleet,
        "vehicle": plan.vehicle,
        "event": event.kind.removeprefix(STOP_EVENT),
        "route": event.key.route,
        "stop": event.stop,
        "order": planned.order,
        "planned_arrival": planned.planned_arrival,
        "behind_ms": event.time - planned.planned_arrival,
        "known": event.known,
    }
    return _point(STOP, values, event.time, event.id)


def route_line(shown: Route, now: int) -> str | None:
    """Return the point of how a route stands, at the full minute; None if it has no line."""
    values = {**structs.asdict(shown), **structs.asdict(shown.counts)}
    return _point(ROUTE, values, now - now % MINUTE_MS, f"{shown.fleet}/{shown.route}")


def _point(measurement: Measurement, values: Mapping[str, Any], time: int, identity: str) -> str | None:
    try:
        return point(measurement, values, time, identity)
    except Unencodable as error:
        log.warning("a point is left out", measurement=measurement.name, route=values["route"], why=str(error))
        return None
