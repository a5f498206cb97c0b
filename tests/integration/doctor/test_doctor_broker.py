"""`milepost doctor` against real brokers, well and badly set up."""

import asyncio
import threading
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from gateway.doctor.examination import Extras, examine
from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.probes import mqtt
from gateway.settings import GatewaySettings, MqttProtocol, MqttSettings
from tests.fixtures.mosquitto import ANONYMOUS
from tests.fixtures.production_broker import (
    CONFIG,
    GATEWAY_USER,
    ProductionBroker,
    lay_out,
    production_text,
    with_client_certificates,
)
from tests.fixtures.require import free_port
from wire.codec import decode_envelope, encode
from wire.messages import VERSION, Watermark
from wire.names import VehicleKey
from wire.topics import Channel, Topics

VAN = VehicleKey("main", "van-1")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """What must not come is waited for a second, not five."""
    monkeypatch.setattr(mqtt, "ANSWER_S", 1.0)


@pytest.fixture
def settings(production_broker: ProductionBroker, tmp_path: Path) -> MqttSettings:
    password = tmp_path / "gateway-password"
    password.touch(mode=0o600)
    password.write_text(production_broker.passwords[GATEWAY_USER] + "\n")
    return MqttSettings(
        host="localhost",
        port=production_broker.port,
        username=GATEWAY_USER,
        password_file=password,
        tls=True,
        tls_ca_file=production_broker.authority.certificate,
    )


def look(mqtt_settings: MqttSettings, tmp_path: Path, extras: Extras | None = None) -> list[Finding]:
    settings = GatewaySettings(mqtt=mqtt_settings, data_dir=tmp_path)
    findings = asyncio.run(examine(settings, extras or Extras()))
    return [finding for finding in findings if finding.area is Area.BROKER]


def as_van_1(broker: ProductionBroker) -> Extras:
    return Extras(VAN, broker.passwords["van-1"], CONFIG / "mosquitto.conf")


def problems(findings: list[Finding]) -> list[str]:
    return [finding.meaning for finding in findings if finding.verdict is Verdict.PROBLEM]


def not_well(findings: list[Finding]) -> list[str]:
    return [finding.meaning for finding in findings if finding.verdict is not Verdict.OK]


def changed(settings: MqttSettings, **values) -> MqttSettings:
    return MqttSettings(**{name: getattr(settings, name) for name in settings.__struct_fields__} | values)


