"""`milepost simulate` against a real broker: the vans come, and when they are told to end they say so."""

import asyncio
import signal
import sys

import aiomqtt
import pytest

from wire.codec import decode_device_status
from wire.messages import Presence

VANS = ["van-01", "van-02", "van-03"]
WITHIN_S = 20.0


async def until_all(client: aiomqtt.Client, presence: Presence) -> None:
    """Listen until each van's newest status says `presence`."""
    newest: dict[str, Presence] = {}
    async with asyncio.timeout(WITHIN_S):
        async for message in client.messages:
            vehicle = message.topic.value.split("/")[-2]
            newest[vehicle] = decode_device_status(bytes(message.payload)).state
            if sorted(vehicle for vehicle, state in newest.items() if state is presence) == VANS:
                return


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
async def test_the_vans_come_and_say_when_they_go(mosquitto, tmp_path, ending):
    command = ["-m", "milepost", "simulate", "--vans", "3", "--broker", f"127.0.0.1:{mosquitto.port}"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--fleet", "north", "--data", str(tmp_path / "spools"), stderr=asyncio.subprocess.PIPE
    )
    try:
        async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
            await client.subscribe("milepost/1/north/vehicle/+/status", qos=1)
            await until_all(client, Presence.ONLINE)
            process.send_signal(ending)
            await until_all(client, Presence.OFFLINE)
        _, errors = await asyncio.wait_for(process.communicate(), WITHIN_S)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, errors.decode()) == (0, "stopped\n")
    assert sorted(folder.name for folder in (tmp_path / "spools").iterdir()) == VANS


async def test_a_broker_that_is_away_is_said_by_its_own_address(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "milepost", "simulate", "--vans", "1", "--broker", "127.0.0.1:1",
        "--data", str(tmp_path), stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stderr is not None
    try:
        line = await asyncio.wait_for(process.stderr.readline(), WITHIN_S)
        assert line.startswith(b"broker 127.0.0.1:1 does not answer")
    finally:
        process.kill()
        await process.wait()
