"""`milepost devices` and `milepost tokens`, as typed."""

import stat
from pathlib import Path

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from device.settings import DeviceSettings, SerialSettings
from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.tokens import TokenStore
from gateway.adapters.registry.vehicles import VehicleRegistry
from milepost.commands import devices, tokens
from milepost.errors import CommandError
from wire.names import VehicleKey

runner = CliRunner()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "ca.crt").write_text("the authority\n")
    path = tmp_path / "gateway.toml"
    path.write_text(
        f'data_dir = "{tmp_path}/data"\n[mqtt]\nhost = "broker.example"\nport = 8883\n'
        f'tls = true\ntls_ca_file = "{tmp_path}/ca.crt"\n'
    )
    return path


@pytest.fixture
def milepost(config: Path):
    app = typer.Typer()
    devices.register(app)
    tokens.register(app)

    def run(*arguments: str) -> str:
        result = runner.invoke(app, [*arguments, "--config", str(config)])
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


@pytest.fixture
def registry(config: Path):
    database = open_operations(config.parent / "data")
    yield VehicleRegistry(database, monotonic_s=lambda: 0.0)
    database.close()


def test_add_writes_files_that_an_agent_can_start_with(milepost, registry, tmp_path):
    out = tmp_path / "out"
    milepost("devices", "add", "van-1", "--out", str(out))
    text = (out / "device.toml").read_bytes()
    settings = msgspec.toml.decode(text, type=DeviceSettings, dec_hook=lambda kind, value: kind(value))
    assert (settings.vehicle, settings.fleet) == ("van-1", "main")
    assert isinstance(settings.source, SerialSettings)
    assert (settings.mqtt.host, settings.mqtt.port, settings.mqtt.tls) == ("broker.example", 8883, True)
    assert settings.mqtt.username == "van-1"
    assert settings.mqtt.tls_ca_file == Path("/etc/milepost/ca.crt")
    registry.refresh()
    assert registry.check_secret(VehicleKey("main", "van-1"), (out / "password").read_text().strip())
    assert (out / "ca.crt").read_text() == "the authority\n"
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_add_prints_the_password_once_and_what_the_broker_needs(milepost, registry):
    printed = milepost("devices", "add", "van-1", "--fleet", "north", "--broker-host", "mqtt.example")
    assert "north.van-1:$7$101$" in printed
    assert "topic write milepost/1/north/vehicle/van-1/positions" in printed
    assert 'host = "mqtt.example"' in printed
    registry.refresh()
    known = [line for line in printed.splitlines() if registry.check_secret(VehicleKey("north", "van-1"), line)]
    assert len(known) == 1


def test_a_directory_with_files_is_refused_before_anything_is_registered(milepost, registry, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "password").write_text("another vehicle's")
    with pytest.raises(CommandError, match="not empty"):
        milepost("devices", "add", "van-1", "--out", str(tmp_path / "out"))
    assert registry.registered() == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("devices", "add", "van 1"), "vehicle 'van 1' is not a name"),
        (("devices", "add", "van-1", "--fleet", "+"), "fleet '\\+' is not a name"),
        (("devices", "revoke", "nobody"), "main/nobody is not registered"),
        (("tokens", "revoke", "00000000"), "no valid token"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(milepost, arguments, words):
    with pytest.raises(CommandError, match=words):
        milepost(*arguments)


def test_list_and_revoke(milepost, registry):
    milepost("devices", "add", "van-1")
    milepost("devices", "add", "van-2")
    with pytest.raises(CommandError, match="registered already"):
        milepost("devices", "add", "van-2")
    assert "'van-1:'" in milepost("devices", "revoke", "van-1")
    rows = [line.split() for line in milepost("devices", "list").splitlines()[1:]]
    assert [(row[1], row[-1] == "-") for row in rows] == [("van-1", False), ("van-2", True)]
    registry.refresh()
    assert not registry.knows(VehicleKey("main", "van-1"))


def test_tokens_are_made_listed_and_revoked(milepost, registry, config):
    token = milepost("tokens", "add", "dashboard").strip()
    database = open_operations(config.parent / "data")
    store = TokenStore(database)
    assert store.check(token)
    listed = milepost("tokens", "list")
    assert "dashboard" in listed
    assert token not in listed
    milepost("tokens", "revoke", store.issued()[0].id)
    store.refresh()
    assert not store.check(token)
    database.close()


def test_a_missing_settings_file_is_named(tmp_path):
    app = typer.Typer()
    devices.register(app)
    result = runner.invoke(app, ["devices", "list", "--config", str(tmp_path / "none.toml")])
    assert isinstance(result.exception, CommandError)
    assert "none.toml" in str(result.exception)
