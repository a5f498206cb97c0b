"""What a group of messages comes to before it is committed: records, watermarks, rejects, and spools to answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gateway.domain.records import PositionsRecord, Record
from gateway.intake.sequencing import Case
from gateway.ports import Arrival, Body, CommitGroup, Quarantined, SpoolKey
from gateway.stages.spools import Spool
from wire.names import VehicleKey


@dataclass(slots=True)
class Counts:
    """What came in since the start, for the metrics. The keys of the counters are enumerations of ours."""

    positions: int = 0
    lost: int = 0
    cases: Counter[Case] = field(default_factory=Counter)
    quarantined: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)


class Group(NamedTuple):
    """One transaction, and the spools that have an answer coming when it is durable."""

    commit: CommitGroup
    spools: Sequence[Spool]


class Rejected(NamedTuple):
    """Why an input is quarantined, and what of it is kept."""

    reason: str
    detail: str
    body: bytes
    source: str = ""
    spool: str = ""
    seq: int | None = None


class Gathering:
    """Gathers one group after the other."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._commit = CommitGroup()
        self._spools: dict[Spool, None] = {}

    def touch(self, spool: Spool) -> None:
        """Answer the spool when the group is durable."""
        self._spools[spool] = None

    def positions(self, record: PositionsRecord, payload: bytes | None) -> None:
        """Journal admitted positions; `payload` is the message that ends with them, if it was accepted whole."""
        self.counts.positions += len(record.positions)
        self._commit.bodies.append(Body(record, payload))

    def foreign(self, spool: SpoolKey, record: PositionsRecord) -> None:
        """Journal a foreign client's position and remember its identity."""
        self.positions(record, None)
        self._commit.identities.add((spool, record.first))

    def gathered(self, spool: SpoolKey, identity: int) -> bool:
        """Whether this very group holds the foreign position already."""
        return (spool, identity) in self._commit.identities

    def record(self, record: Record) -> None:
        """Journal another record."""
        self._commit.bodies.append(Body(record, None))

    def quarantine(self, arrival: Arrival, key: VehicleKey, rejected: Rejected) -> None:
        """Keep a rejected input for a look."""
        self.counts.quarantined[rejected.reason] += 1
        item = Quarantined(
            received=arrival.received,
            fleet=key.fleet,
            vehicle=key.vehicle,
            source=rejected.source,
            spool=rejected.spool,
            seq=rejected.seq,
            reason=rejected.reason,
            detail=rejected.detail,
            topic=arrival.topic,
            body=rejected.body,
        )
        self._commit.quarantined.append(item)

    @property
    def last_reason(self) -> str:
        """Why the newest reject of this group was rejected; empty if there is none."""
        quarantined = self._commit.quarantined
        return str(quarantined[-1].reason) if quarantined else ""

    def finish(self) -> Group:
        """Return the group and begin the next one."""
        group = Group(self._commit, list(self._spools))
        group.commit.watermarks = {spool.key: spool.watermark for spool in group.spools if spool.moved}
        self._commit, self._spools = CommitGroup(), {}
        return group
