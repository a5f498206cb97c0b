"""The installation under measurement: real Mosquitto, real InfluxDB, and the gateway as its users start it."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.load import Load
from tests.fixtures.influxdb import InfluxDb
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.require import free_port, require_program

READY_WITHIN_S = 30.0
SETTLES_WITHIN_S = 60.0

BROKER = """
listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
"""

GATEWAY = """
id = "bench"
data_dir = "{folder}/data"
open_registration = true
[mqtt]
port = {broker}
native_qos = {qos}
[http]
port = {http}
[telemetry]
kind = "influxdb1"
url = "{influx}"
database = "milepost"
"""


@dataclass
class Servers:
    """What any pipeline needs: a broker to listen to and a database to write to."""

    broker: Mosquitto
    influx: InfluxDb

    def rows(self, measurement: str) -> int:
        """How many rows the database holds."""
        series = self.influx.query(f'SELECT COUNT("lat") FROM "{measurement}"')
        return int(series[0]["values"][0][1]) if series else 0

    def until_settled(self) -> None:
        """Wait until the number of rows no longer grows."""
        deadline, rows = time.monotonic() + SETTLES_WITHIN_S, -1
        while time.monotonic() < deadline and rows != (rows := self.rows("position")):
            time.sleep(2.0)


@dataclass
class Rig(Servers):
    """The same with a gateway."""

    gateway: psutil.Process
    http_port: int
    token: str

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", headers=self.authorization)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Servers]:
    """Start broker and database in `folder`, which must be on a real disk."""
    (folder / "broker").mkdir(parents=True)
    (folder / "influx").mkdir()
    broker = Mosquitto(require_program("mosquitto"), folder / "broker", BROKER)
    influx = InfluxDb(require_program("influxd"), folder / "influx")
    with contextlib.ExitStack() as ends:
        broker.start()
        ends.callback(broker.stop)
        influx.start()
        ends.callback(influx.stop)
        influx.create()
        yield Servers(broker, influx)


@contextlib.contextmanager
def running(folder: Path, qos: int = 0) -> Iterator[Rig]:
    """Start broker, database and gateway in `folder`, which must be on a real disk."""
    http_port, settings = free_port(), folder / "gateway.toml"
    with serving(folder) as servers:
        ports = {"broker": servers.broker.port, "influx": servers.influx.url, "http": http_port}
        settings.write_text(GATEWAY.format(folder=folder, qos=qos, **ports))
        process, token = start_gateway(settings, http_port)
        try:
            yield Rig(servers.broker, servers.influx, psutil.Process(process.pid), http_port, token)
        finally:
            stop(process)


def start_gateway(settings: Path, http_port: int) -> tuple[subprocess.Popen[str], str]:
    """Start it, read the token of its first start, and wait until it is ready."""
    command = [sys.executable, "-m", "milepost", "gateway", "--config", str(settings)]
    with (settings.parent / "gateway.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    token = _first_token(process)
    deadline = time.monotonic() + READY_WITHIN_S
    while not _ready(http_port):
        assert time.monotonic() < deadline, "the gateway is not ready"
        time.sleep(0.1)
    return process, token


def stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    process.wait(15)


def run_load(servers: Servers, load: Load) -> dict[str, Any]:
    """Publish `load` from a process of its own."""
    done = subprocess.run(load_command(servers, load), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def load_command(servers: Servers, load: Load) -> list[str]:
    return [sys.executable, "-m", "tests.bench.load", str(servers.broker.port), *load.arguments]


def _first_token(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        word, _, token = line.strip().partition(" ")
        if word == "token":
            return token.split()[0]
    raise AssertionError("the gateway printed no token")


def _ready(port: int) -> bool:
    with contextlib.suppress(urllib.error.URLError, OSError):
        return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).status == 200)
    return False


def on_disk(name: str) -> Path:
    """A folder on the checkout's disk: /tmp may be memory, where fsync costs nothing."""
    return Path(__file__).resolve().parents[2] / "build" / f"bench-{name}-{os.getpid()}"
