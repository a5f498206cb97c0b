"""The installation under measurement: real Mosquitto, real InfluxDB, and the gateway as its users start it."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.bench.load import Load
from tests.fixtures.gateway import Gateway
from tests.fixtures.influxdb import InfluxDb
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.require import ROOT, require_program

SETTLES_WITHIN_S = 60.0

BROKER = """
listener {port} 127.0.0.1
allow_anonymous true
max_queued_messages 0
max_queued_bytes 0
"""

GATEWAY = """
open_registration = true
[mqtt]
port = {broker}
[http]
port = {http}
[telemetry]
kind = "influxdb1"
url = "INFLUX"
"""


@dataclass
class Servers:
    """What any pipeline needs: a broker to listen to and a database to write to."""

    broker: Mosquitto
    influx: InfluxDb

    def rows(self, measurement: str, where: str = "time > 0") -> int:
        """How many rows the database holds."""
        series = self.influx.query(f'SELECT COUNT("lat") FROM "{measurement}" WHERE {where}')
        return int(series[0]["values"][0][1]) if series else 0

    def until_settled(self) -> None:
        """Wait until the number of rows no longer grows."""
        deadline, rows = time.monotonic() + SETTLES_WITHIN_S, -1
        while time.monotonic() < deadline and rows != (rows := self.rows("position")):
            time.sleep(2.0)


@dataclass
class Rig(Servers):
    """The same with a gateway."""

    gateway: Gateway

    @property
    def process(self) -> psutil.Process:
        assert self.gateway.process is not None
        return psutil.Process(self.gateway.process.pid)


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
def running(folder: Path) -> Iterator[Rig]:
    """Start broker, database and gateway in `folder`, which must be on a real disk."""
    with serving(folder) as servers:
        gateway = Gateway(folder, servers.broker.port, GATEWAY.replace("INFLUX", servers.influx.url))
        try:
            yield Rig(servers.broker, servers.influx, gateway.start_ready())
        finally:
            gateway.stop()


def run_load(servers: Servers, load: Load) -> dict[str, Any]:
    """Publish `load` from a process of its own."""
    done = subprocess.run(load_command(servers, load), capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def load_command(servers: Servers, load: Load) -> list[str]:
    return [sys.executable, "-m", "tests.bench.load", str(servers.broker.port), *load.arguments]


def on_disk(name: str) -> Path:
    """A folder on the checkout's disk: /tmp may be memory, where fsync costs nothing."""
    return ROOT / "build" / f"bench-{name}-{os.getpid()}"
