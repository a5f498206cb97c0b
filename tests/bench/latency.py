"""From publish to server-sent event: how old a position is when a console hears of it."""

import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tests.bench.load import Load
from tests.bench.rig import Rig, load_command, run_load

BATCH = 400
"""Positions of a message of the backlog: 54 KB, as much as an agent puts into one."""

LONG_TRACK = Load(1, 50, BATCH, 5.0, spool="long", prefix="long")
"""100,000 positions: a day of one vehicle at a fix a second."""

LONG_TRACK_BYTES = 10_000_000
"""Less than its GPX document, far more than that of an empty track."""


@dataclass(frozen=True)
class Latency:
    """Milliseconds from the moment in the message to its arrival in the event stream."""

    label: str
    samples: int
    p50_ms: float
    p99_ms: float
    worst_ms: float


@dataclass
class Listener:
    """One subscriber of /api/v1/live, in a thread."""

    rig: Rig
    ages_ms: list[float] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def listen(self, opened: threading.Event) -> None:
        with self.rig.gateway.live() as stream:
            opened.set()
            while not self._ended.is_set():
                name, data = stream.event()
                if name == "vehicles":
                    self._note(data["vehicles"])

    def stop(self) -> None:
        self._ended.set()

    def _note(self, vehicles: list[dict[str, Any]]) -> None:
        now_ms = time.time_ns() / 1e6
        self.ages_ms += [now_ms - each["time"] for each in vehicles if each["vehicle"].startswith("bench-")]


def quiet(rig: Rig, seconds: float) -> Latency:
    """1,000 positions a second and nothing else."""
    with listening(rig) as listener:
        run_load(rig, Load(1000, 1000, 1, seconds, spool="quiet"))
    return summary("1,000 positions/s", listener.ages_ms)


def disturbed(rig: Rig, seconds: float) -> Latency:
    """The same, while a long track is exported again and again and an hour of twenty vehicles arrives at once."""
    run_load(rig, LONG_TRACK)
    rig.until_settled()
    with listening(rig) as listener, exporting(rig), backlog(rig, seconds):
        run_load(rig, Load(1000, 1000, 1, seconds, spool="disturbed"))
    return summary("the same, with a track exported and a backlog arriving", listener.ages_ms)


@contextmanager
def listening(rig: Rig) -> Iterator[Listener]:
    listener, opened = Listener(rig), threading.Event()
    thread = threading.Thread(target=listener.listen, args=(opened,), name="listener", daemon=True)
    thread.start()
    opened.wait(30)
    yield listener
    listener.stop()
    thread.join(30)


@contextmanager
def exporting(rig: Rig) -> Iterator[None]:
    """Export a long track again and again; an error, or no export at all, makes the measurement void."""
    ended = threading.Event()
    with ThreadPoolExecutor(1, "exporter") as pool:
        sizes = pool.submit(_export_until, rig, ended)
        try:
            yield
        finally:
            ended.set()
    assert max(sizes.result()) > LONG_TRACK_BYTES, "no long track was exported meanwhile"


def _export_until(rig: Rig, ended: threading.Event) -> list[int]:
    sizes = []
    while not ended.is_set():
        status, body = rig.gateway.request("/api/v1/vehicles/long-0/track?format=gpx&from=0")
        assert status == HTTPStatus.OK, body
        sizes.append(len(body))
    return sizes


@contextmanager
def backlog(rig: Rig, seconds: float) -> Iterator[None]:
    """Twenty vehicles, an hour of 3,600 positions each, within the measured time; all of it must be stored."""
    load = Load(20, 20 * 9 / (seconds / 2), BATCH, seconds / 2, spool="backlog", prefix="hour")
    with subprocess.Popen(load_command(rig, load), stdout=subprocess.DEVNULL) as process:
        yield
        process.wait(60)
    rig.until_settled()
    stored = rig.rows("position", where="vehicle =~ /^hour-/")
    assert stored == load.positions, f"{stored} of the backlog's {load.positions} positions are stored"


def summary(label: str, ages_ms: list[float]) -> Latency:
    cuts = statistics.quantiles(ages_ms, n=100)
    return Latency(label, len(ages_ms), cuts[49], cuts[98], max(ages_ms))
