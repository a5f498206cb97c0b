"""What a received message costs with each MQTT client, and what each QoS loses: the numbers of decisions 0030 and 0031.

    python -m tests.bench.mqtt_clients            # both tables, about a minute

One Mosquitto, one publisher at a steady rate, one receiver after the other, each in a process of its own; the least of
`ROUNDS` interleaved rounds counts, so that what else the machine does matters little. Compare ratios, not microseconds.
"""

import argparse
import asyncio
import json
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gmqtt
import paho.mqtt.client as paho
import uvloop
from paho.mqtt.enums import CallbackAPIVersion

from gateway.adapters.mqtt.inboxes import native_sessions
from gateway.clock import SystemClock
from gateway.settings import GatewaySettings, MqttSettings
from tests.bench.mqtt import connect_packet, publish_packet, remaining_length, text
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.require import require_program

ROUNDS = 3
MESSAGES_PER_S = 8_000
SECONDS = 4.0
TICK_S = 0.002
QUIET_S = 3.0
"""A receiver that got nothing for so long, longer than any stands still, has got all that it will get."""

TOPIC = "milepost/1/main/vehicle/van-%d/positions"
FILTER = "milepost/1/main/vehicle/+/positions"
VEHICLES = 100
PAYLOAD = (
    b'{"v":1,"spool":"9f1c2e00aa11bb22","after":%d,"seq":%d,"sent":1732375000123,"positions":[{"time":1732374999000,'
    b'"lat":60.1699012,"lon":24.9384077,"speed":8.42,"course":271.0,"accuracy":3.2,"hdop":0.9,"sats":9,"fix":"gps"}]}'
)
CONFIG = "listener {port} 127.0.0.1\nallow_anonymous true\n"
"""Mosquitto's defaults, but for 1,000 in flight: its 20 would measure round trips."""

IN_FLIGHT = "max_inflight_messages 1000\n"


class Tally:
    """Counts messages and the CPU that they took, between the first and the last of them."""

    def __init__(self) -> None:
        self.count = 0
        self._first_cpu = self._last_cpu = 0.0
        self.last_at = time.monotonic()

    def add(self, messages: int) -> None:
        if not self.count:
            self._first_cpu = _cpu_s()
        self.count += messages
        self.last_at = time.monotonic()

    def finish(self) -> dict[str, float]:
        self._last_cpu = _cpu_s()
        return {"messages": self.count, "us": (self._last_cpu - self._first_cpu) / max(1, self.count) * 1e6}

    @property
    def quiet(self) -> bool:
        return self.count > 0 and time.monotonic() - self.last_at > QUIET_S


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def receive_ours(port: int, qos: int) -> dict[str, float]:
    """Milepost's session: gmqtt's connection, our PUBLISH loop, acknowledgements gathered."""
    return uvloop.run(_receive_ours(port, qos))


async def _receive_ours(port: int, qos: int) -> dict[str, float]:
    tally = Tally()
    settings = GatewaySettings(mqtt=MqttSettings(port=port, native_qos=qos))
    session = native_sessions(settings, SystemClock())["main"]

    def take(arrivals):
        tally.add(len(arrivals))
        for arrival in arrivals:
            if arrival.settle is not None:
                arrival.settle()

    task = asyncio.create_task(session.run(take))
    await _until_quiet(tally, lambda: session.condition.state == "connected")
    task.cancel()
    return tally.finish()


def receive_gmqtt(port: int, qos: int) -> dict[str, float]:
    """gmqtt as it comes, acknowledging by itself."""
    return uvloop.run(_receive_gmqtt(port, qos))


async def _receive_gmqtt(port: int, qos: int) -> dict[str, float]:
    tally = Tally()
    client = gmqtt.Client("bench-gmqtt")
    client.on_message = lambda *_: tally.add(1)
    client.on_connect = lambda *_: client.subscribe(FILTER, qos=qos)
    subscribed = asyncio.Event()
    client.on_subscribe = lambda *_: subscribed.set()
    await client.connect("127.0.0.1", port)
    await _until_quiet(tally, subscribed.is_set)
    await client.disconnect()
    return tally.finish()


async def _until_quiet(tally: Tally, ready: Callable[[], bool]) -> None:
    while not ready():
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    while not tally.quiet:
        await asyncio.sleep(0.2)


def receive_paho(port: int, qos: int) -> dict[str, float]:
    """paho with manual acknowledgement, in its own thread."""
    tally = Tally()
    subscribed = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5, manual_ack=True)
    client.on_connect = lambda *_: client.subscribe(FILTER, qos)
    client.on_subscribe = lambda *_: subscribed.set()

    def take(_client, _data, message):
        tally.add(1)
        if message.qos:
            client.ack(message.mid, message.qos)

    client.on_message = take
    client.connect("127.0.0.1", port)
    client.loop_start()
    subscribed.wait()
    print("ready", flush=True)
    while not tally.quiet:
        time.sleep(0.2)
    client.loop_stop()
    return tally.finish()


