"""A computed day with what its documents say beside it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from gateway.domain.polyline import decode
from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import Place, RoutePlan
from gateway.execution.day.compute import Day
from gateway.execution.day.record import DayRecord, StopRow
from gateway.execution.day.track import Track, TrackFix
from gateway.export.formats.local_times import LocalTimes
from gateway.ports import Instruction, StopDetails


@dataclass(frozen=True, slots=True)
class Told:
    """What is written. `line` is the planned way: along roads if the plan has a geometry, else from stop to stop.

    `people` holds what is known of stops by their name. Of it the documents tell address, recipient and parcels:
    what finds the delivery again. Phones, e-mail addresses and notes (door codes) are nobody's business afterwards.
    `proofs` are those of a stop by its name, oldest first; `wishes` what customers asked, by the stop.
    """

    record: DayRecord
    track: Track
    plan: RoutePlan
    line: Sequence[Place]
    people: Mapping[str, StopDetails]
    times: LocalTimes
    proofs: Mapping[str, Sequence[Proof]]
    wishes: Mapping[str, Instruction]

    def address(self, stop: StopRow) -> str:
        """Return the stop's address, "" if it is not known."""
        details = self.people.get(stop.stop)
        return (details and details.address) or ""

    def recipient(self, stop: StopRow) -> str:
        """Return who gets the delivery, "" if it is not known."""
        details = self.people.get(stop.stop)
        return (details and details.recipient) or ""

    def parcels(self, stop: StopRow) -> int | None:
        """Return how many parcels there were, None if it is not known."""
        details = self.people.get(stop.stop)
        return details.parcels if details else None

    def proofs_of(self, stop: StopRow) -> Sequence[Proof]:
        """Return what proves the delivery, oldest first; erased ones too."""
        return self.proofs.get(stop.stop, ())

    def proof_asked(self, stop: StopRow) -> ProofKind | None:
        """Return what the driver had to bring, None if nothing, or if it is not known any more."""
        details = self.people.get(stop.stop)
        return details.proof if details else None

    def instructions(self, stop: StopRow) -> str:
        """Return what the customer asked of the driver, "" for nothing."""
        wish = self.wishes.get(stop.stop)
        return wish.text if wish else ""

    def gap_ends(self) -> Iterator[tuple[TrackFix, TrackFix]]:
        """Yield the last fix before each gap and the first behind it."""
        for gap in self.record.gaps:
            before, behind = self.track.newest_until(gap.begin), self.track.newest_until(gap.end)
            if before is not None and behind is not None and before != behind:
                yield before, behind

    def sequence(self, stop: str | None) -> str:
        """Return a stop's planned number for a person, "" for none."""
        return next((str(row.sequence) for row in self.record.stops if row.stop == stop), "")


def told(
    day: Day,
    details: Sequence[StopDetails],
    proofs: Iterable[Proof] = (),
    instructions: Mapping[str, Instruction] = MappingProxyType({}),
) -> Told:
    """Return the day with what is known of its stops.

    Of two details of one stop the smaller by content counts. A proof counts once by its digest; one that is erased
    somewhere is erased. `instructions` are by the stop.
    """
    record = day.record
    people: dict[str, StopDetails] = {}
    for each in sorted(details, key=repr, reverse=True):
        people[each.stop] = each
    last = max(record.closed_at, record.planned_end)
    first = min(record.start, record.started or record.start)
    times = LocalTimes(record.zone, record.date, first, last)
    return Told(record, day.track, day.plan, _line(day.plan), people, times, _by_stop(proofs), instructions)


def _by_stop(proofs: Iterable[Proof]) -> dict[str, list[Proof]]:
    kept = {
        (proof.stop, proof.digest): proof for proof in sorted(proofs, key=lambda each: (each.erased or 0, each[:-1]))
    }
    found: defaultdict[str, list[Proof]] = defaultdict(list)
    for proof in sorted(kept.values(), key=lambda each: (each.taken, each.digest)):
        found[proof.stop].append(proof)
    return dict(found)


def _line(plan: RoutePlan) -> list[Place]:
    if plan.geometry is not None:
        return decode(plan.geometry)
    stops = [stop.place for stop in plan.stops if not stop.cancelled]
    if plan.depot is None:
        return stops
    return [plan.depot, *stops, *([plan.depot] if plan.back_m is not None else [])]
