"""Messages of phones that run OwnTracks: one position each, no spool, nothing to answer."""

from gateway.domain.records import PositionsRecord
from gateway.intake import owntracks
from gateway.intake.admission import examine
from gateway.ports import Arrival, Journal, SpoolKey
from gateway.stages.gathering import Gathering, Rejected
from wire.names import VehicleKey


class OwntracksDesk:
    """Decides on one message after the other and hands the results to the gathering."""

    def __init__(self, journal: Journal, gathering: Gathering) -> None:
        self._journal = journal
        self._gathering = gathering

    def take(self, key: VehicleKey, arrival: Arrival) -> None:
        """Journal a position that is new; raises `JournalUnavailable` if that cannot be looked up now."""
        read = owntracks.read(arrival.topic, arrival.payload)
        if isinstance(read, owntracks.Ignored):
            self._gathering.counts.ignored[f"owntracks_{read}"] += 1
        elif isinstance(read, owntracks.Unreadable):
            self._quarantine(key, arrival, read.reason, read.detail)
        else:
            self._take_position(key, read, arrival)

    def _take_position(self, key: VehicleKey, located: owntracks.Located, arrival: Arrival) -> None:
        position, identity = located
        spool = SpoolKey(*key, owntracks.SPOOL)
        finding = examine(position, arrival.received)
        if finding is not None:
            self._quarantine(key, arrival, finding.fault, finding.detail)
        elif self._gathering.gathered(spool, identity) or self._journal.seen(spool, identity):
            self._gathering.counts.ignored["owntracks_repeated"] += 1
        else:
            received = _receipt(arrival, position.time)
            record = PositionsRecord(key, owntracks.SOURCE, owntracks.SPOOL, identity, received, [position])
            self._gathering.foreign(spool, record)

    def _quarantine(self, key: VehicleKey, arrival: Arrival, reason: str, detail: str) -> None:
        rejected = Rejected(reason, detail, arrival.payload, owntracks.SOURCE, owntracks.SPOOL)
        self._gathering.quarantine(arrival, key, rejected)


def _receipt(arrival: Arrival, fixed: int) -> int:
    """Return when the position was received: of a retained message nobody knows, but not before it was fixed."""
    return min(arrival.received, fixed) if arrival.retained else arrival.received
