"""Readings in any order to one position an epoch.

The rules:
- Sentences of one time of day are one epoch, whatever their order and talkers. Those that carry a place open an
  epoch; a different time closes the one before.
- GST and ZDA have a time but neither open nor close: some receivers send ZDA a second off. VTG and GSA have none and
  belong to the open epoch.
- Times less than 10 ms apart are one: receivers round the same instant differently in different sentences.
- A sentence of the epoch just closed is late: it tells at most its date.
- What is unknown stays absent; coordinates are quantised here, before anything is stored.
"""

from collections import Counter

from device.nmea import accuracy
from device.nmea.dates import Dated, RecordedCalendar
from device.nmea.epoch import Epoch, altitude, place, satellites
from device.nmea.fields import DAY_MS
from device.nmea.sentences import Gsa, Gst, Placed, Pubx00, Reading, Rmc, Vtg, Zda
from device.nmea.status import Drop, Fix, judge
from wire.messages import DEGREE_DECIMALS, Position

SAME_EPOCH_MS = 10
"""Below the 40 ms between two fixes of the fastest receivers (25 Hz), above the rounding of two decimals."""

COURSE_HOLD_M_S = 1.0
"""Below this speed a course is noise: the last one above it is held."""


class Fuser:
    """Groups the readings of one receiver into epochs, and makes each that is a fix a position."""

    def __init__(self, calendar: RecordedCalendar) -> None:
        self._calendar = calendar
        self._open: Epoch | None = None
        self._closed_ms: int | None = None
        self._gst: Gst | None = None
        self._course_deg: float | None = None
        self.epochs = 0
        self.dropped: Counter[Drop] = Counter()

    @property
    def is_open(self) -> bool:
        """Whether an epoch with a place waits to be closed."""
        return self._open is not None and self._open.is_placed

    def take(self, reading: Reading, now_ms: int) -> Position | None:
        """Take a reading in; returns the position of the epoch that it closes."""
        match reading:
            case Zda():
                self._note_date(reading, now_ms)
            case Gst():
                self._gst = reading
            case Vtg() | Gsa():
                if self._open is not None:
                    self._open.add_untimed(reading)
            case _:
                return self._take_placed(reading, now_ms)
        return None

    def close(self, now_ms: int) -> Position | None:
        """Close the open epoch: the next begins, the receiver has gone quiet, or the source has ended."""
        epoch, self._open = self._open, None
        if epoch is None:
            return None
        self._closed_ms = epoch.time_ms
        self.epochs += 1
        outcome = self._fuse(epoch, now_ms)
        if isinstance(outcome, Drop):
            self.dropped[outcome] += 1
            return None
        return outcome

    def _take_placed(self, reading: Placed, now_ms: int) -> Position | None:
        if reading.time_ms is None:
            self._drop_untimed(reading)
        elif self._open is not None and is_same_epoch(reading.time_ms, self._open.time_ms):
            self._open.add(reading)
        elif self._closed_ms is not None and is_same_epoch(reading.time_ms, self._closed_ms):
            self._take_late(reading, now_ms)
        else:
            return self._begin(reading, reading.time_ms, now_ms)
        return None

    def _begin(self, reading: Placed, time_ms: int, now_ms: int) -> Position | None:
        position = self.close(now_ms)
        self._open = Epoch(time_ms)
        self._open.add(reading)
        return position

    def _drop_untimed(self, reading: Placed) -> None:
        if reading.place is not None:
            self.dropped[Drop.NO_TIME] += 1

    def _take_late(self, reading: Placed, now_ms: int) -> None:
        self.dropped[Drop.LATE] += 1
        if isinstance(reading, Rmc) and reading.status == "A":
            self._note_date(reading, now_ms)

    def _note_date(self, reading: Rmc | Zda, now_ms: int) -> None:
        if reading.time_ms is not None and reading.day is not None:
            self._calendar.date(reading.time_ms, reading.day, now_ms)

    def _fuse(self, epoch: Epoch, now_ms: int) -> Position | Drop:
        readings = epoch.readings()
        verdict = judge(readings)
        if isinstance(verdict, Drop):
            return verdict
        fault = _fault(readings)
        if fault is not None:
            return fault
        dated = self._date(epoch, readings, now_ms)
        return self._position(epoch, readings, verdict, dated) if dated is not None else Drop.NO_DATE

    def _date(self, epoch: Epoch, readings: list[Placed], now_ms: int) -> Dated | None:
        for reading in readings:
            if isinstance(reading, Rmc) and reading.time_ms is not None and reading.day is not None:
                return self._calendar.date(reading.time_ms, reading.day, now_ms)
        return self._calendar.date(epoch.time_ms, None, now_ms)

    def _position(self, epoch: Epoch, readings: list[Placed], fix: Fix, dated: Dated) -> Position:
        where = place(readings)
        assert where is not None  # `_fault` saw to it
        speed, course = epoch.movement(readings)
        return Position(
            time=dated.time_ms,
            lat=round(where.lat, DEGREE_DECIMALS),
            lon=round(where.lon, DEGREE_DECIMALS),
            speed=_rounded(speed, 3),
            course=_rounded(self._steady_course(speed, course), 2),
            alt=_rounded(altitude(readings), 2),
            accuracy=_rounded(self._accuracy(epoch, readings, fix), 2),
            hdop=epoch.hdop(readings),
            sats=satellites(readings),
            fix=fix.value,
            time_source=dated.source.value if dated.source is not None else None,
        )

    def _steady_course(self, speed_m_s: float | None, course_deg: float | None) -> float | None:
        """Hold the last course that was no noise; a moving vehicle without a course has none."""
        if speed_m_s is not None and speed_m_s < COURSE_HOLD_M_S:
            return self._course_deg
        if course_deg is not None:
            self._course_deg = course_deg
        return course_deg

    def _accuracy(self, epoch: Epoch, readings: list[Placed], fix: Fix) -> float | None:
        measured = self._deviations(epoch)
        if measured is not None:
            return accuracy.from_deviations(*measured)
        for reading in readings:
            if isinstance(reading, Pubx00) and reading.horizontal_accuracy_m is not None:
                return accuracy.SIGMAS * reading.horizontal_accuracy_m
        return accuracy.from_dilution(fix, epoch.hdop(readings))

    def _deviations(self, epoch: Epoch) -> tuple[float, float] | None:
        """Give the standard deviations of this very epoch; an earlier epoch's say nothing of it."""
        gst = self._gst
        if gst is None or gst.time_ms is None or not is_same_epoch(gst.time_ms, epoch.time_ms):
            return None
        if gst.lat_sigma_m is None or gst.lon_sigma_m is None:
            return None
        return gst.lat_sigma_m, gst.lon_sigma_m


def is_same_epoch(one_ms: int, other_ms: int) -> bool:
    """Say whether two times of day are the same instant, but for rounding, also over midnight.

    A whole day apart are the leap second and the midnight after it: two.
    """
    apart = abs(one_ms - other_ms)
    return apart < SAME_EPOCH_MS or 0 < DAY_MS - apart < SAME_EPOCH_MS


def _fault(readings: list[Placed]) -> Drop | None:
    where = place(readings)
    if where is None:
        return Drop.NO_PLACE
    return Drop.NULL_ISLAND if where == (0.0, 0.0) else None


def _rounded(value: float | None, decimals: int) -> float | None:
    return round(value, decimals) if value is not None else None
