"""A whole installation in one folder: broker, database, gateway and agents, each a process that can be killed."""

import json
import shutil
import sys
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.parts import Part, listening, until
from tests.fixtures.require import free_port, require_program

DATABASE = "chaos"

MOSQUITTO = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
max_queued_messages 0
max_queued_bytes 16777216
"""

INFLUXD = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:{port}"
  log-enabled = false
[monitor]
  store-enabled = false
"""

GATEWAY = """
id = "chaos"
data_dir = "{folder}/data"
open_registration = true
[mqtt]
port = {broker}
native_qos = {qos}
[http]
port = {http}
[telemetry]
kind = "influxdb1"
url = "http://127.0.0.1:{influx}"
database = "chaos"
linger_s = 0.2
"""

AGENT = """
vehicle = "{vehicle}"
spool_file = "{folder}/spool.db"
[source]
kind = "tcp"
host = "127.0.0.1"
port = {receiver}
[uplink]
port = {broker}
qos = {qos}
[reporting]
min_interval_s = 1.0
heartbeat_s = 1.0
"""


@dataclass
class Ports:
    broker: int
    influx: int
    http: int


def build(folder: Path, receivers: dict[str, int], qos: int, forgetful: Random) -> "Installation":
    """Lay out every part under `folder`; `receivers` gives each vehicle's GPS port."""
    ports = Ports(free_port(), free_port(), free_port())
    parts = [broker(folder, ports, forgetful), database(folder, ports), gateway(folder, ports, qos)]
    agents = [agent(folder, ports, vehicle, receiver, qos) for vehicle, receiver in receivers.items()]
    return Installation(folder, ports, parts, agents)


def broker(folder: Path, ports: Ports, forgetful: Random) -> Part:
    home = settings_file(folder / "broker", "mosquitto.conf", MOSQUITTO, port=ports.broker)
    memory = home.parent / "mosquitto.db"

    def forget_at_times() -> None:
        if forgetful.random() < 0.5:
            memory.unlink(missing_ok=True)

    return Part("broker", [require_program("mosquitto"), "-c", str(home)], home.parent / "log", forget_at_times)


def database(folder: Path, ports: Ports) -> Part:
    home = settings_file(folder / "influx", "influxdb.conf", INFLUXD, port=ports.influx, rpc=free_port())
    return Part("database", [require_program("influxd"), "-config", str(home)], home.parent / "log")


def gateway(folder: Path, ports: Ports, qos: int) -> Part:
    home = settings_file(
        folder / "gateway", "gateway.toml", GATEWAY, broker=ports.broker, http=ports.http, influx=ports.influx, qos=qos
    )
    command = [sys.executable, "-m", "milepost", "gateway", "--config", str(home)]
    return Part("gateway", command, home.parent / "log")


def agent(folder: Path, ports: Ports, vehicle: str, receiver: int, qos: int) -> Part:
    home = settings_file(
        folder / vehicle, "device.toml", AGENT, vehicle=vehicle, broker=ports.broker, receiver=receiver, qos=qos
    )
    command = [sys.executable, "-m", "tests.chaos.witness", str(home), str(home.parent / "witnessed")]
    return Part(vehicle, command, home.parent / "log")


def settings_file(folder: Path, name: str, template: str, **values: object) -> Path:
    folder.mkdir(parents=True)
    path = folder / name
    path.write_text(template.format(folder=folder, **values))
    return path


@dataclass
class Installation:
    """All parts, in the order in which one would start them."""

    folder: Path
    ports: Ports
    parts: list[Part]
    agents: list[Part]

    @property
    def killable(self) -> list[Part]:
        return [*self.parts, *self.agents]

    async def start(self) -> None:
        for part in self.killable:
            part.start()
        await until(listening(self.ports.broker), "the broker listens")
        await until(listening(self.ports.influx), "the database listens")
        await until(listening(self.ports.http), "the gateway listens")

    def stop(self) -> None:
        for part in reversed(self.killable):
            part.stop()

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def witnessed(self) -> dict[tuple[str, str, int], int]:
        """(vehicle, spool, number) → time of every position whose spool commit returned."""
        return {
            (part.name, spool, number): time_ms
            for part in self.agents
            for spool, number, time_ms in _lines(self.folder / part.name / "witnessed")
        }

    def stored(self) -> list[tuple[str, str, int, int]]:
        """(vehicle, spool, number, time) of every row of the database, in no order."""
        answer = self.query('SELECT "spool", "seq", "lat" FROM "position" GROUP BY "vehicle"')
        return [
            (series["tags"]["vehicle"], row[1], int(row[2]), row[0] // 1_000_000)
            for series in answer["results"][0].get("series", [])
            for row in series["values"]
        ]

    def query(self, influxql: str) -> dict:
        address = urllib.parse.urlencode({"db": DATABASE, "epoch": "ns", "q": influxql})
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports.influx}/query?{address}", timeout=20) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError):
            return {"results": [{}]}


def _lines(witnessed: Path) -> list[tuple[str, int, int]]:
    """Whole lines only: the witness may have been killed while it wrote the last one."""
    if not witnessed.exists():
        return []
    whole = witnessed.read_text().rpartition("\n")[0].splitlines()
    return [(spool, int(number), int(time_ms)) for spool, number, time_ms in map(str.split, whole)]
