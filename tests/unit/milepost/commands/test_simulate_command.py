from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from device.settings import DeviceSettings
from device.simulator.coverage import Coverage
from device.simulator.fleet import FleetPlan
from device.simulator.leg import Moment
from device.simulator.receiver import NoFix
from device.simulator.streets import Point
from device.simulator.van import Epoch
from milepost.commands import simulate
from milepost.errors import CommandError


@pytest.fixture
def ran(monkeypatch) -> list[tuple[list[DeviceSettings], FleetPlan]]:
    """What the command would have run."""
    runs = []

    async def run(settings, plan, clock):
        runs.append((settings, plan))

    monkeypatch.setattr(simulate, "_run", run)
    return runs


def call(*arguments: str):
    app = typer.Typer()
    simulate.register(app)
    return CliRunner().invoke(app, arguments, catch_exceptions=True)


def test_each_van_has_a_name_and_a_spool_of_its_own(ran, tmp_path):
    call("--vans", "3", "--broker", "broker.example:1884", "--fleet", "north", "--data", str(tmp_path))
    ((settings, _),) = ran
    assert [van.vehicle for van in settings] == ["van-01", "van-02", "van-03"]
    assert {van.fleet for van in settings} == {"north"}
    assert {van.data_dir for van in settings} == {tmp_path / van.vehicle for van in settings}
    assert {(van.mqtt.host, van.mqtt.port, van.mqtt.tls) for van in settings} == {("broker.example", 1884, False)}


def test_with_an_authority_it_speaks_tls_on_the_usual_port(ran, tmp_path):
    call("--broker", "broker.example", "--tls-ca-file", str(tmp_path / "ca.crt"))
    mqtt = ran[0][0][0].mqtt
    assert (mqtt.port, mqtt.tls, mqtt.tls_ca_file) == (8883, True, tmp_path / "ca.crt")


def test_registered_vehicles_come_with_their_own_secrets(ran, tmp_path):
    vehicle = tmp_path / "vehicles" / "first"
    vehicle.mkdir(parents=True)
    (vehicle / "device.toml").write_text(
        'vehicle = "v7"\nfleet = "south"\n'
        '[mqtt]\nhost = "b"\nusername = "south.v7"\npassword_file = "/etc/milepost/password"\n'
    )
    (vehicle / "password").write_text("secret\n")
    call("--vehicles", str(vehicle.parent), "--data", str(tmp_path / "spools"))
    (settings,) = ran[0][0]
    assert (settings.vehicle, settings.fleet, settings.mqtt.username) == ("v7", "south", "south.v7")
    assert settings.mqtt.password_file == vehicle / "password"
    assert settings.data_dir == tmp_path / "spools" / "south" / "v7"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--broker", "host:port"], "HOST:PORT"),
        (["--dwell", "long"], "FROM-TO"),
        (["--dwell", "60-30"], "does not rise"),
        (["--vehicles", "/nowhere"], "devices add"),
    ],
)
def test_a_wrong_option_is_one_clear_line(ran, arguments, says):
    result = call(*arguments)
    assert isinstance(result.exception, CommandError)
    assert says in str(result.exception)
    assert not ran


def test_the_progress_line_counts_the_fleet():
    progress = simulate.Progress()
    truth = Moment(Point(0, 0), 8.0, 0.0, 10.0, tunnel=False)
    for number, (speed, coverage) in enumerate([(8.0, "connected"), (0.0, "dead zone"), (5.0, "below ground")]):
        epoch = Epoch(1_732_375_000_000, truth._replace(speed_mps=speed), NoFix(0), b"", Coverage(coverage))
        progress.note(f"van-{number}", epoch)
    assert progress.line() == "15:16:40Z  2 driving, 1 standing, 1 in a dead zone, 1 below ground"


def test_spools_of_a_simulation_go_with_it(ran):
    call("--vans", "1")
    assert not Path(ran[0][0][0].data_dir).parent.exists()
