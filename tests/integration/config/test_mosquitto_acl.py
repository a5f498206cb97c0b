"""`config/mosquitto` as it ships, in the real broker: who may do what."""

import socket
import ssl
import subprocess

import pytest

from gateway.enrolment.broker import acl_lines, broker_user
from tests.fixtures.mqtt_client import Login, Refused
from tests.fixtures.production_broker import (
    GATEWAY_USER,
    lay_out,
    production_text,
    with_client_certificates,
)
from tests.fixtures.require import require_program
from wire.messages import MAX_PAYLOAD_BYTES
from wire.names import VehicleKey
from wire.topics import WRITTEN_BY_VEHICLE, Channel, Topics

TOPICS = Topics()
VAN_1, VAN_2 = VehicleKey("main", "van-1"), VehicleKey("main", "van-2")
GRANTED, DENIED = ("Success", "No matching subscribers"), "Not authorized"
WRITTEN_BY_GATEWAY = (Channel.ACK,)
HEARD_BY_GATEWAY = (Channel.POSITIONS, Channel.EVENTS, Channel.STATUS)


@pytest.fixture
def van_1(production_broker, mqtt_client):
    return mqtt_client(production_broker.vehicle("van-1"))


@pytest.fixture
def gateway(production_broker, mqtt_client):
    return mqtt_client(production_broker.gateway())


@pytest.mark.parametrize("channel", Channel)
def test_a_vehicle_writes_its_own_channels_and_no_other(production_broker, try_publish, channel):
    answer = try_publish(production_broker.vehicle("van-1"), TOPICS.vehicle(VAN_1, channel))
    assert (answer in GRANTED) == (channel in WRITTEN_BY_VEHICLE), answer
    if channel not in WRITTEN_BY_VEHICLE:
        assert answer == DENIED


def test_a_vehicle_writes_nothing_elsewhere(production_broker, try_publish):
    van = production_broker.vehicle("van-1")
    elsewhere = [
        *(TOPICS.vehicle(VAN_2, channel) for channel in Channel),
        *(TOPICS.vehicle(VehicleKey("north", "van-1"), channel) for channel in Channel),
        TOPICS.vehicle(VAN_1, Channel.POSITIONS) + "/more",
        TOPICS.gateway_status("main", "gateway-1"),
        "owntracks/van-1/phone",
        "$SYS/broker/version",
        "anything",
    ]
    assert {topic: try_publish(van, topic) for topic in elsewhere} == dict.fromkeys(elsewhere, DENIED)


def test_a_refused_publish_leaves_the_connection_standing(van_1):
    for _ in range(3):
        assert van_1.publish(TOPICS.vehicle(VAN_2, Channel.POSITIONS)) == DENIED
    assert van_1.publish(TOPICS.vehicle(VAN_1, Channel.POSITIONS)) in GRANTED
    assert van_1.connections == 1


def test_a_vehicle_hears_its_own_answers_and_the_gateways_state_and_no_more(
    production_broker, van_1, gateway, mqtt_client
):
    van_2 = mqtt_client(production_broker.vehicle("van-2"))
    for everything in ("#", "$SYS/#", TOPICS.vehicle(VAN_2, Channel.ACK)):
        van_1.subscribe(everything)
    for channel in WRITTEN_BY_VEHICLE:
        assert van_2.publish(TOPICS.vehicle(VAN_2, channel)) in GRANTED
        assert van_1.publish(TOPICS.vehicle(VAN_1, channel)) in GRANTED
    assert gateway.publish(TOPICS.vehicle(VAN_2, Channel.ACK)) in GRANTED
    status = TOPICS.gateway_status("main", "gateway-1")
    assert gateway.publish(status) in GRANTED
    assert gateway.publish(TOPICS.vehicle(VAN_1, Channel.ACK), b"last") in GRANTED
    # The broker keeps the order of one publisher to one subscriber: before the last one came all that would come.
    van_1.wait_for(2)
    assert [topic for topic, _ in van_1.received] == [status, TOPICS.vehicle(VAN_1, Channel.ACK)]


def test_the_gateway_hears_every_vehicle_and_answers_each(production_broker, van_1, gateway, mqtt_client):
    van_1.subscribe(TOPICS.vehicle(VAN_1, Channel.ACK))
    for channel in HEARD_BY_GATEWAY:
        gateway.subscribe(TOPICS.any_vehicle(channel))
        assert van_1.publish(TOPICS.vehicle(VAN_1, channel)) == "Success"
    gateway.wait_for(len(HEARD_BY_GATEWAY))
    assert {topic for topic, _ in gateway.received} == {TOPICS.vehicle(VAN_1, channel) for channel in HEARD_BY_GATEWAY}
    assert gateway.publish(TOPICS.vehicle(VAN_1, Channel.ACK)) == "Success"
    van_1.wait_for(1)


def test_the_gateway_writes_answers_and_its_state_and_no_more(production_broker, try_publish):
    gateway = production_broker.gateway()
    forbidden = [TOPICS.vehicle(VAN_1, channel) for channel in Channel if channel not in WRITTEN_BY_GATEWAY]
    assert {topic: try_publish(gateway, topic) for topic in forbidden} == dict.fromkeys(forbidden, DENIED)
    for fleet in ("main", "north"):
        assert try_publish(gateway, TOPICS.gateway_status(fleet, "gateway-1")) in GRANTED


@pytest.mark.parametrize("name", ["+", "v#1", "van-2/x", "../van-2"])
def test_a_user_name_with_wildcards_opens_nothing(production_broker, try_publish, name):
    production_broker.add(name)
    production_broker.broker.kill()
    production_broker.broker.start()
    assert try_publish(production_broker.login(name), TOPICS.vehicle(VAN_2, Channel.POSITIONS)) == DENIED


