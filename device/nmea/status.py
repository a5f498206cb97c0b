"""Which epochs are fixes: our own policy, as tables. pynmea2's `is_valid` is not it.

- What any sentence of an epoch calls invalid is no fix, whatever the others say: receivers keep sending the last or a
  simulated position under status V (210 of 399 such RMC) and quality 0.
- Dead reckoning is kept, and called so if any sentence calls it so: it counts with a wider accuracy.
- The navigational status, RMC's last field since NMEA 4.1, is not looked at: its V means "not provided".
- An unknown or empty letter says nothing. An epoch of which nothing is said is no fix.
"""

from collections.abc import Iterable
from enum import StrEnum

from device.nmea.sentences import Gga, Gll, Gns, Pubx00, Reading, Rmc


class Fix(StrEnum):
    """What kind of fix a position is; the `fix` field of the wire."""

    GPS = "gps"
    DGPS = "dgps"
    PPS = "pps"
    RTK = "rtk"
    FLOAT_RTK = "float_rtk"
    DEAD_RECKONING = "dr"


class Drop(StrEnum):
    """Why an epoch (or a sentence) did not become a position."""

    WARNING = "status_warning"
    NO_FIX = "no_fix"
    MANUAL = "manual"
    SIMULATED = "simulated"
    NO_STATUS = "no_status"
    NO_PLACE = "no_place"
    NULL_ISLAND = "null_island"
    NO_TIME = "no_time"
    NO_DATE = "no_date"
    LATE = "late"


Verdict = Fix | Drop

GGA_QUALITY: dict[str, Verdict] = {
    "0": Drop.NO_FIX,
    "1": Fix.GPS,
    "2": Fix.DGPS,
    "3": Fix.PPS,
    "4": Fix.RTK,
    "5": Fix.FLOAT_RTK,
    "6": Fix.DEAD_RECKONING,
    "7": Drop.MANUAL,
    "8": Drop.SIMULATED,
}

MODE: dict[str, Verdict] = {
    "R": Fix.RTK,
    "F": Fix.FLOAT_RTK,
    "P": Fix.PPS,
    "D": Fix.DGPS,
    "A": Fix.GPS,
    "E": Fix.DEAD_RECKONING,
    "M": Drop.MANUAL,
    "S": Drop.SIMULATED,
    "N": Drop.NO_FIX,
}
"""Mode letters of RMC, GLL and GNS, best first: of GNS's letters, one a system, the best counts."""

PUBX_STATUS: dict[str, Verdict] = {
    "NF": Drop.NO_FIX,
    "TT": Drop.NO_FIX,  # time only
    "DR": Fix.DEAD_RECKONING,
    "RK": Fix.DEAD_RECKONING,  # satellites and dead reckoning combined
    "G2": Fix.GPS,
    "G3": Fix.GPS,
    "D2": Fix.DGPS,
    "D3": Fix.DGPS,
}

_STATUS: dict[str, Verdict] = {"A": Fix.GPS, "V": Drop.WARNING}


def judge(readings: Iterable[Reading]) -> Verdict:
    """Say what the epoch of these readings is; the first reading that names a kind names the epoch's."""
    verdicts = [verdict for reading in readings for verdict in _said(reading)]
    for verdict in verdicts:
        if isinstance(verdict, Drop):
            return verdict
    if Fix.DEAD_RECKONING in verdicts:
        return Fix.DEAD_RECKONING
    return verdicts[0] if verdicts else Drop.NO_STATUS


def _said(reading: Reading) -> Iterable[Verdict]:
    """Give the reading's verdicts, its most telling first."""
    match reading:
        case Gga():
            return _known((GGA_QUALITY.get(reading.quality),))
        case Gns():
            return _known((_best_mode(reading.modes),))
        case Rmc() | Gll():
            return _known((MODE.get(reading.mode), _STATUS.get(reading.status)))
        case Pubx00():
            return _known((PUBX_STATUS.get(reading.status),))
        case _:
            return ()


def _best_mode(letters: str) -> Verdict | None:
    return next((verdict for letter, verdict in MODE.items() if letter in letters), None)


def _known(verdicts: Iterable[Verdict | None]) -> Iterable[Verdict]:
    return [verdict for verdict in verdicts if verdict is not None]
