"""The gateway's sessions against a real Mosquitto: each of gmqtt's traps, and each way a broker ends, is a test."""

import asyncio
import contextlib
import json
import time

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from gateway.adapters.mqtt.inboxes import FleetAnswers, native_sessions, phone_session, topics_of
from gateway.adapters.mqtt.session import BrokerState
from gateway.settings import GatewaySettings, MqttSettings
from tests.fixtures.mqtt_client import Login
from tests.fixtures.production_broker import GATEWAY_USER, lay_out, production_text, with_client_certificates
from tests.fixtures.require import free_port
from tests.fixtures.waiting import eventually
from wire.names import VehicleKey

POSITIONS = "milepost/1/main/vehicle/van/positions"
STATUS = "milepost/1/main/gateway/gateway-1/status"
PHONE = "owntracks/anna/phone"


class WallClock:
    def now_ms(self):
        return time.time_ns() // 1_000_000

    async def sleep(self, seconds):
        await asyncio.sleep(seconds)


class Receiver:
    """A session that runs and what it delivered; messages are settled by the test."""

    def __init__(self, session):
        self.session = session
        self.arrivals = []
        self.task = asyncio.create_task(session.run(self.arrivals.extend))

    @property
    def payloads(self):
        return [arrival.payload for arrival in self.arrivals]

    async def connected(self):
        await eventually(lambda: self.session.condition.state == BrokerState.CONNECTED, "the connection")

    async def has(self, count):
        await eventually(lambda: len(self.arrivals) >= count, f"message {count} of {len(self.arrivals)}")

    async def end(self):
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@pytest.fixture
async def receive():
    """Return a function that runs a session; all end with the test."""
    receivers = []

    def start(session):
        receivers.append(Receiver(session))
        return receivers[-1]

    yield start
    for receiver in receivers:
        await receiver.end()


def settings(port, **mqtt):
    return GatewaySettings(mqtt=MqttSettings(port=port, **mqtt))


def native(port, **mqtt):
    return native_sessions(settings(port, **mqtt), WallClock())["main"]


def phones(port, **mqtt):
    return phone_session(settings(port, **mqtt), WallClock())


async def in_thread(work, *arguments, **named):
    return await asyncio.to_thread(work, *arguments, **named)


@pytest.fixture
def publisher(mqtt_client):
    """Return a function that publishes at QoS 1 and waits for the PUBACK."""
    clients = {}

    async def publish(broker, topic, *payloads, retain=False):
        if clients.get("process") is not broker.process:
            clients.update(process=broker.process, client=await in_thread(mqtt_client, Login(broker.port)))
        for payload in payloads:
            await in_thread(clients["client"].publish, topic, payload, retain=retain)

    return publish


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
@pytest.mark.parametrize("qos", [0, 1])
async def test_native_messages_arrive(mosquitto, receive, publisher, protocol, qos):
    receiver = receive(native(mosquitto.port, protocol=protocol, native_qos=qos))
    await receiver.connected()
    long = b"x" * 60_000
    await publisher(mosquitto, POSITIONS, b"one", long, b"three")
    await receiver.has(3)
    assert receiver.payloads == [b"one", long, b"three"]
    assert {(arrival.topic, arrival.retained) for arrival in receiver.arrivals} == {(POSITIONS, False)}
    assert all((arrival.settle is not None) == (qos == 1) for arrival in receiver.arrivals)


async def test_a_message_of_mqtt_5_with_properties_arrives(mosquitto, receive):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.connect("127.0.0.1", mosquitto.port)
    properties = paho.Properties(paho.PacketTypes.PUBLISH)
    properties.UserProperty = [("long", "x" * 300)]
    properties.ContentType = "application/json"
    client.publish(POSITIONS, b"hello", properties=properties)
    client.loop_start()
    await receiver.has(1)
    await in_thread(client.loop_stop)
    assert receiver.payloads == [b"hello"]


async def test_a_message_far_too_long_is_cut_and_the_next_one_is_whole(mosquitto, receive, publisher):
    receiver = receive(native(mosquitto.port, protocol="3.1.1", native_qos=1))
    await receiver.connected()
    await publisher(mosquitto, POSITIONS, b"x" * 3_000_000, b"next")
    await receiver.has(2)
    assert 2**16 < len(receiver.payloads[0]) < 3_000_000
    assert receiver.payloads[1] == b"next"


async def test_an_mqtt_5_broker_is_asked_for_no_such_message(mosquitto, receive, publisher):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    await publisher(mosquitto, POSITIONS, b"x" * 3_000_000, b"next")
    await receiver.has(1)
    assert receiver.payloads == [b"next"]


async def test_the_gateway_s_presence_is_retained(mosquitto, receive, mqtt_client):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    device = await in_thread(mqtt_client, Login(mosquitto.port))
    await in_thread(device.subscribe, "milepost/1/main/gateway/+/status")
    await in_thread(device.wait_for, 1)
    await receiver.end()
    await in_thread(device.wait_for, 2)
    states = [(topic, json.loads(payload)["state"]) for topic, payload in device.received]
    assert states == [(STATUS, "online"), (STATUS, "offline")]