RECEIVERS = {"ours": receive_ours, "gmqtt": receive_gmqtt, "paho": receive_paho}


def publish(port: int, qos: int, seconds: float = SECONDS) -> int:
    """Publish at a steady rate; return how many messages were sent."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(connect_packet("bench-publisher"))
    connection.recv(4)
    threading.Thread(target=_drain, args=(connection,), daemon=True).start()
    sent, begun = 0, time.monotonic()
    while (elapsed := time.monotonic() - begun) < seconds:
        due = int(elapsed * MESSAGES_PER_S)
        connection.sendall(b"".join(_packet(number, qos) for number in range(sent, due)))
        sent = due
        time.sleep(TICK_S)
    connection.sendall(b"\xe0\x00")
    return sent


def _packet(number: int, qos: int) -> bytes:
    topic = text(TOPIC % (number % VEHICLES))
    turn = number // VEHICLES + 1
    payload = PAYLOAD % (turn - 1, turn)
    if not qos:
        return publish_packet(topic, payload)
    packet_id = (number % 65_535 + 1).to_bytes(2, "big")
    return b"\x32" + remaining_length(len(topic) + 2 + len(payload)) + topic + packet_id + payload


def _drain(connection: socket.socket) -> None:
    try:
        while connection.recv(65_536):
            pass
    except OSError:
        pass


@contextmanager
def broker(config: str) -> Iterator[Mosquitto]:
    """A Mosquitto of its own."""
    with tempfile.TemporaryDirectory() as directory:
        made = Mosquitto(require_program("mosquitto"), Path(directory), config)
        made.start()
        try:
            yield made
        finally:
            made.kill()


@contextmanager
def receiver(kind: str, port: int, qos: int) -> Iterator[subprocess.Popen[str]]:
    """A receiving process that is subscribed."""
    options = ["--receive", kind, "--port", str(port), "--qos", str(qos)]
    command = [sys.executable, "-m", "tests.bench.mqtt_clients", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def measure(kind: str, port: int, qos: int) -> dict[str, float]:
    """Return what a message costs a receiver, and the share that it got."""
    with receiver(kind, port, qos) as process:
        sent = publish(port, qos)
        output, _ = process.communicate(timeout=60)
    result = json.loads(output)
    return {"us": result["us"], "lost": 1 - result["messages"] / sent}


def cost_table() -> None:
    """Print the least cost of each client at each QoS, over interleaved rounds."""
    cases = [(kind, qos) for qos in (0, 1) for kind in RECEIVERS]
    least: dict[tuple[str, int], dict[str, float]] = {}
    with broker(CONFIG + IN_FLIGHT) as mosquitto:
        for _ in range(ROUNDS):
            for case in cases:
                result = measure(case[0], mosquitto.port, case[1])
                least[case] = min(result, least.get(case, result), key=lambda each: each["us"])
    print(f"\nCPU of the receiver at {MESSAGES_PER_S} messages/s (least of {ROUNDS} rounds)")
    print("client  QoS  us a message  against ours  lost")
    for (kind, qos), result in least.items():
        ratio = result["us"] / least["ours", qos]["us"]
        print(f"{kind:6}  {qos:3}  {result['us']:12.1f}  {ratio:12.1f}  {result['lost']:.1%}")


def loss_table() -> None:
    """Print what is lost when the gateway stands still for a while and nobody sends again."""
    print("\nlost of what was sent while the gateway stood still for half of the time (Mosquitto's default queues)")
    for qos in (0, 1):
        print(f"QoS {qos}  {_lost(qos):.1%}")


def _lost(qos: int) -> float:
    with broker(CONFIG) as mosquitto, receiver("ours", mosquitto.port, qos) as process:
        threading.Thread(target=_stand_still, args=(process,), daemon=True).start()
        sent = publish(mosquitto.port, qos)
        output, _ = process.communicate(timeout=60)
    return 1 - json.loads(output)["messages"] / sent


def _stand_still(process: subprocess.Popen[str]) -> None:
    time.sleep(SECONDS / 4)
    process.send_signal(signal.SIGSTOP)
    time.sleep(SECONDS / 2)
    process.send_signal(signal.SIGCONT)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--receive", choices=RECEIVERS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--qos", type=int, default=0)
    options = parser.parse_args()
    if options.receive:
        print(json.dumps(RECEIVERS[options.receive](options.port, options.qos)))
        return
    cost_table()
    loss_table()


if __name__ == "__main__":
    main()
