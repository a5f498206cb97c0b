"""The pipeline to compare with: what one writes in an afternoon from the usual libraries.

aiomqtt for the messages, the standard library's JSON, `influxdb-client` point objects, batches of 5,000 to the same
InfluxDB. No journal, no acknowledgement, no live state.
`python -m tests.bench.reference MQTT_PORT INFLUX_URL DATABASE`.
"""

import argparse
import asyncio
import json
import signal

import aiohttp
import aiomqtt
from influxdb_client import Point, WritePrecision

BATCH = 5_000
LINGER_S = 1.0


async def pipeline(port: int, url: str, database: str) -> None:
    points: asyncio.Queue[Point] = asyncio.Queue(maxsize=200_000)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(receive(port, points), name="receive")
        tasks.create_task(write(f"{url}/write?db={database}&precision=ms", points), name="write")


async def receive(port: int, points: asyncio.Queue[Point]) -> None:
    async with aiomqtt.Client("127.0.0.1", port, max_queued_incoming_messages=0) as client:
        await client.subscribe("milepost/1/+/vehicle/+/positions")
        print("ready", flush=True)
        async for message in client.messages:
            levels = message.topic.value.split("/")
            for position in json.loads(message.payload)["positions"]:
                await points.put(point(levels[2], levels[4], position))


def point(fleet: str, vehicle: str, position: dict[str, float]) -> Point:
    made = Point("reference").tag("fleet", fleet).tag("vehicle", vehicle)
    for name, value in position.items():
        if name != "time":
            made.field(name, value)
    return made.time(int(position["time"]), WritePrecision.MS)


async def write(url: str, points: asyncio.Queue[Point]) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            batch = await take(points)
            body = "\n".join(made.to_line_protocol() for made in batch)
            async with session.post(url, data=body) as answer:
                answer.raise_for_status()


async def take(points: asyncio.Queue[Point]) -> list[Point]:
    batch = [await points.get()]
    try:
        async with asyncio.timeout(LINGER_S):
            while len(batch) < BATCH:
                batch.append(await points.get())
    except TimeoutError:
        pass
    return batch


async def until_terminated(port: int, url: str, database: str) -> None:
    work = asyncio.create_task(pipeline(port, url, database))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("url")
    parser.add_argument("database")
    chosen = parser.parse_args()
    asyncio.run(until_terminated(chosen.port, chosen.url, chosen.database))
