"""The load: many vehicles that drive in circles over Helsinki and publish envelopes at a steady rate.

Run as a process of its own: `python -m tests.bench.load PORT --vehicles 1000 --rate 20000 --batch 1 --seconds 20`.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.mqtt import FastPublisher, publish_packet, text

TICK_S = 0.01
"""Messages are sent in bursts of this length: shorter than the gateway's group commit, so bursts do not show."""

POSITION = (
    '{"time":%d,"lat":%.7f,"lon":%.7f,"speed":%.2f,"course":%.1f,'
    '"alt":12.5,"accuracy":4.1,"hdop":0.9,"sats":11,"fix":"gps"}'
)


@dataclass(frozen=True)
class Load:
    vehicles: int
    messages_per_s: float
    batch: int
    seconds: float
    fleet: str = "main"
    spool: str = "bench"
    first_round: int = 0

    @property
    def messages(self) -> int:
        return int(self.messages_per_s * self.seconds)

    @property
    def positions(self) -> int:
        return self.messages * self.batch


def envelope(load: Load, vehicle: int, turn: int, now_ms: int) -> bytes:
    """The `turn`-th message of a vehicle: `batch` positions, a second apart, the last one now."""
    first = turn * load.batch + 1
    positions = ",".join(
        position(vehicle, first + step, now_ms - 1000 * (load.batch - 1 - step)) for step in range(load.batch)
    )
    return (
        f'{{"v":1,"spool":"{load.spool}","after":{first - 1},"seq":{first},"sent":{now_ms},"positions":[{positions}]}}'
    ).encode()


def position(vehicle: int, number: int, time_ms: int) -> str:
    angle = 0.01 * number + vehicle
    lat = 60.17 + 0.02 * math.sin(angle) + vehicle * 1e-5
    lon = 24.94 + 0.04 * math.cos(angle)
    return POSITION % (time_ms, lat, lon, 8.0 + 4 * math.sin(angle), math.degrees(angle) % 360)


def bursts(load: Load) -> Iterator[tuple[int, int]]:
    """The message numbers due at each tick, as half-open ranges, paced by the clock."""
    started = time.monotonic()
    done = 0
    while done < load.messages:
        due = min(load.messages, int((time.monotonic() - started + TICK_S) * load.messages_per_s))
        if due > done:
            yield done, due
            done = due
        time.sleep(max(0.0, TICK_S - (time.monotonic() - started) % TICK_S))


def publish(port: int, load: Load) -> float:
    """Send the whole load; returns how late the last burst was, in seconds."""
    topics = [text(f"milepost/1/{load.fleet}/vehicle/bench-{number}/positions") for number in range(load.vehicles)]
    started = time.monotonic()
    with FastPublisher(port, f"load-{load.spool}") as publisher:
        for begin, end in bursts(load):
            now_ms = time.time_ns() // 1_000_000
            publisher.send(b"".join(message(load, topics, number, now_ms) for number in range(begin, end)))
    return time.monotonic() - started - load.seconds


def message(load: Load, topics: list[bytes], number: int, now_ms: int) -> bytes:
    turn, vehicle = divmod(number, load.vehicles)
    return publish_packet(topics[vehicle], envelope(load, vehicle, turn + load.first_round, now_ms))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--vehicles", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=20_000)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--spool", default="bench")
    parser.add_argument("--first-round", type=int, default=0)
    chosen = parser.parse_args()
    load = Load(
        chosen.vehicles, chosen.rate, chosen.batch, chosen.seconds, spool=chosen.spool, first_round=chosen.first_round
    )
    late_s = publish(chosen.port, load)
    print(json.dumps({"messages": load.messages, "positions": load.positions, "late_s": round(late_s, 3)}))


if __name__ == "__main__":
    main()