async def test_the_will_speaks_for_a_gateway_that_was_cut_off(mosquitto, receive, mqtt_client):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    device = await in_thread(mqtt_client, Login(mosquitto.port))
    await in_thread(device.subscribe, STATUS)
    receiver.session._connection._protocol._transport.abort()
    await in_thread(device.wait_for, 3)
    states = [json.loads(payload)["state"] for _, payload in device.received]
    assert states == ["online", "offline", "online"], "and it is back by itself"


async def test_answers_reach_the_vehicle(mosquitto, receive, mqtt_client):
    configuration = settings(mosquitto.port)
    sessions = native_sessions(configuration, WallClock())
    answers = FleetAnswers(sessions, topics_of(configuration))
    await receive(sessions["main"]).connected()
    device = await in_thread(mqtt_client, Login(mosquitto.port))
    await in_thread(device.subscribe, "milepost/1/main/vehicle/van/ack")
    answers.watermark(VehicleKey("main", "van"), b'{"v":1}')
    answers.watermark(VehicleKey("other", "van"), b"nobody's fleet")
    assert await in_thread(device.wait_for, 1) == [("milepost/1/main/vehicle/van/ack", b'{"v":1}')]


async def test_many_answers_never_overflow_the_client(mosquitto, receive):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    for number in range(2_000):
        receiver.session.send("milepost/1/main/vehicle/van/ack", b"%d" % number)
    assert receiver.session.dropped == 0


async def test_answers_are_dropped_when_the_broker_takes_no_more(mosquitto, receive):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    for _ in range(3_000):
        receiver.session.send("milepost/1/main/vehicle/van/ack", b"x" * 10_000)
    assert receiver.session.dropped > 0
    unsent = receiver.session._connection._protocol.unsent_bytes
    assert unsent < 2 * 2**20


async def test_a_broker_that_is_away_at_the_start_is_found_later(receive, make_mosquitto, publisher):
    broker = make_mosquitto()
    broker.stop()
    receiver = receive(native(broker.port))
    await eventually(lambda: receiver.session.condition.state == BrokerState.UNREACHABLE)
    broker.start()
    await receiver.connected()
    await publisher(broker, POSITIONS, b"hello")
    await receiver.has(1)


async def test_a_session_survives_a_killed_broker(mosquitto, receive, publisher):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    for round_number in range(3):
        mosquitto.kill()
        await eventually(lambda: receiver.session.condition.state != BrokerState.CONNECTED, "the loss")
        mosquitto.start()
        await receiver.connected()
        await publisher(mosquitto, POSITIONS, b"%d" % round_number)
        await receiver.has(round_number + 1)
    assert receiver.payloads == [b"0", b"1", b"2"]


async def test_a_phone_s_message_stays_with_the_broker_until_it_is_settled(mosquitto, receive, publisher):
    first = receive(phones(mosquitto.port))
    await first.connected()
    await publisher(mosquitto, PHONE, b"1", b"2", b"3")
    await first.has(3)
    first.arrivals[0].settle()
    await eventually(lambda: "Received PUBACK from milepost-gateway-1-phones" in mosquitto.log, "the acknowledgement")
    await first.end()
    await publisher(mosquitto, PHONE, b"4")
    second = receive(phones(mosquitto.port))
    await second.has(3)
    assert second.payloads == [b"2", b"3", b"4"]


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
async def test_phones_messages_wait_for_a_gateway_that_is_away(mosquitto, receive, publisher, protocol):
    first = receive(phones(mosquitto.port, protocol=protocol))
    await first.connected()
    await first.end()
    await publisher(mosquitto, PHONE, *(b"%d" % number for number in range(50)))
    second = receive(phones(mosquitto.port, protocol=protocol))
    await second.has(50)
    assert second.payloads == [b"%d" % number for number in range(50)]


async def test_a_late_acknowledgement_is_not_written_to_the_next_connection(mosquitto, receive, publisher):
    """The broker lost the session and numbers its messages anew: the old numbers mean others' messages now."""
    receiver = receive(phones(mosquitto.port))
    await receiver.connected()
    await publisher(mosquitto, PHONE, *(b"old %d" % number for number in range(10)))
    await receiver.has(10)
    old = list(receiver.arrivals)
    mosquitto.kill()
    await eventually(lambda: receiver.session.condition.state != BrokerState.CONNECTED, "the loss")
    mosquitto.forget_sessions()
    mosquitto.start()
    await receiver.connected()
    await publisher(mosquitto, PHONE, *(b"new %d" % number for number in range(10)))
    await receiver.has(20)
    for arrival in old:
        arrival.settle()
    await receiver.end()
    again = receive(phones(mosquitto.port))
    await again.has(10)
    assert again.payloads == [b"new %d" % number for number in range(10)], "none was acknowledged by an old number"


