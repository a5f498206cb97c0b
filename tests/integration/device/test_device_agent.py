"""The whole agent against a real broker: all that the policy reports arrives, once."""

import asyncio
import contextlib
import itertools
import logging
import sqlite3
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from device.agent import run_agent
from device.settings import DeviceSettings, FileSettings, MqttSettings, Protocol, SerialSettings, TcpSettings
from device.sources.source import SourceError
from tests.fixtures.authority import Authority
from tests.fixtures.fake_gateway import FakeGateway
from tests.fixtures.mosquitto import Mosquitto
from tests.fixtures.sentences import drive, rmc
from tests.fixtures.waiting import eventually
from wire.messages import Presence

ACL = """
listener {port} 127.0.0.1
allow_anonymous true
acl_file {directory}/acl
"""


@pytest.fixture
def settings(tmp_path: Path) -> DeviceSettings:
    """A van that plays fifteen minutes as fast as they can be read; the broker's port is filled in by the test."""
    recording = tmp_path / "drive.nmea"
    recording.write_bytes(drive(900))
    return DeviceSettings(
        vehicle="van-1", data_dir=tmp_path / "data", source=FileSettings(path=recording, speed=0), mqtt=MqttSettings()
    )


def at(settings: DeviceSettings, broker: Mosquitto, **mqtt) -> DeviceSettings:
    return msgspec.structs.replace(settings, mqtt=msgspec.structs.replace(settings.mqtt, port=broker.port, **mqtt))


@contextlib.asynccontextmanager
async def agent(settings: DeviceSettings, source=None) -> AsyncIterator[asyncio.Task[None]]:
    """An agent that runs for the length of the block."""
    task = asyncio.create_task(run_agent(settings, source=source), name="agent")
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


class Van:
    """A source that says what the test wants, and can be lost."""

    name = "test van"

    def __init__(self) -> None:
        self.says: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.second = itertools.count()

    def drives(self, seconds: int) -> None:
        for _ in range(seconds):
            self.says.put_nowait(rmc(next(self.second)))

    async def chunks(self):
        while (chunk := await self.says.get()) is not None:
            yield chunk
        raise SourceError("unplugged")


@pytest.mark.parametrize(
    ("protocol", "qos"), [(Protocol.V5, 0), (Protocol.V5, 1), (Protocol.V311, 0), (Protocol.V311, 1)]
)
async def test_a_recorded_drive_is_delivered_and_the_agent_ends(settings, mosquitto, protocol, qos) -> None:
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running():
        async with asyncio.timeout(30):
            await run_agent(at(settings, mosquitto, protocol=protocol, qos=qos))
        numbers = sorted(key[2] for key in gateway.stored)
        assert len(numbers) > 50
        assert numbers == list(range(1, len(numbers) + 1))
        await eventually(lambda: gateway.status("van-1").state is Presence.OFFLINE, "the agent said goodbye")


async def test_nothing_is_published_before_a_gateway_is_online(settings, mosquitto) -> None:
    async with agent(at(settings, mosquitto)):
        await eventually(lambda: "van-1" in mosquitto.log, "the agent is connected")
        gateway = FakeGateway(mosquitto.port)
        assert "/positions" not in mosquitto.log
        async with gateway.running():
            await eventually(lambda: len(gateway.stored) > 50, "the backlog arrives")
            assert gateway.questions >= 1


async def test_birth_will_and_depth_are_told(settings, mosquitto) -> None:
    gateway = FakeGateway(mosquitto.port)
    van = Van()
    async with gateway.running():
        async with agent(at(settings, mosquitto), van):
            await eventually(lambda: gateway.status("van-1") is not None, "the birth is told")
            birth = gateway.status("van-1")
            assert (birth.state, birth.boot, birth.depth, birth.source) == (Presence.ONLINE, 1, 0, "tracker")
            van.drives(1)
            await eventually(lambda: len(gateway.stored) == 1, "the first fix is reported at once")
            assert next(iter(gateway.stored)) == ("van-1", birth.spool, 1)
        await eventually(lambda: gateway.status("van-1").state is Presence.OFFLINE, "the agent said goodbye")


async def test_a_broker_that_restarts_and_forgets_costs_nothing(settings, mosquitto) -> None:
    gateway = FakeGateway(mosquitto.port)
    van = Van()
    async with agent(at(settings, mosquitto), van):
        async with gateway.running():
            van.drives(60)
            await eventually(lambda: len(gateway.stored) > 5, "the first minute arrives")
        mosquitto.kill()
        mosquitto.forget_sessions()
        van.drives(60)
        mosquitto.start()
        async with gateway.running():
            van.drives(60)
            await eventually(lambda: rests(gateway, 175), "the third minute arrives")
        numbers = sorted(key[2] for key in gateway.stored)
        assert numbers == list(range(1, len(numbers) + 1))


