import asyncio

import aiomqtt
import pytest

from milepost.demo.broker import LOOPBACK, EmbeddedBroker


def client(broker: EmbeddedBroker, **more) -> aiomqtt.Client:
    return aiomqtt.Client(LOOPBACK, broker.port, protocol=aiomqtt.ProtocolVersion.V311, **more)


async def first(listener: aiomqtt.Client) -> aiomqtt.Message:
    return await asyncio.wait_for(anext(aiter(listener.messages)), 5)


async def test_what_is_retained_is_there_for_who_comes_later():
    async with EmbeddedBroker() as broker:
        async with client(broker) as early:
            await early.publish("a/status", b"online", qos=1, retain=True)
        async with client(broker) as late:
            await late.subscribe("a/#")
            assert (await first(late)).payload == b"online"


async def test_a_client_that_is_cut_off_leaves_its_will():
    async with EmbeddedBroker() as broker, client(broker) as listener:
        await listener.subscribe("a/#", qos=1)
        lost = client(broker, will=aiomqtt.Will("a/status", b"offline", qos=1))
        await lost.__aenter__()
        lost._client.socket().close()
        assert (await first(listener)).payload == b"offline"


async def test_after_its_end_nobody_listens_and_nothing_runs():
    before = asyncio.all_tasks()
    async with EmbeddedBroker() as broker:
        port = broker.port
        async with client(broker) as someone:
            await someone.publish("a", b"b")
    with pytest.raises(OSError):
        await asyncio.open_connection(LOOPBACK, port)
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