def test_nobody_logs_in_without_or_with_a_wrong_password(production_broker, mqtt_client):
    ca = production_broker.authority.certificate
    for user, password in ((None, None), ("van-1", None), ("van-1", "wrong"), ("nobody", "x"), (GATEWAY_USER, "")):
        refused = mqtt_client(Login(production_broker.port, user, password, ca))
        assert refused.connect_answer == DENIED, user


def test_a_vehicle_of_another_fleet_needs_the_lines_that_devices_add_prints(
    production_broker, mqtt_client, try_publish
):
    key = VehicleKey("north", "van-1")
    production_broker.add(broker_user(key))
    with (production_broker.broker.directory / "acl").open("a") as acl:
        acl.write("\n".join(["", *acl_lines(TOPICS, key), ""]))
    production_broker.broker.kill()
    production_broker.broker.start()
    login = production_broker.vehicle("van-1", "north")
    for channel in Channel:
        answer = try_publish(login, TOPICS.vehicle(key, channel))
        assert (answer in GRANTED) == (channel in WRITTEN_BY_VEHICLE), (channel, answer)
        assert try_publish(login, TOPICS.vehicle(VAN_1, channel)) == DENIED
    van = mqtt_client(login)
    gateway = mqtt_client(production_broker.gateway())
    van.subscribe(TOPICS.vehicle(key, Channel.ACK))
    van.subscribe(TOPICS.any_gateway_status("north"))
    assert gateway.publish(TOPICS.vehicle(key, Channel.ACK)) == "Success"
    assert gateway.publish(TOPICS.gateway_status("north", "gateway-1")) == "Success"
    van.wait_for(2)


def test_a_vehicle_registered_while_the_broker_runs_is_let_in_after_a_signal(production_broker, mqtt_client):
    production_broker.add("van-3")
    assert mqtt_client(production_broker.vehicle("van-3")).connect_answer == DENIED
    production_broker.read_files_again()
    # The broker reads the files at its next turn, so ask until it has.
    answers = (mqtt_client(production_broker.vehicle("van-3")).connect_answer for _ in range(100))
    assert next(answer for answer in answers if answer == "Success")


def test_mosquittos_own_tool_writes_the_same_kind_of_line(production_broker, tmp_path, mqtt_client):
    theirs = tmp_path / "passwords"
    subprocess.run(
        [require_program("mosquitto_passwd"), "-c", "-b", str(theirs), "van-9", "secret"],
        check=True,
        capture_output=True,
    )
    ours = (production_broker.broker.directory / "passwords").read_text().splitlines()[0]
    their_fields, our_fields = theirs.read_text().strip().split("$"), ours.split("$")
    assert their_fields[1:3] == our_fields[1:3]
    assert [len(part) for part in their_fields[3:]] == [len(part) for part in our_fields[3:]]


def test_the_largest_message_of_the_contract_passes_and_a_larger_one_does_not(production_broker, gateway, try_publish):
    van = production_broker.vehicle("van-1")
    topic = TOPICS.vehicle(VAN_1, Channel.POSITIONS)
    gateway.subscribe(topic)
    assert try_publish(van, topic, b"x" * MAX_PAYLOAD_BYTES) == "Success"
    with pytest.raises(Refused):
        try_publish(van, topic, b"x" * (MAX_PAYLOAD_BYTES + 1))
    assert try_publish(van, topic, b"last") == "Success"
    gateway.wait_for(2)
    assert [len(payload) for _, payload in gateway.received] == [MAX_PAYLOAD_BYTES, 4]


def test_a_session_survives_a_restart_with_more_than_mosquittos_default_queue(production_broker, mqtt_client, van_1):
    count = 1_500
    topic = TOPICS.vehicle(VAN_1, Channel.POSITIONS)
    reader = mqtt_client(production_broker.gateway(), client_id="keeps", session_s=3_600)
    reader.subscribe(topic)
    reader.close()
    for _ in range(count):
        van_1.publish(topic)
    production_broker.broker.stop()
    production_broker.broker.start()
    again = mqtt_client(production_broker.gateway(), client_id="keeps", session_s=3_600)
    assert len(again.wait_for(count)) == count


def test_with_client_certificates_the_common_name_is_the_user(
    make_mosquitto, authority, tmp_path, mqtt_client, try_publish
):
    lay_out(tmp_path, authority)
    broker = make_mosquitto(with_client_certificates(production_text()), tmp_path)
    certificates = {name: authority.issue(name) for name in ("van-1", GATEWAY_USER)}
    van, gateway = (
        Login(broker.port, tls_ca=authority.certificate, certificate=certificate)
        for certificate in certificates.values()
    )
    assert try_publish(van, TOPICS.vehicle(VAN_2, Channel.POSITIONS)) == DENIED
    assert try_publish(van, TOPICS.vehicle(VAN_1, Channel.ACK)) == DENIED
    listening = mqtt_client(van)
    listening.subscribe(TOPICS.vehicle(VAN_1, Channel.ACK))
    assert listening.publish(TOPICS.vehicle(VAN_1, Channel.POSITIONS)) in GRANTED
    assert try_publish(gateway, TOPICS.vehicle(VAN_1, Channel.ACK)) == "Success"
    listening.wait_for(1)


def test_with_client_certificates_nobody_comes_in_without_one(make_mosquitto, authority, tmp_path):
    lay_out(tmp_path, authority)
    broker = make_mosquitto(with_client_certificates(production_text()), tmp_path)
    context = ssl.create_default_context(cafile=str(authority.certificate))
    with socket.create_connection(("127.0.0.1", broker.port), 5) as plain:
        secured = context.wrap_socket(plain, server_hostname="localhost")
        with pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"):
            secured.recv(1)
