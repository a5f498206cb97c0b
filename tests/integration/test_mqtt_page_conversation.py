"""What `docs/mqtt.md` says under "Try it" happens: with a real broker and the gateway as its users start it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.gateway import Gateway
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.mqtt_client import Client, Login
from tests.fixtures.mqtt_page import conversation, owntracks_message, settings
from tests.fixtures.require import free_port
from tests.fixtures.waiting import until


@pytest.fixture
def gateway(mosquitto: Mosquitto, tmp_path: Path):
    text = settings().replace("18830", "{broker}") + "[http]\nport = {http}\n[telemetry]\nlinger_s = 0.05\n"
    started = Gateway(tmp_path, mosquitto.port, settings=text, port=free_port()).start_ready()
    yield started
    started.kill()


def test_the_conversation_goes_as_the_page_shows(
    mosquitto: Mosquitto, gateway: Gateway, mqtt_client: Callable[..., Client]
):
    client = mqtt_client(Login(mosquitto.port))
    client.subscribe("milepost/1/main/vehicle/+/ack")
    for count, (topic, payload, answer) in enumerate(conversation(), 1):
        client.publish(topic, payload)
        heard = client.wait_for(count)
        assert heard[-1] == (topic.replace("/positions", "/ack"), answer)
    phone = owntracks_message()
    client.publish(phone.topic, phone.payload)
    until(lambda: reporting(gateway) == {"van-77", "van-78"}, "both vehicles are known")
    assert gateway.get("/api/v1/quarantine")["counts"] == {"null_island": 1, "unknown_version": 1}


def reporting(gateway: Gateway) -> set[str]:
    return {vehicle["vehicle"] for vehicle in gateway.get("/api/v1/vehicles")["vehicles"]}
