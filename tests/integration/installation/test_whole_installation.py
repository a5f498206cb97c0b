"""The installation of docker-compose.yml without its containers: the real broker, gateway and simulated fleet."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.tokens import TokenStore
from milepost.installation.first_start import Plan, prepare
from milepost.installation.places import Places
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.production_broker import CONFIG, production_text
from tests.fixtures.require import ROOT, free_port, require_program

VANS, SEEN = 4, 2
"""Some vans begin below ground, where they hear no satellite: the test needs two that do."""

DEADLINE_S = 40.0


class Installation:
    """What runs, and how to ask it."""

    def __init__(self, places: Places, broker: Mosquitto) -> None:
        self.places, self.broker, self.http = places, broker, free_port()
        self.config = places.root / "gateway.toml"
        self.config.write_text(self._settings())
        self.processes: list[subprocess.Popen[bytes]] = []
        database = open_operations(places.gateway_data)
        self.token = TokenStore(database).add("test", 0)
        database.close()

    def milepost(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "milepost", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    def start(self, *arguments: str) -> None:
        with (self.places.root / f"{arguments[0]}.log").open("wb") as log:
            command = [sys.executable, "-m", "milepost", *arguments]
            self.processes.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.terminate()
            process.wait(20)

    def get(self, path: str) -> dict:
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}")
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def wait_for(self, what: Callable[[], object]) -> object:
        deadline, said = time.monotonic() + DEADLINE_S, ""
        while time.monotonic() < deadline:
            try:
                said = found = what()
                if found:
                    return found
            except (urllib.error.URLError, OSError) as error:
                said = error
            time.sleep(0.2)
        logs = "\n".join(path.read_text() for path in self.places.root.glob("*.log"))
        pytest.fail(f"it did not come, but: {said}\n{logs[-4000:]}")

    def _settings(self) -> str:
        """Return the containers' settings with the paths and ports of this test, and no InfluxDB 2 at hand."""
        text = (ROOT / "config/compose/gateway.toml").read_text()
        for inside, outside in (
            ("/run/milepost", str(self.places.gateway)),
            ("/var/lib/milepost", str(self.places.gateway_data)),
            ('host = "mosquitto"\nport = 8883', f'host = "localhost"\nport = {self.broker.port}'),
            ('host = "0.0.0.0"\nport = 8080', f'host = "127.0.0.1"\nport = {self.http}'),
            ('kind = "influxdb2"\nurl = "http://influxdb:8086"', 'kind = "embedded"'),
        ):
            assert inside in text
            text = text.replace(inside, outside)
        return "\n".join(line for line in text.splitlines() if not line.startswith("token_file"))


@pytest.fixture
def installation(tmp_path: Path, make_mosquitto: Callable[..., Mosquitto]):
    require_program("openssl")
    places = Places(tmp_path / "installation")
    prepare(places, Plan(["localhost", "127.0.0.1"], vans=VANS, acl=CONFIG / "acl", database_url=None))
    broker = make_mosquitto(production_text(), places.broker)
    for settings in places.fleet.glob("*/device.toml"):
        settings.write_text(settings.read_text().replace("port = 8883", f"port = {broker.port}"))
    made = Installation(places, broker)
    yield made
    made.stop()


@pytest.mark.heavy
def test_the_fleet_reaches_the_map_and_the_doctor_finds_it_well(installation):
    """Through TLS and the ACL; then a vehicle is revoked, and within seconds no gateway answers it any more."""
    places = installation.places
    installation.start("gateway", "--config", str(installation.config))
    installation.start("simulate", "--vehicles", str(places.fleet), "--data", str(places.fleet_data))
    listed = installation.wait_for(lambda: _when_enough(installation.get("/api/v1/vehicles")["vehicles"]))
    revoked, kept = (vehicle["vehicle"] for vehicle in listed[:SEEN])

    findings = _examined(installation, revoked)
    assert {finding["area"] for finding in findings if finding["verdict"] == "problem"} == set()
    assert {finding["verdict"] for finding in findings if finding["area"] == "broker"} == {"ok"}
    assert any("the whole way there and back works" in finding["meaning"] for finding in findings)

    done = installation.milepost("devices", "revoke", revoked, "--config", str(installation.config))
    assert done.returncode == 0, done.stderr
    installation.wait_for(lambda: installation.get("/api/v1/quarantine")["counts"].get("unknown_vehicle"))
    meanings = [finding["meaning"] for finding in _examined(installation, revoked)]
    assert f"no gateway answered main/{revoked}" in meanings
    meanings = [finding["meaning"] for finding in _examined(installation, kept)]
    assert any("the whole way there and back works" in meaning for meaning in meanings)


def _when_enough(vehicles: list[dict]) -> list[dict]:
    online = [vehicle for vehicle in vehicles if vehicle.get("online")]
    return online if len(online) >= SEEN else []


def _examined(installation: Installation, van: str) -> list[dict]:
    password = installation.places.fleet / van / "password"
    broker = installation.broker.directory / "mosquitto.conf"
    options = ("--vehicle", van, "--password-file", str(password), "--broker-config", str(broker), "--json")
    done = installation.milepost("doctor", "--config", str(installation.config), *options)
    return json.loads(done.stdout)["findings"]
