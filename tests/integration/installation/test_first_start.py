"""The first start of the containers, run for real, and the real broker with what it made."""

import os
import re
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from device.settings import DeviceSettings
from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.settings import load
from milepost.installation import authority as authority_module
from milepost.installation.authority import Authority
from milepost.installation.first_start import GATEWAY_USER, Plan, prepare
from milepost.installation.places import Places
from tests.fixtures.mqtt_client import Login
from tests.fixtures.production_broker import CONFIG, production_text
from tests.fixtures.require import ROOT, require_program
from wire.names import VehicleKey
from wire.topics import Channel, Topics

TOPICS = Topics()
PLAN = Plan(["mosquitto", "localhost", "127.0.0.1"], vans=2, acl=CONFIG / "acl", database_url=None)
INSIDE = {"/run/milepost": "gateway", "/var/lib/milepost": "gateway-data"}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    require_program("openssl")
    made = Places(tmp_path / "installation")
    prepare(made, PLAN)
    return made


@pytest.fixture
def start_broker(make_mosquitto):
    return lambda places: make_mosquitto(production_text(), places.broker)


def contents(places: Places, *leave_out: str) -> dict[str, bytes]:
    files = (path for path in places.root.rglob("*") if path.is_file())
    return {str(path.relative_to(places.root)): path.read_bytes() for path in files if path.name not in leave_out}


def gateway_login(places: Places, port: int) -> Login:
    password = (places.gateway / "broker-password").read_text().strip()
    return Login(port, GATEWAY_USER, password, places.gateway / "ca.crt")


def van_login(places: Places, van: str, port: int) -> Login:
    folder = places.fleet / van
    return Login(port, van, (folder / "password").read_text().strip(), folder / "ca.crt")


def test_everybody_can_log_in_at_the_real_broker_and_the_way_is_open(places, start_broker, mqtt_client):
    broker = start_broker(places)
    gateway = mqtt_client(gateway_login(places, broker.port))
    van = mqtt_client(van_login(places, "van-02", broker.port))
    key = VehicleKey("main", "van-02")
    gateway.subscribe(TOPICS.any_vehicle(Channel.POSITIONS))
    van.subscribe(TOPICS.vehicle(key, Channel.ACK))
    assert van.publish(TOPICS.vehicle(key, Channel.POSITIONS)) == "Success"
    assert gateway.publish(TOPICS.vehicle(key, Channel.ACK)) == "Success"
    gateway.wait_for(1)
    van.wait_for(1)


def test_the_gateways_registry_knows_the_vans_by_their_passwords(places):
    database = open_operations(places.gateway_data)
    registry = VehicleRegistry(database)
    for van in ("van-01", "van-02"):
        assert registry.check_secret(VehicleKey("main", van), (places.fleet / van / "password").read_text().strip())
    assert len(registry.registered()) == 2
    database.close()


def test_the_containers_settings_find_what_was_made(places, tmp_path):
    text = (ROOT / "config/compose/gateway.toml").read_text()
    for inside, outside in INSIDE.items():
        assert inside in text
        text = text.replace(inside, str(places.root / outside))
    (tmp_path / "gateway.toml").write_text(text)
    settings = load(tmp_path / "gateway.toml")
    assert settings.mqtt.username == GATEWAY_USER
    assert settings.mqtt.password_file.is_file()
    assert settings.mqtt.tls_ca_file.is_file()
    assert settings.telemetry.token_file == places.gateway / "influxdb-token"


def test_the_vans_settings_name_the_broker_as_the_containers_do(places):
    text = (places.fleet / "van-01" / "device.toml").read_bytes()
    settings = msgspec.toml.decode(text, type=DeviceSettings, dec_hook=lambda kind, value: kind(value))
    assert (settings.vehicle, settings.mqtt.host, settings.mqtt.port, settings.mqtt.tls) == (
        "van-01",
        "mosquitto",
        8883,
        True,
    )


