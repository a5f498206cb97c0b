"""Readings in any order to one fix an epoch.

The rules:
- Sentences of one time of day are one epoch, whatever their order and talkers. RMC, GGA, GNS, GLL and PUBX,00 carry a
  place and open an epoch; a different time closes the one before.
- GST and ZDA have a time but neither open nor close: some receivers send ZDA a second off. VTG and GSA have none and
  belong to the open epoch.
- Times less than 10 ms apart are one: receivers round the same instant differently in different sentences.
- A sentence of the epoch just closed is late: it tells at most its date.
- One fix is one Position, quantised; what is unknown is absent.
"""

from collections import Counter
from collections.abc import Iterator

from device.nmea import accuracy
from device.nmea.dates import Dated, RecordedCalendar
from device.nmea.fields import DAY_MS, Place
from device.nmea.sentences import Gga, Gll, Gns, Gsa, Gst, Pubx00, Reading, Rmc, Vtg, Zda
from device.nmea.status import Drop, Fix, judge
from wire.messages import DEGREE_DECIMALS, Position

SAME_EPOCH_MS = 10
"""Below the 40 ms between two fixes of the fastest receivers (25 Hz), above the rounding of two decimals."""

COURSE_HOLD_M_S = 1.0
"""Below this speed a course is noise: the last one above it is held."""

Placed = Rmc | Gga | Gns | Gll | Pubx00


class Epoch:
    """What the sentences of one time of day said; of each kind the first counts."""

    def __init__(self, time_ms: int) -> None:
        self.time_ms = time_ms
        self.gga: Gga | None = None
        self.gns: Gns | None = None
        self.rmc: Rmc | None = None
        self.gll: Gll | None = None
        self.pubx: Pubx00 | None = None
        self.vtg: Vtg | None = None
        self.gsa: Gsa | None = None
        self.satellites: int | None = None

    def add(self, reading: Placed | Vtg | Gsa) -> None:
        """Take a reading in."""
        match reading:
            case Gga():
                self.gga = self.gga or reading
            case Gns():
                self.gns = self.gns or reading
            case Rmc():
                self.rmc = self.rmc or reading
            case Gll():
                self.gll = self.gll or reading
            case Pubx00():
                self.pubx = self.pubx or reading
            case Vtg():
                self.vtg = self.vtg or reading
            case Gsa():
                self.gsa = self.gsa or reading
        self._count_satellites(reading)

    def _count_satellites(self, reading: Reading) -> None:
        """Keep the largest number: with one GGA a satellite system each counts its own."""
        if isinstance(reading, Gga | Gns | Pubx00) and reading.satellites is not None:
            self.satellites = max(self.satellites or 0, reading.satellites)

    def placed(self) -> Iterator[Placed]:
        """Give the readings with a place, the most precise kind first."""
        for reading in (self.gga, self.gns, self.rmc, self.gll, self.pubx):
            if reading is not None:
                yield reading

    @property
    def place(self) -> Place | None:
        """The place of the most precise kind of sentence that has one."""
        return next((reading.place for reading in self.placed() if reading.place is not None), None)

    @property
    def speed_m_s(self) -> float | None:
        """The speed over ground."""
        for reading in (self.rmc, self._moving_vtg(), self.pubx):
            if reading is not None and reading.speed_m_s is not None:
                return reading.speed_m_s
        return None

    @property
    def course_deg(self) -> float | None:
        """The course over ground as sent, also where it is noise."""
        for reading in (self.rmc, self._moving_vtg(), self.pubx):
            if reading is not None and reading.course_deg is not None:
                return reading.course_deg
        return None

    @property
    def hdop(self) -> float | None:
        """The horizontal dilution."""
        for reading in (self.gga, self.gns, self.gsa, self.pubx):
            if reading is not None and reading.hdop is not None:
                return reading.hdop
        return None

    @property
    def altitude_m(self) -> float | None:
        """The altitude above mean sea level."""
        for reading in (self.gga, self.gns):
            if reading is not None and reading.altitude_m is not None:
                return reading.altitude_m
        return None

    def _moving_vtg(self) -> Vtg | None:
        return self.vtg if self.vtg is not None and self.vtg.mode != "N" else None