@pytest.fixture
def answering_gateway(production_broker):
    """Answers each question, as the gateway does."""
    topics, ready = Topics(), threading.Event()

    def answer(client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        question = decode_envelope(bytes(message.payload))
        key = topics.parse_vehicle(message.topic).key
        client.publish(topics.vehicle(key, Channel.ACK), encode(Watermark(v=VERSION, spool=question.spool, seq=0)))

    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(GATEWAY_USER, production_broker.passwords[GATEWAY_USER])
    client.tls_set(str(production_broker.authority.certificate))
    client.on_message = answer
    client.on_connect = lambda c, *_: c.subscribe(topics.any_vehicle(Channel.POSITIONS))
    client.on_subscribe = lambda *_: ready.set()
    client.connect("127.0.0.1", production_broker.port)
    client.loop_start()
    assert ready.wait(5)
    yield
    client.disconnect()
    client.loop_stop()


def test_the_production_broker_is_well_in_everything(settings, production_broker, answering_gateway, tmp_path):
    findings = look(settings, tmp_path, as_van_1(production_broker))
    assert not_well(findings) == []
    assert len(findings) >= 12


def test_without_a_gateway_that_is_said_and_is_no_problem(settings, production_broker, tmp_path):
    assert not_well(look(settings, tmp_path, as_van_1(production_broker))) == ["no gateway answered main/van-1"]


def test_it_leaves_nothing_behind(settings, production_broker, tmp_path, mqtt_client):
    look(settings, tmp_path, as_van_1(production_broker))
    later = mqtt_client(production_broker.gateway())
    later.subscribe("milepost/#")
    assert later.publish(Topics().gateway_status("main", "gateway-1"), b"marker") == "Success"
    later.wait_for(1)
    assert [payload for _, payload in later.received] == [b"marker"], "something was retained"


def test_a_wildcard_in_the_acl_is_found(settings, production_broker, tmp_path):
    with (production_broker.broker.directory / "acl").open("a") as acl:
        acl.write("\npattern readwrite milepost/1/main/vehicle/%u/#\n")
    restart(production_broker)
    assert problems(look(settings, tmp_path, as_van_1(production_broker))) == [
        "main/van-1 can forge its own acknowledgement, and so lose positions"
    ]


def test_a_broker_without_an_acl_is_found(settings, production_broker, tmp_path):
    production_broker.broker.config = production_broker.broker.config.replace("acl_file", "#acl_file")
    restart(production_broker)
    assert problems(look(settings, tmp_path, as_van_1(production_broker))) == [
        "main/van-1 can forge its own acknowledgement, and so lose positions",
        "main/van-1 can send positions in another vehicle's name",
        "main/van-1 can read what is sent to other vehicles",
    ]


def test_an_acl_that_forgets_vehicle_and_gateway_is_found(settings, production_broker, tmp_path):
    (production_broker.broker.directory / "acl").write_text("topic read nothing\n")
    restart(production_broker)
    assert problems(look(settings, tmp_path, as_van_1(production_broker))) == [
        "the gateway may not write acknowledgements: vehicles keep and repeat everything for ever",
        "main/van-1 may not send its own positions",
    ]


def test_an_open_broker_is_found(make_mosquitto, tmp_path):
    broker = make_mosquitto(ANONYMOUS)
    [problem] = problems(look(MqttSettings(port=broker.port), tmp_path))
    assert problem.startswith("anybody can log in without a name")


def test_a_broker_that_takes_too_small_packets_is_found(settings, production_broker, tmp_path):
    config = production_broker.broker.config
    production_broker.broker.config = config.replace("max_packet_size 66560", "max_packet_size 20000")
    restart(production_broker)
    [problem] = problems(look(settings, tmp_path))
    assert "20000 bytes" in problem


def test_a_wrong_password_is_named(settings, production_broker, tmp_path):
    settings.password_file.write_text("wrong")
    [problem] = problems(look(settings, tmp_path))
    assert problem == "the gateway cannot log in, refused: Not authorized"


def test_a_vehicles_wrong_password_is_named(settings, production_broker, tmp_path):
    extras = Extras(VAN, "wrong", CONFIG / "mosquitto.conf")
    assert problems(look(settings, tmp_path, extras)) == ["main/van-1 cannot log in, refused: Not authorized"]


def test_a_broker_that_is_not_there_is_named(settings, tmp_path):
    [problem] = problems(look(changed(settings, port=free_port()), tmp_path))
    assert problem == "the gateway cannot log in, unreachable: Connection refused"


def test_another_authoritys_certificate_is_named(settings, tmp_path, authority):
    stranger = type(authority)(authority.openssl, tmp_path)
    stranger.found()
    [problem] = problems(look(changed(settings, tls_ca_file=stranger.certificate), tmp_path))
    assert "tls_failed" in problem
    assert "certificate verify failed" in problem


def test_speaking_plainly_to_a_tls_port_is_named(settings, tmp_path):
    [problem] = problems(look(changed(settings, tls=False, tls_ca_file=None), tmp_path))
    assert problem.startswith("the gateway cannot log in, unanswered")


def test_over_mqtt_3_1_1_what_is_not_told_is_not_guessed(settings, production_broker, tmp_path):
    older = changed(settings, protocol=MqttProtocol.MQTT_3_1_1)
    findings = look(older, tmp_path, as_van_1(production_broker))
    assert problems(findings) == []
    assert any("acknowledges what it drops" in meaning for meaning in not_well(findings))


def test_client_certificates_are_used(make_mosquitto, authority, tmp_path):
    lay_out(tmp_path, authority)
    broker = make_mosquitto(with_client_certificates(production_text()), tmp_path)
    certificate, key = authority.issue(GATEWAY_USER)
    settings = MqttSettings(
        host="localhost",
        port=broker.port,
        tls=True,
        tls_ca_file=authority.certificate,
        tls_cert_file=certificate,
        tls_key_file=key,
    )
    assert problems(look(settings, tmp_path)) == []


def restart(broker: ProductionBroker) -> None:
    broker.broker.kill()
    broker.broker.start()
