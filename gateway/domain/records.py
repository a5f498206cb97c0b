"""The typed records of the journal: every input of a fold, each with the time it was received (Unix ms).

Named tuples, because one is made for every message and they are twice as cheap to make as frozen dataclasses.
"""

from collections.abc import Sequence
from typing import NamedTuple

from gateway.domain.position import Position
from gateway.domain.route import RouteKey, RoutePlan
from gateway.domain.stop import Tap
from wire.names import VehicleKey


class PositionsRecord(NamedTuple):
    """Accepted positions with consecutive numbers of one spool.

    A foreign client has no spool: its record holds one position, `spool` is the dialect's name and `first` a hash
    of the content.
    """

    key: VehicleKey
    source: str
    spool: str
    first: int
    received: int
    positions: Sequence[Position]


class LossRecord(NamedTuple):
    """Numbers that a device had but can no longer send: `first` to `last`, both included."""

    key: VehicleKey
    source: str
    spool: str
    first: int
    last: int
    received: int


class PresenceRecord(NamedTuple):
    """A device said that it is there, or its broker said that it is gone."""

    key: VehicleKey
    source: str
    spool: str
    online: bool
    boot: int
    depth: int | None
    received: int


class TickRecord(NamedTuple):
    """The clock moved on: what lets a fold see silence."""

    received: int


class RouteRecord(NamedTuple):
    """A version of a route came into force. One that is not newer than what is known changes nothing."""

    plan: RoutePlan
    received: int


class TapRecord(NamedTuple):
    """Somebody said what became of a stop. One whose id is known changes nothing."""

    key: RouteKey
    stop: str
    tap: Tap
    received: int


Record = PositionsRecord | LossRecord | PresenceRecord | TickRecord | RouteRecord | TapRecord


class Entry(NamedTuple):
    """A record at its place in the journal."""

    offset: int
    record: Record
