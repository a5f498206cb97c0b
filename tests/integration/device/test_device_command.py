"""`milepost device` as a process: what it weighs, how it ends, what it refuses."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from tests.fixtures.fake_gateway import FakeGateway
from tests.fixtures.sentences import drive
from tests.fixtures.waiting import eventually
from wire.messages import Presence

MOST_RESIDENT_BYTES = 45_000_000
MILEPOST = Path(sys.executable).with_name("milepost")


def config(tmp_path: Path, port: int, speed: float) -> Path:
    recording = tmp_path / "drive.nmea"
    recording.write_bytes(drive(900))
    path = tmp_path / "device.toml"
    path.write_text(
        f'vehicle = "van-1"\ndata_dir = "data"\n[source]\nkind = "file"\npath = "drive.nmea"\nspeed = {speed}\n'
        f'[mqtt]\nhost = "127.0.0.1"\nport = {port}\n'
    )
    return path


class Agents:
    """Starts agents as processes; those that still run at the end are killed."""

    def __init__(self) -> None:
        self.running: list[asyncio.subprocess.Process] = []

    async def start(self, *arguments: object) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            MILEPOST, "device", *map(str, arguments), stderr=asyncio.subprocess.PIPE
        )
        self.running.append(process)
        return process


@pytest.fixture
async def agents() -> AsyncIterator[Agents]:
    made = Agents()
    yield made
    for process in made.running:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_told_to_stop_it_says_goodbye_and_loses_nothing(agents, mosquitto, tmp_path, number) -> None:
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running():
        process = await agents.start("--config", config(tmp_path, mosquitto.port, speed=60))
        await eventually(lambda: len(gateway.stored) > 5, "positions arrive")
        process.send_signal(number)
        async with asyncio.timeout(10):
            assert await process.wait() == 0
        await eventually(lambda: gateway.status("van-1").state is Presence.OFFLINE, "it said goodbye")
        async with asyncio.timeout(10):
            _, said = await process.communicate()
        assert b"Traceback" not in said


@pytest.mark.heavy
async def test_an_agent_weighs_at_most_45_megabytes(agents, mosquitto, tmp_path) -> None:
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running():
        process = await agents.start("--config", config(tmp_path, mosquitto.port, speed=60))
        await eventually(lambda: len(gateway.stored) > 100, "a minute of driving arrives")
        weighed = psutil.Process(process.pid).memory_info().rss
        print(f"agent resident: {weighed / 1e6:.1f} MB")
        assert weighed <= MOST_RESIDENT_BYTES


async def test_killed_at_once_it_goes_on_where_it_was(agents, mosquitto, tmp_path) -> None:
    gateway = FakeGateway(mosquitto.port)
    async with gateway.running():
        for _ in range(3):
            before = len(gateway.stored)
            process = await agents.start("--config", config(tmp_path, mosquitto.port, speed=60))
            await eventually(lambda before=before: len(gateway.stored) > before + 5, "positions arrive")
            process.kill()
            await process.wait()
        assert gateway.status("van-1").boot == 3


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[mqtt]\nport = 'x'", "$.mqtt.port`: 'x'"),
        ("[mqtt]\nqos = 2", "$.mqtt.qos`: 2"),
        ("speling = 1", "speling"),
    ],
)
async def test_bad_settings_are_one_clear_line(agents, tmp_path, line, says) -> None:
    path = tmp_path / "device.toml"
    path.write_text(f'vehicle = "van-1"\n{line}\n')
    process = await agents.start("--config", path)
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.startswith(f"milepost: {path}: ".encode())
    assert says in said.decode()
    assert said.count(b"\n") == 1


async def test_a_spool_in_use_is_one_clear_line(agents, mosquitto, tmp_path) -> None:
    gateway = FakeGateway(mosquitto.port)
    path = config(tmp_path, mosquitto.port, speed=60)
    async with gateway.running():
        await agents.start("--config", path)
        await eventually(lambda: gateway.status("van-1") is not None, "the first runs")
        second = await agents.start("--config", path)
        _, said = await second.communicate()
    assert second.returncode == 1
    assert b"in use" in said
    assert b"Traceback" not in said
