"""A whole installation in one folder: broker, database, gateway and agents, each a process that can be killed."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.parts import STARTS_WITHIN_S, Plug, Program, listening
from tests.fixtures.influxdb import InfluxDb
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.require import free_port, require_program
from tests.fixtures.waiting import eventually

BROKER = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {directory}/
autosave_interval 1
max_queued_messages 0
max_queued_bytes 16777216
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
url = "{influx}"
linger_s = 0.2
"""

AGENT = """
vehicle = "{vehicle}"
data_dir = "{folder}/data"
[source]
kind = "tcp"
host = "127.0.0.1"
port = {receiver}
[mqtt]
port = {broker}
qos = {qos}
[reporting]
min_interval_s = 1.0
heartbeat_s = 1.0
"""


def build(folder: Path, receivers: dict[str, int], qos: int, forgetful: Random) -> "Installation":
    """Lay out every part under `folder`; `receivers` gives each vehicle's GPS port."""
    broker = ForgetfulBroker(require_program("mosquitto"), made(folder / "broker"), BROKER, forgetful=forgetful)
    database = InfluxDb(require_program("influxd"), made(folder / "influx"))
    http_port = free_port()
    center = gateway(folder, broker.port, database.url, http_port, qos)
    agents = [agent(folder, broker.port, vehicle, receiver, qos) for vehicle, receiver in receivers.items()]
    return Installation(
        folder, Plug("broker", broker), Plug("database", database), Plug("gateway", center), agents, http_port
    )


@dataclass
class ForgetfulBroker(Mosquitto):
    """Half of the times that it starts it has lost its sessions and retained messages."""

    forgetful: Random = field(default_factory=Random)

    def start(self) -> None:
        if self.forgetful.random() < 0.5:
            self.forget_sessions()
        super().start()


def gateway(folder: Path, broker: int, influx: str, http: int, qos: int) -> Program:
    home = settings_file(folder / "gateway", GATEWAY, broker=broker, http=http, influx=influx, qos=qos)
    return Program([sys.executable, "-m", "milepost", "gateway", "--config", str(home)], home.parent / "log")


def agent(folder: Path, broker: int, vehicle: str, receiver: int, qos: int) -> Plug:
    home = settings_file(folder / vehicle, AGENT, vehicle=vehicle, broker=broker, receiver=receiver, qos=qos)
    command = [sys.executable, "-m", "tests.chaos.witness", str(home), str(home.parent / "witnessed")]
    return Plug(vehicle, Program(command, home.parent / "log"))


def settings_file(folder: Path, template: str, **values: object) -> Path:
    path = made(folder) / "settings.toml"
    path.write_text(template.format(folder=folder, **values))
    return path


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@dataclass
class Installation:
    """All parts, in the order in which one would start them."""

    folder: Path
    broker: Plug
    database: Plug
    gateway: Plug
    agents: list[Plug]
    http_port: int

    @property
    def plugs(self) -> list[Plug]:
        return [self.broker, self.database, self.gateway, *self.agents]

    async def start(self) -> None:
        for plug in self.plugs:
            plug.process.start()
        await eventually(listening(self.http_port), "the gateway listens", STARTS_WITHIN_S)

    def stop(self) -> None:
        for plug in reversed(self.plugs):
            plug.process.stop()

    def witnessed(self) -> dict[tuple[str, str, int], int]:
        """(vehicle, spool, number) → time of every position whose spool commit returned."""
        return {
            (plug.name, spool, number): time_ms
            for plug in self.agents
            for spool, number, time_ms in _lines(self.folder / plug.name / "witnessed")
        }

    def stored(self) -> list[tuple[str, str, int, int]]:
        """(vehicle, spool, number, time) of every row of the database, in no order."""
        server = self.database.process
        assert isinstance(server, InfluxDb)
        return [
            (series["tags"]["vehicle"], row[1], int(row[2]), row[0] // 1_000_000)
            for series in server.query('SELECT "spool", "seq", "lat" FROM "position" GROUP BY "vehicle"')
            for row in series["values"]
        ]


def _lines(witnessed: Path) -> list[tuple[str, int, int]]:
    """Whole lines only: the witness may have been killed while it wrote the last one."""
    if not witnessed.exists():
        return []
    whole = witnessed.read_text().rpartition("\n")[0].splitlines()
    return [(spool, int(number), int(time_ms)) for spool, number, time_ms in map(str.split, whole)]
