"""The load: many vehicles that drive in circles over Helsinki and publish envelopes at a steady rate.

Run as a process of its own: `python -m tests.bench.load PORT --vehicles 1000 --messages-per-s 20000 --seconds 20`.
"""

import argparse
import json
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields

from tests.bench.mqtt import FastPublisher, publish_packet, text

TICK_S = 0.01
"""Messages are sent in bursts of this length: shorter than the gateway's group commit, so bursts do not show."""

POSITION = (
    '{"time":%d,"lat":%.7f,"lon":%.7f,"speed":%.2f,"course":%.1f,'
    '"alt":12.5,"accuracy":4.1,"hdop":0.9,"sats":11,"fix":"gps"}'
)


@dataclass(frozen=True)
class Load:
    vehicles: int = 1000
    messages_per_s: float = 20_000
    batch: int = 1
    seconds: float = 20
    spool: str = "bench"
    prefix: str = "bench"
    first_turn: int = 0

    @property
    def step_ms(self) -> float:
        """Time between two positions of one vehicle."""
        return 1000 * self.vehicles / self.messages_per_s / self.batch

    @property
    def arguments(self) -> list[str]:
        """The command line that `main` reads back."""
        return [f"--{name.replace('_', '-')}={value}" for name, value in vars(self).items()]

    @property
    def messages(self) -> int:
        return round(self.messages_per_s * self.seconds)

    @property
    def positions(self) -> int:
        return self.messages * self.batch


def envelope(load: Load, vehicle: int, turn: int, now_ms: int) -> bytes:
    """The `turn`-th message of a vehicle: `batch` positions since its last message, the last one now."""
    first = turn * load.batch + 1
    positions = ",".join(
        position(vehicle, first + step, now_ms - int(load.step_ms * (load.batch - 1 - step)))
        for step in range(load.batch)
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
    topics = [text(f"milepost/1/main/vehicle/{load.prefix}-{number}/positions") for number in range(load.vehicles)]
    started = time.monotonic()
    with FastPublisher(port, f"load-{load.prefix}-{load.spool}") as publisher:
        for begin, end in bursts(load):
            now_ms = time.time_ns() // 1_000_000
            publisher.send(b"".join(message(load, topics, number, now_ms) for number in range(begin, end)))
    return time.monotonic() - started - load.seconds


def message(load: Load, topics: list[bytes], number: int, now_ms: int) -> bytes:
    turn, vehicle = divmod(number, load.vehicles)
    return publish_packet(topics[vehicle], envelope(load, vehicle, load.first_turn + turn, now_ms))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    for field in fields(Load):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=field.type)  # type: ignore[arg-type]
    chosen = vars(parser.parse_args())
    port, load = chosen.pop("port"), Load(**{name: value for name, value in chosen.items() if value is not None})
    late_s = publish(port, load)
    print(json.dumps({"messages": load.messages, "positions": load.positions, "late_s": round(late_s, 3)}))


if __name__ == "__main__":
    main()
