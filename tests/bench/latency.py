"""From publish to server-sent event: how old a position is when a console hears of it."""

import http.client
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.bench.load import Load
from tests.bench.rig import Rig, load_command, run_load


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
        connection = http.client.HTTPConnection("127.0.0.1", self.rig.http_port, timeout=30)
        connection.request("GET", "/api/v1/live", headers=self.rig.authorization)
        answer = connection.getresponse()
        opened.set()
        for name, data in events(answer):
            if self._ended.is_set():
                break
            if name == "vehicles":
                self._note(data)
        connection.close()

    def stop(self) -> None:
        self._ended.set()

    def _note(self, data: bytes) -> None:
        now_ms = time.time_ns() / 1e6
        for vehicle in msgspec.json.decode(data)["vehicles"]:
            if vehicle["vehicle"].startswith("bench-"):
                self.ages_ms.append(now_ms - vehicle["time"])


def events(answer: Any) -> Iterator[tuple[str, bytes]]:
    """Name and data of each event of a stream that ends each event with an empty line."""
    name, data = "", b""
    for raw in answer:
        line = raw.rstrip(b"\r\n")
        if line.startswith(b"event:"):
            name = line[6:].strip().decode()
        elif line.startswith(b"data:"):
            data = line[5:].strip()
        elif not line:
            yield name, data


def quiet(rig: Rig, seconds: float) -> Latency:
    """1,000 positions a second and nothing else."""
    with listening(rig) as listener:
        run_load(rig, Load(1000, 1000, 1, seconds, spool="quiet"))
    return summary("1,000 positions/s", listener.ages_ms)


def disturbed(rig: Rig, seconds: float) -> Latency:
    """The same, while a long track is exported again and again and an hour of twenty vehicles arrives at once."""
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
    ended = threading.Event()
    thread = threading.Thread(target=_export_until, args=(rig, ended), name="exporter", daemon=True)
    thread.start()
    yield
    ended.set()
    thread.join(60)


def _export_until(rig: Rig, ended: threading.Event) -> None:
    while not ended.is_set():
        rig.get("/api/v1/vehicles/hour-0/track?format=gpx&from=0")


@contextmanager
def backlog(rig: Rig, seconds: float) -> Iterator[None]:
    """Twenty vehicles, 3,600 positions each in batches of 500, within the measured time."""
    rate = 20 * 8 / (seconds / 2)
    load = Load(20, rate, 500, seconds / 2, spool="backlog", prefix="hour")
    with subprocess.Popen(load_command(rig, load), stdout=subprocess.DEVNULL) as process:
        yield
        process.wait(60)


def summary(label: str, ages_ms: list[float]) -> Latency:
    cuts = statistics.quantiles(ages_ms, n=100)
    return Latency(label, len(ages_ms), cuts[49], cuts[98], max(ages_ms))