class Fuser:
    """Groups readings into epochs and epochs into positions."""

    def __init__(self, calendar: RecordedCalendar) -> None:
        self._calendar = calendar
        self._open: Epoch | None = None
        self._closed_ms: int | None = None
        self._gst: Gst | None = None
        self._course_deg: float | None = None
        self.epochs = 0
        self.dropped: Counter[Drop] = Counter()

    def take(self, reading: Reading, now_ms: int) -> Position | None:
        """Take a reading in; returns the position of the epoch that it closes."""
        match reading:
            case Zda():
                self._note_date(reading.time_ms, reading.day, now_ms)
                return None
            case Gst():
                self._gst = reading
                return None
            case Vtg() | Gsa():
                if self._open is not None:
                    self._open.add(reading)
                return None
            case _:
                return self._take_placed(reading, now_ms)

    def close(self, now_ms: int) -> Position | None:
        """Close the open epoch: its end was reached, or the receiver has gone quiet."""
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

    @property
    def is_open(self) -> bool:
        """Whether an epoch with a place waits to be closed."""
        return self._open is not None and self._open.place is not None

    def _take_placed(self, reading: Placed, now_ms: int) -> Position | None:
        time_ms = reading.time_ms
        if time_ms is None:
            if reading.place is not None:
                self.dropped[Drop.NO_TIME] += 1
            return None
        if self._open is not None and same_epoch(time_ms, self._open.time_ms):
            self._open.add(reading)
            return None
        if self._closed_ms is not None and same_epoch(time_ms, self._closed_ms):
            self._take_late(reading, now_ms)
            return None
        position = self.close(now_ms)
        self._open = Epoch(time_ms)
        self._open.add(reading)
        return position

    def _take_late(self, reading: Placed, now_ms: int) -> None:
        self.dropped[Drop.LATE] += 1
        if isinstance(reading, Rmc) and reading.status == "A":
            self._note_date(reading.time_ms, reading.day, now_ms)

    def _note_date(self, time_ms: int | None, day: int | None, now_ms: int) -> None:
        if time_ms is not None and day is not None:
            self._calendar.date(time_ms, day, now_ms)

    def _fuse(self, epoch: Epoch, now_ms: int) -> Position | Drop:
        place = epoch.place
        verdict = judge(epoch.placed())
        if isinstance(verdict, Drop):
            return verdict
        if place is None:
            return Drop.NO_FIX
        if place == (0.0, 0.0):
            return Drop.NULL_ISLAND
        dated = self._date(epoch, now_ms)
        return self._position(epoch, place, verdict, dated) if dated is not None else Drop.NO_DATE

    def _date(self, epoch: Epoch, now_ms: int) -> Dated | None:
        rmc = epoch.rmc
        if rmc is not None and rmc.time_ms is not None and rmc.day is not None:
            return self._calendar.date(rmc.time_ms, rmc.day, now_ms)
        return self._calendar.date(epoch.time_ms, None, now_ms)

    def _position(self, epoch: Epoch, place: Place, fix: Fix, dated: Dated) -> Position:
        speed = epoch.speed_m_s
        return Position(
            time=dated.time_ms,
            lat=round(place.lat, DEGREE_DECIMALS),
            lon=round(place.lon, DEGREE_DECIMALS),
            speed=_rounded(speed, 3),
            course=_rounded(self._steady_course(speed, epoch.course_deg), 2),
            alt=_rounded(epoch.altitude_m, 2),
            accuracy=_rounded(self._accuracy(epoch, fix), 2),
            hdop=epoch.hdop,
            sats=epoch.satellites,
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

    def _accuracy(self, epoch: Epoch, fix: Fix) -> float | None:
        measured = self._deviations(epoch)
        if measured is not None:
            return accuracy.from_deviations(*measured)
        if epoch.pubx is not None and epoch.pubx.horizontal_accuracy_m is not None:
            return accuracy.SIGMAS * epoch.pubx.horizontal_accuracy_m
        return accuracy.from_dilution(fix, epoch.hdop)

    def _deviations(self, epoch: Epoch) -> tuple[float, float] | None:
        """Give the standard deviations of this very epoch; an earlier epoch's say nothing of it."""
        gst = self._gst
        if gst is None or gst.time_ms is None or not same_epoch(gst.time_ms, epoch.time_ms):
            return None
        if gst.lat_sigma_m is None or gst.lon_sigma_m is None:
            return None
        return gst.lat_sigma_m, gst.lon_sigma_m


def same_epoch(one_ms: int, other_ms: int) -> bool:
    """Say whether two times of day are the same instant, but for rounding and midnight."""
    apart = abs(one_ms - other_ms)
    return min(apart, DAY_MS - apart) < SAME_EPOCH_MS


def _rounded(value: float | None, decimals: int) -> float | None:
    return round(value, decimals) if value is not None else None
