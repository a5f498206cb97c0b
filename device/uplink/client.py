"""`aiomqtt.Client` with what it leaves out: what a PUBACK says, being cancelled, and an end amid something else."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import aiomqtt
import paho.mqtt.client as mqtt
from aiomqtt.types import PahoSocket
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

FIRST_FAILURE = 0x80
"""Reason codes from here on are refusals (MQTT 5, 2.4)."""

T = TypeVar("T")

Refused = Callable[[str], None]


class Client(aiomqtt.Client):
    """One connection. `on_refused` is told the reason of each PUBACK that is a refusal (MQTT 5 at QoS 1 only)."""

    def __init__(self, hostname: str, port: int, *, on_refused: Refused, **options: Any) -> None:  # noqa: ANN401
        super().__init__(hostname, port, **options)
        self._on_refused = on_refused
        self._made = threading.Event()
        """Set by the thread that connects when it is done: until then the socket is its own."""
        self._given_up = False

    async def __aenter__(self) -> Self:
        try:
            return await super().__aenter__()
        except asyncio.CancelledError:
            self._give_up()
            raise

    def _give_up(self) -> None:
        """Abandon what is half made, but not before the loop has done what the thread told it to watch."""
        self._given_up = True
        if self._made.is_set():
            self._loop.call_soon(self.abandon)

    def abandon(self) -> None:
        """Close the socket of a connection that was never accepted; aiomqtt would keep it."""
        self._client.disconnect()

    def _client_connect(self) -> None:
        if not self._given_up:
            try:
                super()._client_connect()
            finally:
                self._made.set()
        if self._made.is_set() and self._given_up:  # while this thread was connecting
            self._loop.call_soon_threadsafe(self.abandon)

    def _on_socket_register_write(self, client: mqtt.Client, _userdata: object, sock: PahoSocket) -> None:
        self._loop.call_soon_threadsafe(self._watch, client, sock)

    def _watch(self, client: mqtt.Client, sock: PahoSocket) -> None:
        """Write when the socket can be written, unless it is closed by now: its number is another's, or nobody's."""
        current = client.socket()
        if current is not None and current is sock:
            self._loop.add_writer(current.fileno(), self._write, client)

    def _write(self, client: mqtt.Client) -> None:
        try:
            client.loop_write()
        except Exception as error:  # noqa: BLE001 - as aiomqtt does: the connection is broken
            if not self._disconnected.done():
                self._disconnected.set_exception(error)

    def _on_publish(
        self,
        client: Any,  # noqa: ANN401
        userdata: Any,  # noqa: ANN401
        mid: int,
        reason_code: ReasonCode,
        properties: Properties,
    ) -> None:
        if reason_code.value >= FIRST_FAILURE:
            self._on_refused(str(reason_code))
        super()._on_publish(client, userdata, mid, reason_code, properties)

    def _on_disconnect(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401
        if not self._connected.cancelled():  # aiomqtt would ask a cancelled future how it ended
            super()._on_disconnect(*arguments, **more)

    async def _wait_for(self, fut: Awaitable[T], timeout: float | None) -> T:  # noqa: ASYNC109 - aiomqtt's signature
        """Wait, and keep a cancellation that came together with the answer: Python 3.11's `wait_for` forgets it."""
        task = asyncio.current_task()
        before = task.cancelling() if task is not None else 0
        result = await super()._wait_for(fut, timeout)
        if task is not None and task.cancelling() > before:
            raise asyncio.CancelledError
        return result