def test_nobody_else_can_read_any_of_it(places):
    for path in places.root.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    secrets = [path for path in places.root.rglob("*") if re.search("password|token|[.]key", path.name)]
    assert len(secrets) >= 8
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_each_folder_belongs_to_its_containers_user(places):
    for folder, user in places.owners().items():
        assert {path.stat().st_uid for path in (folder, *folder.rglob("*"))} == {user}


def test_no_secret_is_anothers_too(places):
    secrets = [(path.read_text().strip()) for path in places.root.rglob("*password") if path.is_file()]
    assert len(set(secrets)) == len(secrets) == 4
    assert all(len(secret) >= 32 for secret in secrets)


def test_a_second_start_changes_nothing_that_anybody_holds(places, start_broker, mqtt_client):
    before = contents(places, "passwords", "operations.db", "operations.db-wal", "operations.db-shm")
    prepare(places, PLAN)
    assert contents(places, "passwords", "operations.db", "operations.db-wal", "operations.db-shm") == before
    broker = start_broker(places)
    assert mqtt_client(gateway_login(places, broker.port)).connect_answer == "Success"
    assert mqtt_client(van_login(places, "van-01", broker.port)).connect_answer == "Success"


def test_a_user_added_later_stays(places):
    with (places.broker / "passwords").open("a") as passwords:
        passwords.write("another:$7$101$x$y\n")
    prepare(places, PLAN)
    users = [line.partition(":")[0] for line in (places.broker / "passwords").read_text().splitlines()]
    assert sorted(users) == sorted([GATEWAY_USER, "van-01", "van-02", "another"])


def test_a_start_that_was_cut_off_is_resumed(places, start_broker, mqtt_client):
    """Registered, but its files are not whole: the secret is lost, so it is given a new one."""
    (places.fleet / "van-01" / "mosquitto-passwords").unlink()
    prepare(places, PLAN)
    broker = start_broker(places)
    assert mqtt_client(van_login(places, "van-01", broker.port)).connect_answer == "Success"


def test_more_vans_at_a_later_start(places):
    prepare(places, Plan(PLAN.broker_names, vans=3, acl=PLAN.acl, database_url=None))
    assert sorted(path.name for path in places.fleet.iterdir()) == ["van-01", "van-02", "van-03"]


def test_the_certificate_names_the_broker_and_is_checked(places):
    text = subprocess.run(
        ["openssl", "x509", "-in", places.broker / "server.crt", "-noout", "-ext", "subjectAltName"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "DNS:mosquitto, DNS:localhost, IP Address:127.0.0.1" in text
    context = ssl.create_default_context(cafile=str(places.gateway / "ca.crt"))
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_certificate_is_renewed_before_it_expires_and_the_authority_stays(tmp_path, monkeypatch):
    authority, server = Authority(tmp_path / "ca"), tmp_path / "server"
    authority.folder.mkdir()
    server.mkdir()
    authority.found()
    monkeypatch.setattr(authority_module, "SERVER_DAYS", 30)
    authority.certify_server(server, ["localhost"])
    first = (server / "server.crt").read_bytes(), authority.certificate.read_bytes()
    monkeypatch.setattr(authority_module, "SERVER_DAYS", 397)
    authority.found()
    authority.certify_server(server, ["localhost"])
    second = (server / "server.crt").read_bytes(), authority.certificate.read_bytes()
    assert first[0] != second[0]
    assert first[1] == second[1]
    authority.certify_server(server, ["localhost"])
    assert (server / "server.crt").read_bytes() == second[0]


def test_as_the_container_runs_it(tmp_path):
    environment = os.environ | {"MILEPOST_ROOT": str(tmp_path / "i"), "MILEPOST_VANS": "1"}
    environment["MILEPOST_ACL"] = str(CONFIG / "acl")
    environment.pop("MILEPOST_INFLUXDB_URL", None)
    command = [sys.executable, "-m", "milepost.installation"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "i/fleet/van-01/device.toml").is_file()
    environment["MILEPOST_ACL"] = "/nowhere/acl"
    failed = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert failed.returncode == 1
    assert failed.stderr.startswith("first start: ")
    assert len(failed.stderr.splitlines()) == 1
