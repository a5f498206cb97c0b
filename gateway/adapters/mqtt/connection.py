"""One connection to the broker. It never connects again by itself: the next one is another object.

That is what makes an acknowledgement safe: it belongs to the connection that the message came over and dies with it.
Written to a later connection, of a broker that lost its session, it would acknowledge somebody else's message.
"""

import asyncio
import contextlib
import logging
import ssl
import time
from collections.abc import Awaitable, Sequence
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import gmqtt
from gmqtt.mqtt.connection import MQTTConnection
from gmqtt.mqtt.package import Package
from gmqtt.mqtt.protocol import MQTTProtocol

from gateway.adapters.mqtt.packets import (
    PUBLISH,
    TYPE_BITS,
    Extent,
    MalformedPacket,
    Version,
    puback,
    publish,
    read_publish,
    split,
)
from gateway.ports import Arrival, Clock, Deliver

GULP_S = 0.008
"""After a read the socket is left alone so long: many small messages are then read at once, for a third of the CPU
(measured, 0030); the delay is far below that of the group they are committed in."""

FULL_READ_BYTES = 64 * 1024
"""A read this long means that more is waiting: it is fetched at once."""

LONGEST_PACKET_BYTES = 128 * 1024
"""Of a longer packet the beginning is taken and the rest is skipped; no message of ours is half as long."""

UNSENT_LIMIT_BYTES = 2**20
"""Bytes that the broker has not taken yet at which answers are dropped: the devices ask again."""

REFUSED = 0x80
"""Codes of a SUBACK from here on are refusals."""

Answer = TypeVar("Answer")


class Sent(StrEnum):
    """What became of an outgoing message."""

    WRITTEN = "written"
    DROPPED = "dropped"


SILENT = logging.getLogger("gmqtt")
SILENT.setLevel(logging.CRITICAL + 1)
"""gmqtt logs each packet and each of our own decisions to hang up; what matters is in the session's condition."""


