"""The whole agent against a real broker: all that the policy reports arrives, once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from device.agent import run_agent
from device.settings import DeviceSettings, FileSettings, MqttSettings, Protocol
from tests.fixtures.fake_gateway import FakeGateway, until
from tests.fixtures.mosquitto import Mosquitto
from wire.messages import Presence


def sentence(body: str) -> bytes:
    parity = 0
    for character in body.encode():
        parity ^= character
    return f"${body}*{parity:02X}\r\n".encode()


def drive(seconds: int) -> bytes:
    """A van that turns north at 10 m/s, one RMC a second."""
    lines = []
    for second in range(seconds):
        clock = f"{12 + second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"
        minutes = 10 + second * 0.0054
        lines.append(sentence(f"GPRMC,{clock}.00,A,60{minutes:08.5f},N,02456.30000,E,19.4,{second % 360}.0,010124,,,A"))
    return b"".join(lines)


def settings(tmp_path: Path, broker: Mosquitto, **mqtt) -> DeviceSettings:
    recording = tmp_path / "drive.nmea"
    recording.write_bytes(drive(900))
    return DeviceSettings(
        vehicle="van-1",
        data_dir=tmp_path / "data",
        source=FileSettings(path=recording, speed=0),
        mqtt=MqttSettings(port=broker.port, **mqtt),
    )


@pytest.mark.parametrize("protocol", [Protocol.V5, Protocol.V311, Protocol.AUTO])
@pytest.mark.parametrize("qos", [0, 1])
async def test_a_recorded_drive_is_delivered_and_the_agent_ends(tmp_path, mosquitto, protocol, qos) -> None:
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running():
        async with asyncio.timeout(30):
            await run_agent(settings(tmp_path, mosquitto, protocol=protocol, qos=qos))
        numbers = sorted(key[2] for key in gateway.stored)
        assert len(numbers) > 50
        assert numbers == list(range(1, len(numbers) + 1))
        await until(lambda: gateway.status("van-1").state is Presence.OFFLINE, "the agent said goodbye")