def rests(gateway: FakeGateway, second: int) -> bool:
    """Whether a position from `second` on has arrived."""
    return any(position.time >= 1_704_110_400_000 + second * 1000 for position in gateway.stored.values())


async def test_the_next_life_goes_on_in_the_same_spool_once_it_is_answered(settings, mosquitto) -> None:
    gateway = FakeGateway(mosquitto.port)
    van = Van()
    async with gateway.running():
        for _ in range(3):
            async with agent(at(settings, mosquitto), van):
                before = len(gateway.stored)
                van.drives(60)
                await eventually(lambda before=before: len(gateway.stored) > before + 3, "positions arrive")
    spools = {key[1] for key in gateway.stored}
    assert len(spools) == 1
    assert gateway.status("van-1").boot == 3


async def test_an_acl_that_forbids_positions_keeps_them_and_says_so(settings, make_mosquitto, tmp_path, caplog) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "acl").write_text(
        "topic read #\n"
        "topic write milepost/1/main/vehicle/van-1/status\n"
        "topic write milepost/1/main/gateway/+/status\n"
        "topic write milepost/1/main/vehicle/+/ack\n"
    )
    broker = make_mosquitto(ACL, folder)
    gateway = FakeGateway(broker.port)
    async with gateway.running(), agent(at(settings, broker, protocol=Protocol.V5, qos=1)):
        await eventually(lambda: "refuses our messages: Not authorized" in caplog.text, "the refusal is said")
        assert gateway.stored == {}


async def test_a_broker_that_refuses_the_subscription_is_tried_again_and_said_once(settings, caplog) -> None:
    tries = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        await reader.read(1024)
        writer.write(b"\x20\x02\x00\x00")  # CONNACK
        subscribe = await reader.read(1024)
        writer.write(b"\x90\x03" + subscribe[2:4] + b"\x80")  # SUBACK: failure
        await reader.read()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        mqtt = MqttSettings(port=server.sockets[0].getsockname()[1], protocol=Protocol.V311)
        async with agent(msgspec.structs.replace(settings, mqtt=mqtt)):
            await eventually(lambda: tries >= 2, "it tries again")
    assert caplog.text.count("ACL does not let us read milepost/1/main/vehicle/van-1/ack") == 1


async def test_a_gateway_that_does_not_answer_is_said(settings, mosquitto, caplog, monkeypatch) -> None:
    monkeypatch.setattr("device.exchange.sender.ANSWER_TIMEOUT_MS", 50)
    monkeypatch.setattr("device.agent.HOUSEKEEPING_S", 0.2)
    gateway = FakeGateway(mosquitto.port, is_deaf=True)
    async with gateway.running(), agent(at(settings, mosquitto)):
        await eventually(lambda: "a gateway is online but does not answer" in caplog.text, "it is said")


async def test_a_broker_that_never_answers_version_5_is_spoken_to_in_3_1_1(settings, mosquitto, monkeypatch) -> None:
    monkeypatch.setattr("device.uplink.uplink.ANSWER_DEADLINE_S", 1.0)
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running(), deaf_to_version_5(mosquitto.port) as (port, versions):
        mqtt = msgspec.structs.replace(settings.mqtt, port=port)
        async with asyncio.timeout(30):
            await run_agent(msgspec.structs.replace(settings, mqtt=mqtt))
        assert len(gateway.stored) > 50
        assert versions == [5, 4]


@contextlib.asynccontextmanager
async def deaf_to_version_5(port: int) -> AsyncIterator[tuple[int, list[int]]]:
    """A broker that lets MQTT 5 wait for ever; all else is passed on to a real one."""
    versions: list[int] = []
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await reader.read(1024)
        versions.append(hello[hello.index(b"MQTT") + 4])
        if versions[-1] == 5:
            await asyncio.wait(
                [asyncio.create_task(done.wait()), asyncio.create_task(reader.read())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            writer.close()
            return
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        there_writer.write(hello)
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1], versions
        done.set()


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_a_wrong_password_is_said_without_saying_it(settings, make_mosquitto, tmp_path, caplog) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "passwords").write_text("")
    broker = make_mosquitto(
        "listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {directory}/passwords\n", folder
    )
    (tmp_path / "secret").write_text("hunter2-hunter2\n")
    caplog.set_level(logging.DEBUG)
    async with agent(at(settings, broker, username="van-1", password_file=tmp_path / "secret")):
        await eventually(
            lambda: "ot authorized" in caplog.text.lower() or "ot authorised" in caplog.text.lower(), "it is said"
        )
    assert "hunter2" not in caplog.text