class IntakeProtocol(MQTTProtocol):
    """Reads PUBLISH packets itself, in gulps, and leaves all others to gmqtt."""

    _connection: Any
    _transport: Any

    def __init__(self, deliver: Deliver, clock: Clock, version: Version, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        self._deliver = deliver
        self._clock = clock
        self._version = version
        self._rest = b""
        self._skip = 0
        self._held = False
        self._outgoing = bytearray()

    def data_received(self, data: bytes) -> None:
        """Take what the socket had."""
        self._connection._last_data_in = time.monotonic()  # noqa: SLF001 - gmqtt's keepalive looks at it
        try:
            self._take(data)
        except MalformedPacket:
            self._transport.abort()
        else:
            self._rest_a_moment(len(data))

    def hold(self) -> None:
        """Read no more until told so."""
        self._held = True
        self._transport.pause_reading()

    def release(self) -> None:
        """Read on."""
        self._held = False
        self._read_on()

    @property
    def unsent_bytes(self) -> int:
        """What was written, or is about to be, and the broker has not taken yet."""
        return len(self._outgoing) + int(self._transport.get_write_buffer_size())

    def _take(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        buffer = self._rest + data if self._rest else data
        received = self._clock.now_ms()
        arrivals: list[Arrival] = []
        done = 0
        for extent in split(buffer):
            first, body, end = extent
            if end > len(buffer) and len(buffer) - body < LONGEST_PACKET_BYTES:
                break
            if first & TYPE_BITS == PUBLISH:
                arrivals.append(self._arrival(buffer, extent, received))
            else:
                self._connection.put_package(Package(first, buffer[body:end]))
            done = end
        self._skip += max(0, done - len(buffer))
        self._rest = buffer[done:]
        if arrivals:
            self._deliver(arrivals)

    def _arrival(self, buffer: bytes, extent: Extent, received: int) -> Arrival:
        topic, payload, retained, packet_id = read_publish(buffer, extent, self._version)
        settle = None if packet_id is None else partial(self._acknowledge, packet_id)
        return Arrival(topic, payload, received, retained, settle)

    def _acknowledge(self, packet_id: int) -> None:
        self.write_soon(puback(packet_id))

    def write_soon(self, packet: bytes) -> None:
        """Gather what leaves: the acknowledgements and answers of one commit are one write."""
        if not self._outgoing:
            asyncio.get_running_loop().call_soon(self._write_outgoing)
        self._outgoing += packet

    def _write_outgoing(self) -> None:
        outgoing, self._outgoing = self._outgoing, bytearray()
        if self._is_open:
            self._transport.write(outgoing)

    def _rest_a_moment(self, size: int) -> None:
        if size < FULL_READ_BYTES and not self._held and self._is_open:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(GULP_S, self._read_on)

    def _read_on(self) -> None:
        if not self._held and self._is_open:
            self._transport.resume_reading()

    @property
    def _is_open(self) -> bool:
        """Whether the socket is there; gmqtt forgets it when the connection is lost, before our timers are due."""
        return self._transport is not None and not self._transport.is_closing()


class HungUp(ConnectionError):  # noqa: N818 - what the broker did
    """The connection ended, or never came about; the message says how."""


class BrokerConnection(gmqtt.Client):
    """Connect, subscribe, and receive until `lost`."""

    def __init__(
        self,
        client_id: str,
        *,
        deliver: Deliver,
        clock: Clock,
        version: Version,
        clean_session: bool,
        will: gmqtt.Message | None,
        **properties: int,
    ) -> None:
        known = properties if version is Version.V5 else {}
        super().__init__(client_id, clean_session=clean_session, will_message=will, logger=SILENT, **known)
        self._deliver = deliver
        self._clock = clock
        self._version = version
        self._protocol: IntakeProtocol | None = None
        self._granted: asyncio.Future[Sequence[int]] | None = None
        self.lost = asyncio.Event()
        self.on_subscribe = _on_subscribe

    async def open(self, host: str, port: int, tls: ssl.SSLContext | None, keepalive_s: int) -> None:
        """Connect and log in.

        Raises:
            OSError: nobody listens there, or TLS fails.
            gmqtt.MQTTConnectError: the broker refuses.
            HungUp: the broker hung up before it answered.

        """
        await self._or_lost(self.connect(host, port, ssl=tls or False, keepalive=keepalive_s, version=self._version))

    async def subscribe_all(self, filters: Sequence[str], qos: int) -> Sequence[str]:
        """Subscribe; return the filters that the broker refuses. Raises `HungUp`."""
        self._granted = asyncio.get_running_loop().create_future()
        self.subscribe([gmqtt.Subscription(each, qos=qos) for each in filters])
        granted = await self._or_lost(self._granted)
        return [each for each, code in zip(filters, granted, strict=True) if code >= REFUSED]

    def send(self, topic: str, payload: bytes) -> Sent:
        """Publish at QoS 0, unless the broker is too far behind with taking what was sent before."""
        if self._protocol is None or not self.is_connected or self._protocol.unsent_bytes > UNSENT_LIMIT_BYTES:
            return Sent.DROPPED
        self._protocol.write_soon(publish(topic, payload, self._version))
        return Sent.WRITTEN

    def announce(self, topic: str, payload: bytes) -> None:
        """Publish a retained message at once, if there is a connection."""
        if self.is_connected:
            self.publish(topic, payload, qos=0, retain=True)

    def hold(self) -> None:
        """Read no more until released."""
        if self._protocol is not None:
            self._protocol.hold()

    def release(self) -> None:
        """Read on."""
        if self._protocol is not None:
            self._protocol.release()

    async def end(self, patience_s: float) -> None:
        """Say goodbye if there is anybody to say it to, and let go of the socket."""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(patience_s):
                await self.disconnect()

    def reconnect(  # type: ignore[override]  # gmqtt only asks for something to await
        self,
        delay: bool = False,  # noqa: FBT001, FBT002, ARG002
    ) -> asyncio.Future[None]:
        """Note that the connection is lost, where gmqtt would make the next one in a task that nobody awaits."""
        self.lost.set()
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def _create_connection(self, host: str, port: int, ssl: Any, clean_session: bool, keepalive: int) -> Any:  # noqa: ANN401, FBT001
        """Do as gmqtt does, with our own protocol."""
        handler = self._package_handler
        self._protocol = IntakeProtocol(
            self._deliver,
            self._clock,
            self._version,
            connection_state=self._connection_state,
            id_generator=handler.id_generator,
        )
        transport, protocol = await asyncio.get_running_loop().create_connection(
            lambda: self._protocol, host, port, ssl=ssl or None
        )
        return MQTTConnection(transport, protocol, clean_session, keepalive, package_handler=handler, logger=SILENT)

    async def _or_lost(self, answer: Awaitable[Answer]) -> Answer:
        """Wait for the broker's answer, but not on a connection that is gone."""
        waiting = asyncio.ensure_future(answer)
        lost = asyncio.ensure_future(self.lost.wait())
        try:
            await asyncio.wait({waiting, lost}, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise HungUp("the broker hung up before it answered")
            return await waiting
        finally:
            waiting.cancel()
            lost.cancel()


def _on_subscribe(client: BrokerConnection, _mid: int, granted: Sequence[int], _properties: object) -> None:
    if client._granted is not None and not client._granted.done():  # noqa: SLF001 - gmqtt hands the client back
        client._granted.set_result(granted)  # noqa: SLF001
