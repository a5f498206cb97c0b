"""The fold over a day's inputs, with notes of what the state does not keep: the line, and what was concluded when."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import RoutePlan
from gateway.domain.track import TrackPoint
from gateway.execution.day.inputs import DatedTap, DayInputs, Stretch, dated, stretches
from gateway.execution.day.merge import Pages, in_order
from gateway.execution.day.track import Track
from gateway.execution.fold import begin, observe, replanned, tapped
from gateway.execution.layout import Layout
from gateway.execution.rounds import is_open
from gateway.execution.state import RouteState
from wire.names import VehicleKey

MAX_EVENTS = 20_000
"""Kept of one route: forty for each of 500 stops. Those that come behind are counted."""

ReadPages = Callable[[VehicleKey, int, int], Pages]
"""Reads the stored positions of a vehicle in [from, to), in order of time: `ports.TrackReader.pages`."""

_encode = msgspec.msgpack.Encoder().encode


class Conclusion(NamedTuple):
    """That something happened at a stop at a time (Unix ms)."""

    kind: EventKind
    stop: str
    time: int


class Followed:
    """A vehicle while it drove the route: how many positions, the oldest and the newest (None: none)."""

    def __init__(self, vehicle: str) -> None:
        self.vehicle = vehicle
        self.positions = 0
        self.first: int | None = None
        self.last: int | None = None


class Replay:
    """A day under way, from its first input to its last."""

    def __init__(self, inputs: DayInputs) -> None:
        """Put the versions and words in order.

        Raises:
            ValueError: there is no version, or they are of several routes.

        """
        self.course = stretches(inputs.versions)
        self.words = dated(inputs.taps, self.course)
        self.layout: Layout = self.course[0].layout
        self.state: RouteState = begin(self.layout.plan)
        self.track = Track()
        self.vehicles: list[Followed] = []
        self.events: list[RouteEvent] = []
        self.left_out = 0
        self.decided: dict[Conclusion, int] = {}
        """When a conclusion was drawn from a fix: that fix's time. Conclusions from words are not among them."""
        self._due = deque(self.words)
        self._digest = sha256()

    @property
    def digest(self) -> str:
        """SHA-256 of the inputs so far, in their order (docs/record.md says of which bytes)."""
        return self._digest.hexdigest()

    @property
    def closed_at(self) -> int:
        """The time of the newest input that counted."""
        last_word = self.words[-1].moment if self.words else 0
        return max(self.state.seen, last_word, self.layout.plan.issued)

    def run(self, read: ReadPages) -> None:
        """Take all inputs; positions are read as they are needed, a page at a time."""
        for stretch in self.course:
            self._enter(stretch)
            if stretch.follow_from < stretch.follow_to:
                self._drive(in_order(read(stretch.vehicle, stretch.follow_from, stretch.follow_to)))
            self._hear_until(stretch.until)

    def _enter(self, stretch: Stretch) -> None:
        before, self.layout = self.layout, stretch.layout
        plan = self.layout.plan
        self._take("version", plan)
        if before is not self.layout:
            self._note(replanned(self.state, before, self.layout))
        self._follow(plan)

    def _follow(self, plan: RoutePlan) -> None:
        """Note another vehicle; its line is not the former's."""
        if not self.vehicles or self.vehicles[-1].vehicle != plan.vehicle:
            self.vehicles.append(Followed(plan.vehicle))
            self.track.break_at(self.state.seen + 1)

    def _drive(self, points: Iterable[TrackPoint]) -> None:
        """Take positions; once the route is finished none counts, unless a word or a version opens it again."""
        layout, state, due, track = self.layout, self.state, self._due, self.track
        followed = self.vehicles[-1]
        for point in points:
            position = point.position
            if due and due[0].moment < position.time:
                self._hear_until(position.time)
            if state.finished is not None:
                if not due:
                    break
                continue
            if not is_open(layout, state, position.time):
                continue
            self._count(followed, point)
            before = state.fix
            events = observe(layout, state, point.source, position)
            fix = state.fix
            if fix is not None and fix is not before:
                if state.gaps and state.gaps[-1].end == fix.time:
                    track.break_at(fix.time)
                track.add(fix.time, fix.lat, fix.lon, state.driven_m)
            if events:
                self._note(events)
                self._conclude(events, position.time)

    def _count(self, followed: Followed, point: TrackPoint) -> None:
        position = point.position
        followed.positions += 1
        followed.last = position.time
        if followed.first is None:
            followed.first = position.time
        place = (position.lat, position.lon, position.speed, position.accuracy, position.hdop)
        self._digest.update(_encode((followed.vehicle, position.time, point.source, point.spool, point.seq, place)))

    def _hear_until(self, time: int) -> None:
        """Take the words that count before `time`."""
        due = self._due
        while due and due[0].moment < time:
            self._hear(due.popleft())

    def _hear(self, word: DatedTap) -> None:
        stop, tap, received = word.tap
        self._take("tap", word.tap)
        self._note(tapped(self.layout, self.state, stop, tap, received))

    def _take(self, kind: str, what: object) -> None:
        self._digest.update(_encode((kind, what)))

    def _note(self, events: Sequence[RouteEvent]) -> None:
        room = MAX_EVENTS - len(self.events)
        self.events += events[:room]
        self.left_out += max(len(events) - room, 0)

    def _conclude(self, events: Sequence[RouteEvent], time: int) -> None:
        for event in events:
            if event.stop is not None:
                self.decided.setdefault(Conclusion(event.kind, event.stop, event.time), time)