async def test_acknowledgements_of_a_commit_leave_in_one_write(mosquitto, receive, publisher):
    receiver = receive(phones(mosquitto.port))
    await receiver.connected()
    await publisher(mosquitto, PHONE, *(b"%d" % number for number in range(30)))
    await receiver.has(30)
    transport = receiver.session._connection._protocol._transport
    written = []
    receiver.session._connection._protocol._transport = Spy(transport, written)
    for arrival in receiver.arrivals:
        arrival.settle()
    await eventually(lambda: written)
    assert [len(each) for each in written] == [30 * 4]


class Spy:
    def __init__(self, transport, written):
        self._transport = transport
        self._written = written

    def write(self, data):
        self._written.append(data)
        self._transport.write(data)

    def __getattr__(self, name):
        return getattr(self._transport, name)


async def test_a_paused_session_reads_no_more_and_loses_nothing(mosquitto, receive, publisher):
    receiver = receive(phones(mosquitto.port))
    await receiver.connected()
    receiver.session.pause()
    assert receiver.session.condition.state == BrokerState.PAUSED
    await publisher(mosquitto, PHONE, *(b"%d" % number for number in range(300)))
    await asyncio.sleep(0.2)  # what it must not do cannot be waited for
    assert receiver.arrivals == []
    receiver.session.resume()
    await receiver.has(300)
    assert receiver.payloads == [b"%d" % number for number in range(300)]


async def test_a_session_that_is_paused_while_the_broker_dies_waits_with_the_next_connection(mosquitto, receive):
    receiver = receive(native(mosquitto.port))
    await receiver.connected()
    receiver.session.pause()
    mosquitto.kill()
    mosquitto.start()
    receiver.session._connection._protocol._transport.abort()  # a socket nobody reads does not tell of its end
    await eventually(lambda: receiver.session.condition.state == BrokerState.LOST, "the loss")
    await asyncio.sleep(0.5)  # what it must not do cannot be waited for
    assert receiver.session.condition.state == BrokerState.LOST
    receiver.session.resume()
    await receiver.connected()


PASSWORDS = """
listener {port} 127.0.0.1
allow_anonymous false
password_file {directory}/passwords
acl_file {directory}/acl
"""


async def test_a_wrong_password_is_named(make_mosquitto, receive, tmp_path):
    (tmp_path / "passwords").write_text("")
    (tmp_path / "acl").write_text("")
    broker = make_mosquitto(PASSWORDS, tmp_path)
    (tmp_path / "secret").write_text("wrong\n")
    receiver = receive(native(broker.port, username="gateway", password_file=tmp_path / "secret"))
    await eventually(lambda: receiver.session.condition.state == BrokerState.REFUSED)
    assert "refuses the login" in receiver.session.condition.detail


async def test_a_missing_password_file_is_named(mosquitto, receive, tmp_path):
    receiver = receive(native(mosquitto.port, username="gateway", password_file=tmp_path / "absent"))
    await eventually(lambda: "absent" in receiver.session.condition.detail)


async def test_a_port_that_speaks_no_mqtt_is_no_crash(receive):
    port = free_port()
    server = await asyncio.start_server(
        lambda _reader, writer: writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "127.0.0.1", port
    )
    receiver = receive(native(port))
    await eventually(lambda: receiver.session.condition.state == BrokerState.UNREACHABLE)
    assert not receiver.task.done()
    server.close()


def tls_settings(broker_port, authority, **mqtt):
    return native(broker_port, tls=True, tls_ca_file=authority.certificate, **mqtt)


async def test_with_tls_and_a_password(production_broker, receive, tmp_path, try_publish):
    secret = tmp_path / "secret"
    secret.write_text(production_broker.passwords[GATEWAY_USER] + "\n")
    session = tls_settings(
        production_broker.port, production_broker.authority, username=GATEWAY_USER, password_file=secret
    )
    receiver = receive(session)
    await receiver.connected()
    topic = "milepost/1/main/vehicle/van-1/positions"
    await in_thread(try_publish, production_broker.vehicle("van-1"), topic, b"hello")
    await receiver.has(1)
    assert receiver.payloads == [b"hello"]


async def test_with_a_client_certificate(make_mosquitto, authority, receive, tmp_path):
    lay_out(tmp_path, authority)
    broker = make_mosquitto(with_client_certificates(production_text()), tmp_path)
    certificate, key = authority.issue("gateway", common_name=GATEWAY_USER)
    receiver = receive(tls_settings(broker.port, authority, tls_cert_file=certificate, tls_key_file=key))
    await receiver.connected()


async def test_a_broker_whose_certificate_nobody_vouches_for_is_not_spoken_to(production_broker, receive):
    receiver = receive(native(production_broker.port, tls=True))
    await eventually(lambda: "CERTIFICATE_VERIFY_FAILED" in receiver.session.condition.detail)
    assert receiver.session.condition.state == BrokerState.UNREACHABLE
