"""The whole gateway as a process: from the broker to the API, over restarts, and when something is away."""

import base64
import json
import signal
import time

import pytest

from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.vehicles import VehicleRegistry
from tests.fixtures.gateway import SETTINGS, Gateway
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.mqtt_client import Client, Login
from tests.fixtures.require import require_program
from tests.fixtures.waiting import until
from wire.names import VehicleKey

TOPIC = "milepost/1/main/vehicle/{}/positions"
VAN = "/api/v1/vehicles/van"


def envelope(seq, *positions, after=None, spool="abc"):
    sent = int(time.time() * 1000)
    frame = {"v": 1, "spool": spool, "after": seq - 1 if after is None else after, "seq": seq, "sent": sent}
    return json.dumps({**frame, "positions": list(positions)}).encode()


def fix(lat=60.1, age_ms=0, speed=9.0):
    return {"time": int(time.time() * 1000) - age_ms, "lat": lat, "lon": 24.9, "speed": speed, "accuracy": 4.0}


@pytest.fixture
def gateway(make_gateway, mosquitto):
    return make_gateway(mosquitto.port).start_ready()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One gateway for all tests that leave it as it is; each has a vehicle of its own."""
    broker = Mosquitto(require_program("mosquitto"), tmp_path_factory.mktemp("broker"), ANONYMOUS)
    broker.start()
    running = Gateway(tmp_path_factory.mktemp("shared"), broker.port)
    try:
        yield running.start_ready()
    finally:
        running.kill()
        broker.kill()


def publish(gateway, payload, vehicle="van"):
    client = Client(Login(gateway.broker_port)).connect()
    client.publish(TOPIC.format(vehicle), payload)
    client.close()


def ready(gateway):
    return json.loads(gateway.request("/readyz")[1])


def known(gateway, path=VAN):
    status, body = gateway.request(path)
    return json.loads(body) if status == 200 else None


def test_a_published_position_is_live_streamed_and_in_the_track(shared):
    with shared.live() as stream:
        stream.event_named("snapshot")
        sent = fix()
        publish(shared, envelope(1, sent), "seen")
        (vehicle,) = stream.event_named("vehicles")["vehicles"]
    assert (vehicle["vehicle"], vehicle["time"], vehicle["state"]) == ("seen", sent["time"], "moving")
    assert shared.get("/api/v1/vehicles/seen") == vehicle
    assert vehicle in shared.get("/api/v1/vehicles")["vehicles"]
    track = until(lambda: shared.get("/api/v1/vehicles/seen/track")["positions"], "the track has the position")
    assert [(point["time"], point["lat"], point["spool"], point["seq"]) for point in track] == [
        (sent["time"], 60.1, "abc", 1)
    ]


def test_the_addresses_and_the_token_are_shown_at_the_first_start_alone(gateway):
    console, api, token = gateway.said
    assert console == f"console http://127.0.0.1:{gateway.port}/#token={gateway.token}"
    assert api.split() == ["api", f"http://127.0.0.1:{gateway.port}/api/v1"]
    assert token.split()[1] == gateway.token
    first = gateway.token
    assert gateway.stop() == 0
    gateway.start()
    assert not any(first in line for line in gateway.said)
    gateway.get("/api/v1/vehicles")
    assert all(first.encode() not in file.read_bytes() for file in (gateway.directory / "data").iterdir())
    assert first not in gateway.log


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_in_order_and_the_streams_with_it(gateway, mosquitto, how):
    watcher = Client(Login(mosquitto.port)).connect()
    watcher.subscribe("milepost/1/main/gateway/gateway-1/status")
    with gateway.live() as stream:
        stream.event_named("snapshot")
        assert gateway.stop(how) == 0
        assert "snapshot" not in [name for name, _ in stream.rest()]
    until(lambda: watcher.received and b'"offline"' in watcher.received[-1][1], "it said that it is offline")
    watcher.close()
    assert "Traceback" not in gateway.log


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_the_live_state_survives_a_restart(gateway, ending):
    drive = [fix(60.1 + step * 1e-3, age_ms=(10 - step) * 10_000) for step in range(10)]
    publish(gateway, envelope(1, *drive))
    before = until(lambda: known(gateway), "the van is known")
    assert before["odometer_m"] == pytest.approx(1_000, rel=0.01)
    getattr(gateway, ending)()
    gateway.start()
    assert until(lambda: known(gateway), "the van is known again") == before


def test_a_journal_that_was_moved_away_holds_up_nobody(gateway):
    publish(gateway, envelope(1, *[fix(age_ms=5_000 - step) for step in range(50)]))
    publish(gateway, envelope(51, fix(age_ms=4_000)))
    until(lambda: len(gateway.get(f"{VAN}/track")["positions"]) == 51, "the track has all positions")
    gateway.stop()
    for file in (gateway.directory / "data").glob("journal.db*"):
        file.unlink()
    gateway.start_ready()
    newest = fix()
    publish(gateway, envelope(1, newest, spool="new"))
    until(lambda: known(gateway)["time"] == newest["time"], "the live state goes on")
    until(lambda: len(gateway.get(f"{VAN}/track")["positions"]) == 52, "the track goes on")
    assert "the journal is older" in gateway.log


def test_readyz_says_which_part_is_down_and_recovers(gateway, mosquitto):
    mosquitto.stop()
    down = until(lambda: not (answer := ready(gateway))["ready"] and answer, "the gateway is not ready")
    assert gateway.request("/readyz")[0] == 503
    assert down["broker"]["state"] != "connected"
    assert (down["journal"]["state"], down["store"]["state"]) == ("ready", "idle")
    assert gateway.request("/healthz")[0] == 200
    mosquitto.start()
    until(lambda: ready(gateway)["ready"], "the gateway is ready again")


def test_it_starts_without_the_broker_and_finds_it_later(make_gateway, make_mosquitto):
    broker = make_mosquitto()
    broker.stop()
    gateway = make_gateway(broker.port).start()
    assert not ready(gateway)["ready"]
    broker.start()
    until(lambda: ready(gateway)["ready"], "the gateway is ready")


def test_positions_over_http_are_answered_after_the_commit(make_gateway, mosquitto):
    gateway = make_gateway(mosquitto.port, settings=SETTINGS.replace("open_registration = true", "")).start()
    secret = register(gateway)
    login = "Basic " + base64.b64encode(f"van:{secret}".encode()).decode()

    def post(body):
        return gateway.request("/api/v1/positions", "POST", body, Authorization=login)

    status, body = until(lambda: (got := post(envelope(1, fix())))[0] != 401 and got, "the vehicle is known")
    assert (status, json.loads(body)) == (200, {"v": 1, "spool": "abc", "seq": 1})
    assert json.loads(post(envelope(9, fix()))[1])["gap"] is True
    assert post(b"{nonsense")[0] == 400
    assert until(lambda: known(gateway), "the van is known")["vehicle"] == "van"


def register(gateway):
    database = open_operations(gateway.directory / "data")
    try:
        return VehicleRegistry(database).add(VehicleKey("main", "van"), 1)
    finally:
        database.close()


def test_what_is_rejected_is_in_the_quarantine(shared):
    publish(shared, b"nonsense")
    page = until(lambda: (got := shared.get("/api/v1/quarantine"))["items"] and got, "the message is quarantined")
    (item,) = page["items"]
    assert page["counts"] == {item["reason"]: 1}
    assert shared.get(f"/api/v1/quarantine/{item['id']}")["body"] == "nonsense"


def test_the_metrics_count_what_happened(shared):
    before = numbers(shared)
    publish(shared, envelope(1, fix(), fix()), "counted")
    counted = ("milepost_received_positions_total", "milepost_written_positions_total")
    until(lambda: all(numbers(shared)[name] == before[name] + 2 for name in counted), "both are counted")
    assert before['milepost_ready{part="broker"}'] == 1.0
    assert before["process_resident_memory_bytes"] > 1e7


def numbers(gateway):
    lines = gateway.request("/metrics")[1].decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}


def failed(gateway):
    """Launch, wait for the end, and return the one line that was said."""
    process = gateway.launch()
    assert process.wait(20) == 1
    (line,) = gateway.log.strip().splitlines()
    return line


def test_a_taken_port_is_said_in_a_line(shared, make_gateway):
    other = make_gateway(shared.broker_port, port=shared.port)
    assert failed(other) == (
        f"milepost: port {shared.port} of 127.0.0.1 is in use: "
        "stop the other program, or set another `port` under [http]"
    )


def test_a_data_directory_in_use_is_said_in_a_line(shared, make_gateway):
    other = make_gateway(shared.broker_port, settings=f'data_dir = "{shared.directory / "data"}"\n{SETTINGS}')
    assert "journal" in failed(other)


def test_a_wrong_option_is_said_in_a_line(make_gateway):
    assert "unknown field `prot`" in failed(make_gateway(1, settings="[http]\nprot = {http}\n# {broker}"))


def test_the_next_port_is_taken_if_a_search_is_allowed(shared, make_gateway):
    settings = SETTINGS.replace("port = {http}", "port = {http}\nport_search = 50")
    other = make_gateway(shared.broker_port, port=shared.port, settings=settings).start()
    assert int(other.said[0].split(":")[2].split("/")[0]) > shared.port
