"""Messages of Milepost's own devices: batches of positions, questions, and births and wills."""

from enum import StrEnum

from gateway.domain.records import LossRecord, PositionsRecord, PresenceRecord
from gateway.intake import owntracks
from gateway.intake.admission import admits
from gateway.intake.batches import Sorted, sort_batch, sort_raw_batch
from gateway.intake.frames import Frame, read_frame
from gateway.intake.sequencing import Case, Placement, Urgency, place
from gateway.ports import Arrival, Journal, SpoolKey
from gateway.stages.gathering import Gathering, Rejected
from gateway.stages.spools import Reporter, Spool
from wire.codec import Opened, WireError, decode_device_status, decode_envelope, open_envelope
from wire.messages import MAX_NUMBER, DeviceStatus, Envelope, Presence, Rejection
from wire.names import DEFAULT_SOURCE, is_name

SPOOLS_HELD = 8
"""Spools of a vehicle that are held in memory; it uses one or two at a time, the others' watermarks are looked up."""

NEW_SPOOLS_A_VEHICLE = 10_000
"""An agent begins a spool at each start (0002): a vehicle that begins more in one life of the gateway is broken, or
hostile, and each is a row of the journal."""

LONGEST_DETAIL = 200
"""Characters of a status that are shown as the reason's detail."""

FOREIGN_SPOOLS = frozenset({owntracks.SPOOL})
"""Names that stand for clients without a spool: a device's own spool must not be taken for one of theirs."""


class Refusal(StrEnum):
    """Why a message of a known vehicle is quarantined although it could be read."""

    TOO_MANY_SPOOLS = "too_many_spools"
    FOREIGN_SPOOL_NAME = "foreign_spool_name"
    STATUS_OUT_OF_RANGE = "status_out_of_range"


