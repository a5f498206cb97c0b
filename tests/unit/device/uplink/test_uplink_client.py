import asyncio

import pytest

from device.uplink.client import Client


def client() -> Client:
    return Client("127.0.0.1", 1, on_refused=print, timeout=5)


async def test_a_cancellation_that_comes_with_the_answer_is_not_forgotten():
    answer = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(client()._wait_for(answer, None))
    for _ in range(3):
        await asyncio.sleep(0)
    answer.set_result("yes")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_one_that_came_before_does_not_spoil_the_goodbye():
    said = []

    async def goodbye() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            answer = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(answer.set_result, "bye")
            said.append(await client()._wait_for(answer, None))
            raise

    leaving = asyncio.create_task(goodbye())
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert said == ["bye"]


async def test_a_connection_given_up_half_made_is_closed_without_an_error(caplog):
    heard, ended = asyncio.Event(), asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.set()
        await reader.read()
        ended.set()
        writer.close()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0)
    half_made = Client("127.0.0.1", server.sockets[0].getsockname()[1], on_refused=print, timeout=5)
    connecting = asyncio.create_task(half_made.__aenter__())
    await asyncio.wait_for(heard.wait(), 5)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await asyncio.wait_for(ended.wait(), 5)
    server.close()
    assert caplog.text == ""
