"""Whose message is it, and who decides on it? A topic is looked up once and remembered with its answer."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from gateway.domain.records import Record
from gateway.intake import owntracks
from gateway.ports import Arrival, Journal, Registry, Sender
from gateway.stages.foreign import OwntracksDesk
from gateway.stages.gathering import Counts, Gathering, Group, Rejected
from gateway.stages.native import NativeDesk
from gateway.stages.spools import Reporter, Spool
from wire.names import VehicleKey
from wire.topics import Channel, Topics

KNOWN_TOPICS = 50_000
"""Topics that are remembered: two each of 10,000 vehicles and room to spare, about 40 MB at worst. Beyond it all are
forgotten between two groups, when everything known of them is durable, and found again at some microseconds each."""

STRANGERS = 10_000
"""Unknown vehicles that are remembered, so that each is quarantined once; beyond it they are only counted."""

Handler = Callable[[Arrival], Spool | None]


class Stray(StrEnum):
    """Why a message belongs to nobody."""

    UNKNOWN_VEHICLE = "unknown_vehicle"
    NO_SUCH_TOPIC = "no_such_topic"


class Reception:
    """Takes messages in the order of their arrival and gathers them into groups.

    Between groups all that it remembers is durable in the journal: only then `finish` may be called.
    """

    def __init__(self, journal: Journal, registry: Registry, topics: Topics, owntracks_fleet: str) -> None:
        self._registry = registry
        self._topics = topics
        self._owntracks_fleet = owntracks_fleet
        self._gathering = Gathering()
        self._native = NativeDesk(journal, self._gathering)
        self._owntracks = OwntracksDesk(journal, self._gathering)
        self._handlers: dict[str, Handler] = {}
        self._reporters: dict[VehicleKey, Reporter] = {}
        self._strangers: set[VehicleKey] = set()

    @property
    def counts(self) -> Counts:
        """What came in since the start."""
        return self._gathering.counts

    @property
    def last_reason(self) -> str:
        """Why the newest reject of this group was rejected; empty if there is none."""
        return self._gathering.last_reason

    def take(self, arrival: Arrival) -> Spool | None:
        """Decide on one message and return the spool to answer, if there is one.

        Raises:
            JournalUnavailable: a watermark, or whether a foreign message is new, could not be looked up; nothing was
                decided.

        """
        handler = self._handlers.get(arrival.topic) or self._find_handler(arrival.topic)
        return handler(arrival)

    def add(self, record: Record) -> None:
        """Journal a record of the gateway's own."""
        self._gathering.record(record)

    def finish(self) -> Group:
        """Return what was gathered, and begin the next group."""
        if len(self._handlers) > KNOWN_TOPICS:
            self._handlers.clear()
            self._reporters.clear()
        self._native.forget_old_spools()
        return self._gathering.finish()

    def _find_handler(self, topic: str) -> Handler:
        handler = self._handlers[topic] = self._handler_of(topic)
        return handler

    def _handler_of(self, topic: str) -> Handler:
        native = self._topics.parse_vehicle(topic)
        if native is not None and native.channel is Channel.POSITIONS:
            return partial(self._take_positions, self._reporter(native.key))
        if native is not None and native.channel is Channel.STATUS:
            return partial(self._take_status, self._reporter(native.key))
        user = owntracks.vehicle_of(topic)
        if user is not None:
            return partial(self._take_owntracks, VehicleKey(self._owntracks_fleet, user))
        return self._ignore

    def _reporter(self, key: VehicleKey) -> Reporter:
        return self._reporters.setdefault(key, Reporter(key))

    def _take_positions(self, reporter: Reporter, arrival: Arrival) -> Spool | None:
        if arrival.sender is Sender.VOUCHED_FOR or self._registry.knows(reporter.key):
            return self._native.take_positions(reporter, arrival)
        self._turn_away(reporter.key, arrival)
        return None

    def _take_status(self, reporter: Reporter, arrival: Arrival) -> None:
        if self._registry.knows(reporter.key):
            self._native.take_status(reporter, arrival)
        else:
            self._turn_away(reporter.key, arrival)

    def _take_owntracks(self, key: VehicleKey, arrival: Arrival) -> None:
        if self._registry.knows(key):
            self._owntracks.take(key, arrival)
        else:
            self._turn_away(key, arrival)

    def _turn_away(self, key: VehicleKey, arrival: Arrival) -> None:
        """Keep a stranger's first message for a look; without an answer its data stay in its spool."""
        if key in self._strangers or len(self._strangers) >= STRANGERS:
            self.counts.ignored[Stray.UNKNOWN_VEHICLE] += 1
            return
        self._strangers.add(key)
        detail = f"vehicle {key} is not registered: milepost devices add {key.vehicle}"
        self._gathering.quarantine(arrival, key, Rejected(Stray.UNKNOWN_VEHICLE, detail, arrival.payload))

    def _ignore(self, _: Arrival) -> None:
        self.counts.ignored[Stray.NO_SUCH_TOPIC] += 1