class NativeDesk:
    """Decides on one message after the other and hands the results to the gathering."""

    def __init__(self, journal: Journal, gathering: Gathering) -> None:
        self._journal = journal
        self._gathering = gathering
        self._crowded: list[Reporter] = []

    def forget_old_spools(self) -> None:
        """Hold `SPOOLS_HELD` a vehicle; between two groups, when the journal knows every watermark."""
        for reporter in self._crowded:
            while len(reporter.spools) > SPOOLS_HELD:
                del reporter.spools[next(iter(reporter.spools))]
        self._crowded.clear()

    def take_positions(self, reporter: Reporter, arrival: Arrival) -> Spool | None:
        """Decide on an envelope; return its spool, None if no answer can be given. Raises `JournalUnavailable`."""
        try:
            envelope = decode_envelope(arrival.payload)
        except WireError as error:
            return self._take_damaged(reporter, arrival, error)
        spool = reporter.spools.get(envelope.spool) or self._open_spool(reporter, envelope.spool, arrival)
        if spool is not None:
            self._take_batch(spool, envelope, arrival)
        return spool

    def take_status(self, reporter: Reporter, arrival: Arrival) -> None:
        """Journal a birth or will; a retained one only if it says something new, because it is no receipt."""
        try:
            status = decode_device_status(arrival.payload)
        except WireError as error:
            self._quarantine(reporter, arrival, error.reason, error.detail)
            return
        if not _is_sound(status):
            self._quarantine(reporter, arrival, Refusal.STATUS_OUT_OF_RANGE, f"{status}"[:LONGEST_DETAIL])
        elif not (arrival.retained and status == reporter.status):
            reporter.status = status
            self._gathering.record(_presence(reporter, status, arrival))

    def _take_batch(self, spool: Spool, envelope: Envelope, arrival: Arrival) -> None:
        placed = self._place(spool, envelope, len(envelope.positions))
        if placed.fresh is None:
            return
        source = envelope.source or DEFAULT_SOURCE
        self._note_loss(spool, placed, source, arrival)
        skipped = placed.fresh.first - envelope.seq
        fresh = envelope.positions[skipped:] if skipped else envelope.positions
        if admits(fresh, arrival.received):
            first = placed.fresh.first
            record = PositionsRecord(spool.vehicle, source, envelope.spool, first, arrival.received, fresh)
            self._gathering.positions(record, arrival.payload)
        else:
            self._keep_sorted(spool, source, arrival, sort_batch(fresh, placed.fresh.first, arrival.received))

    def _take_damaged(self, reporter: Reporter, arrival: Arrival, error: WireError) -> Spool | None:
        """Take what can be saved of an envelope that cannot be read whole."""
        try:
            opened = open_envelope(arrival.payload)
        except WireError:
            return self._refuse_whole(reporter, arrival, error)
        spool = reporter.spools.get(opened.spool) or self._open_spool(reporter, opened.spool, arrival)
        if spool is not None:
            self._take_opened(spool, opened, arrival)
        return spool

    def _take_opened(self, spool: Spool, opened: Opened, arrival: Arrival) -> None:
        placed = self._place(spool, opened, len(opened.positions))
        if placed.fresh is None:
            return
        source = opened.source or DEFAULT_SOURCE
        self._note_loss(spool, placed, source, arrival)
        raws = opened.positions[placed.fresh.first - opened.seq :]
        self._keep_sorted(spool, source, arrival, sort_raw_batch(raws, placed.fresh.first, arrival.received))

    def _refuse_whole(self, reporter: Reporter, arrival: Arrival, error: WireError) -> Spool | None:
        """Quarantine an envelope; where its frame can be read, settle its numbers and say so."""
        frame = read_frame(arrival.payload)
        if frame is None:
            self._quarantine(reporter, arrival, error.reason, error.detail)
            return None
        spool = reporter.spools.get(frame.spool) or self._open_spool(reporter, frame.spool, arrival)
        if spool is not None:
            self._settle_refused(spool, frame, arrival, error)
        return spool

    def _settle_refused(self, spool: Spool, frame: Frame, arrival: Arrival, error: WireError) -> None:
        placed = self._place(spool, frame, len(frame.positions))
        if placed.fresh is None:
            return
        self._note_loss(spool, placed, DEFAULT_SOURCE, arrival)
        first, last = placed.fresh
        spool.rejected = Rejection(first, last, error.reason)
        spool.urgency = Urgency.AT_ONCE
        rejected = Rejected(error.reason, error.detail, arrival.payload, DEFAULT_SOURCE, spool.key.spool, first)
        self._gathering.quarantine(arrival, spool.vehicle, rejected)

    def _place(self, spool: Spool, frame: Envelope | Opened | Frame, count: int) -> Placement:
        placed = place(spool.watermark, after=frame.after, seq=frame.seq, count=count, oldest=frame.oldest)
        self._gathering.touch(spool)
        self._gathering.counts.cases[placed.case] += 1
        if placed.urgency is Urgency.AT_ONCE:
            spool.urgency = Urgency.AT_ONCE
        if placed.case is Case.GAP:
            spool.gap_until = max(spool.gap_until, frame.seq)
        elif placed.fresh is not None:
            spool.watermark = placed.watermark
            spool.moved = True
        return placed

    def _note_loss(self, spool: Spool, placed: Placement, source: str, arrival: Arrival) -> None:
        if placed.lost is not None:
            first, last = placed.lost
            self._gathering.counts.lost += last - first + 1
            loss = LossRecord(spool.vehicle, source, spool.key.spool, first, last, arrival.received)
            self._gathering.record(loss)

    def _keep_sorted(self, spool: Spool, source: str, arrival: Arrival, outcome: Sorted) -> None:
        for first, positions in outcome.runs:
            record = PositionsRecord(spool.vehicle, source, spool.key.spool, first, arrival.received, positions)
            self._gathering.positions(record, None)
        for seq, reason, detail, body in outcome.refused:
            rejected = Rejected(reason, detail, body, source, spool.key.spool, seq)
            self._gathering.quarantine(arrival, spool.vehicle, rejected)

    def _open_spool(self, reporter: Reporter, name: str, arrival: Arrival) -> Spool | None:
        if name in FOREIGN_SPOOLS:
            self._quarantine(reporter, arrival, Refusal.FOREIGN_SPOOL_NAME, f"spool {name!r}")
            return None
        watermark = self._journal.watermark(SpoolKey(*reporter.key, name))
        reporter.new_spools += watermark == 0
        if reporter.new_spools > NEW_SPOOLS_A_VEHICLE:
            detail = f"spool {name!r} is one more than {NEW_SPOOLS_A_VEHICLE}"
            self._quarantine(reporter, arrival, Refusal.TOO_MANY_SPOOLS, detail)
            return None
        spool = reporter.spools[name] = Spool(reporter.key, name, watermark)
        if len(reporter.spools) > SPOOLS_HELD:
            self._crowded.append(reporter)
        return spool

    def _quarantine(self, reporter: Reporter, arrival: Arrival, reason: str, detail: str) -> None:
        self._gathering.quarantine(arrival, reporter.key, Rejected(reason, detail, arrival.payload, DEFAULT_SOURCE))


def _is_sound(status: DeviceStatus) -> bool:
    """Whether a status may become a record: its names are names and its numbers fit every database."""
    numbers = (status.boot, status.depth or 0)
    in_range = min(numbers) >= 0 and max(numbers) <= MAX_NUMBER
    return is_name(status.spool) and is_name(status.source or DEFAULT_SOURCE) and in_range


def _presence(reporter: Reporter, status: DeviceStatus, arrival: Arrival) -> PresenceRecord:
    source = status.source or DEFAULT_SOURCE
    online = status.state is Presence.ONLINE
    return PresenceRecord(reporter.key, source, status.spool, online, status.boot, status.depth, arrival.received)