async def test_tls_with_a_client_certificate(settings, make_mosquitto, authority: Authority) -> None:
    certificate, key = authority.issue("van-1")
    broker = make_mosquitto(
        "listener {port} 127.0.0.1\nallow_anonymous true\nrequire_certificate true\n"
        f"cafile {authority.certificate}\n"
        f"certfile {authority.directory / 'server.crt'}\nkeyfile {authority.directory / 'server.key'}\n"
    )
    context = ssl.create_default_context(cafile=authority.certificate)
    context.load_cert_chain(certificate, key)
    gateway = FakeGateway(broker.port, options={"tls_context": context})
    async with gateway.running():
        secured = at(
            settings,
            broker,
            host="localhost",
            tls=True,
            tls_ca_file=authority.certificate,
            tls_cert_file=certificate,
            tls_key_file=key,
        )
        async with asyncio.timeout(30):
            await run_agent(secured)
        assert len(gateway.stored) > 50


async def test_a_source_that_is_lost_is_opened_again(settings, mosquitto, caplog) -> None:
    gateway = FakeGateway(mosquitto.port)
    van = Van()
    async with gateway.running(), agent(at(settings, mosquitto), van):
        van.drives(60)
        van.says.put_nowait(None)
        van.drives(60)
        await eventually(lambda: rests(gateway, 110), "the second minute arrives")
    assert caplog.text.count("test van: unplugged; trying again") == 1


async def test_a_restored_image_that_restarts_before_its_first_answer_loses_nothing(
    settings, mosquitto, tmp_path
) -> None:
    gateway = FakeGateway(mosquitto.port)
    van = Van()
    spool = settings.data_dir / "spool.db"
    nowhere = msgspec.structs.replace(settings, mqtt=msgspec.structs.replace(settings.mqtt, port=1))
    async with gateway.running():
        async with agent(at(settings, mosquitto), van):
            van.drives(30)
            await eventually(lambda: rests(gateway, 20), "the first drive arrives")
        image = spool.read_bytes()
        async with agent(at(settings, mosquitto), van):
            van.drives(60)
            await eventually(lambda: rests(gateway, 80), "the second drive arrives")
        spool.write_bytes(image)
        for _ in range(2):
            async with agent(nowhere, van):
                van.drives(30)
                await eventually(van.says.empty, "the drive is read")
        written = times_in(spool)
        async with agent(at(settings, mosquitto), van):
            await eventually(lambda: written <= times_of(gateway), "what was driven after the restoring arrives")
        contents = [position.time for position in gateway.stored.values()]
        assert len(contents) == len(set(contents))


def times_in(spool: Path) -> set[int]:
    with contextlib.closing(sqlite3.connect(spool)) as database:
        return {row[0] for row in database.execute("SELECT time FROM position")}


def times_of(gateway: FakeGateway) -> set[int]:
    return {position.time for position in gateway.stored.values()}


async def test_serial_receiver_unplugged_and_plugged_in_again(settings, mosquitto, receiver, caplog) -> None:
    gateway = FakeGateway(mosquitto.port)
    serial = msgspec.structs.replace(settings, source=SerialSettings(path=str(receiver.name)))
    second = itertools.count()

    async def speak() -> None:
        while True:
            receiver.say(rmc(next(second)))
            await asyncio.sleep(0.02)

    async with gateway.running(), agent(at(serial, mosquitto)):
        speaking = asyncio.create_task(speak())
        await eventually(lambda: len(gateway.stored) > 5, "positions arrive")
        receiver.unplug()
        await eventually(lambda: "trying again" in caplog.text, "the loss is said")
        gone = next(second)
        receiver.plug_in()
        await eventually(lambda: rests(gateway, gone + 20), "positions arrive again")
        speaking.cancel()


async def test_tcp_server_that_goes_and_comes_back(settings, mosquitto) -> None:
    gateway = FakeGateway(mosquitto.port)
    second = itertools.count()
    greetings: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greetings.append(await reader.readline())
        for _ in range(40):
            writer.write(rmc(next(second)))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        tcp = msgspec.structs.replace(settings, source=TcpSettings(host="127.0.0.1", port=port, greeting="hello"))
        async with gateway.running(), agent(at(tcp, mosquitto)):
            await eventually(lambda: rests(gateway, 70), "the second connection's positions arrive")
    assert greetings[:2] == [b"hello\n", b"hello\n"]
