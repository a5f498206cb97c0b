import asyncio
import threading
from typing import Any

import pytest

from device.uplink.client import Client
from tests.fixtures.waiting import eventually


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


class DeafBroker:
    """Accepts whoever connects, reads, and says nothing."""

    def __init__(self) -> None:
        self.heard, self.ended = asyncio.Event(), asyncio.Event()

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.set()
        await reader.read()
        self.ended.set()
        writer.close()

    async def stop(self) -> None:
        await asyncio.wait_for(self.ended.wait(), 5)
        self._server.close()


async def test_a_connection_given_up_half_made_is_closed_without_an_error(caplog):
    broker = DeafBroker()
    half_made = Client("127.0.0.1", await broker.start(), on_refused=print, timeout=5)
    connecting = asyncio.create_task(half_made.__aenter__())
    await asyncio.wait_for(broker.heard.wait(), 5)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await broker.stop()
    assert caplog.text == ""


async def test_a_socket_that_is_closed_before_the_loop_watches_it_is_no_error(caplog):
    """The broker goes away in the moment in which something is to be written."""
    broker = DeafBroker()
    half_made = Client("127.0.0.1", await broker.start(), on_refused=print, timeout=5)
    connecting = asyncio.create_task(half_made.__aenter__())
    await eventually(lambda: half_made._made.is_set() and not half_made._client.want_write(), "CONNECT is written")
    half_made.abandon()
    half_made._client._sock_close()
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    await broker.stop()
    assert caplog.text == ""


class LateThread(Client):
    """Its thread has begun, and does nothing until it may."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.begun, self.may_go_on, self.done = threading.Event(), threading.Event(), threading.Event()
        self.opened = False

    def _client_connect(self) -> None:
        self.begun.set()
        self.may_go_on.wait(5)
        super()._client_connect()
        self.done.set()

    def _on_socket_open(self, *arguments: Any) -> None:
        self.opened = True
        super()._on_socket_open(*arguments)


async def test_given_up_before_its_thread_connects_it_does_not_connect():
    broker = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    late = LateThread("127.0.0.1", broker.sockets[0].getsockname()[1], on_refused=print, timeout=5)
    connecting = asyncio.create_task(late.__aenter__())
    assert await asyncio.to_thread(late.begun.wait, 5)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    late.may_go_on.set()
    assert await asyncio.to_thread(late.done.wait, 5)
    assert not late.opened
    broker.close()


class SlowToConnect(Client):
    """Its thread has a socket, and tells the loop of it when it may."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.has_socket, self.may_tell = threading.Event(), threading.Event()

    def _on_socket_open(self, *arguments: Any) -> None:
        self.has_socket.set()
        self.may_tell.wait(5)
        super()._on_socket_open(*arguments)


async def test_given_up_while_its_thread_connects_the_socket_is_left_to_the_thread(caplog):
    broker = DeafBroker()
    slow = SlowToConnect("127.0.0.1", await broker.start(), on_refused=print, timeout=5)
    connecting = asyncio.create_task(slow.__aenter__())
    assert await asyncio.to_thread(slow.has_socket.wait, 5)
    connecting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await connecting
    for _ in range(20):  # turns in which a loop that was told of the socket would say goodbye on it
        await asyncio.sleep(0)
    slow.may_tell.set()
    await broker.stop()
    assert caplog.text == ""
