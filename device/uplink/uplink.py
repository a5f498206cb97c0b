"""Keeps a connection to the broker: birth, will, subscriptions, and back again after a pause when it is lost."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import aiomqtt

from device.backoff import Backoff
from device.clock import Clock
from device.logs import Log, StateLog
from device.settings import DeviceSettings, MqttSettings, Protocol
from device.uplink.access import password, tls_context
from device.uplink.client import FIRST_FAILURE, Client
from device.uplink.events import Answered, Connected, Disconnected, Event, GatewayHeard, LineLost, Listener
from wire.codec import WireError, decode_gateway_status, decode_watermark, encode
from wire.messages import DeviceStatus, Presence
from wire.names import VehicleKey
from wire.topics import Channel, Topics

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0
"""A broker that restarts is found again within a minute."""

ANSWER_DEADLINE_S = 10.0
"""For the broker's answer to CONNECT, SUBSCRIBE or PUBLISH; ten times a slow mobile network's round trip."""

FAREWELL_S = 2.0
"""What the offline status may take when the agent ends; without it the will says the same."""

MAX_UNREAD_MESSAGES = 1_000
"""Answers wait here while a batch is read from a slow disk; more are dropped, for the gateway repeats them."""

_VERSIONS = {
    Protocol.AUTO: (aiomqtt.ProtocolVersion.V5, aiomqtt.ProtocolVersion.V311),
    Protocol.V5: (aiomqtt.ProtocolVersion.V5,),
    Protocol.V311: (aiomqtt.ProtocolVersion.V311,),
}
_VERSION_REFUSED = {0x84, 0x81, 1}
"""CONNACK codes of brokers that do not know MQTT 5: unsupported version, malformed packet; 1 is 3.1.1's own."""

Status = Callable[[Presence], Awaitable[DeviceStatus]]


class Refused(Exception):  # noqa: N818 - the broker's decision
    """The broker accepted the connection but not what we need of it; the text says what to do."""


class MqttLine:
    """One live connection, as the delivery sees it."""

    def __init__(self, client: Client, topics: Topics, key: VehicleKey, qos: int) -> None:
        self._client = client
        self._positions = topics.vehicle(key, Channel.POSITIONS)
        self._status = topics.vehicle(key, Channel.STATUS)
        self._qos = qos

    async def positions(self, payload: bytes) -> None:
        """Publish a batch or a question."""
        await self._publish(self._positions, payload, qos=self._qos, retain=False)

    async def status(self, status: DeviceStatus) -> None:
        """Publish the retained status."""
        await self._publish(self._status, encode(status), qos=1, retain=True)

    async def _publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> None:
        try:
            await self._client.publish(topic, payload, qos=qos, retain=retain)
        except (aiomqtt.MqttError, ValueError) as error:
            raise LineLost(str(error)) from error


class Uplink:
    """The agent's connection to one broker.

    Raises:
        SettingsError: the password or a TLS file cannot be used.

    """

    def __init__(
        self, settings: DeviceSettings, *, clock: Clock, random: Callable[[], float], log: Log, status: Status
    ) -> None:
        self._settings = settings.mqtt
        self._key = VehicleKey(settings.fleet, settings.vehicle)
        self._topics = Topics(settings.mqtt.topic_prefix)
        self._password = password(settings.mqtt)
        self._tls = tls_context(settings.mqtt)
        self._clock = clock
        self._state = StateLog(log)
        self._refusals = StateLog(log)
        self._status = status
        self._versions = _VERSIONS[settings.mqtt.protocol]
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S, random)

    async def run(self, listener: Listener) -> None:
        """Connect and stay connected, for ever; cancelling it says goodbye to the broker."""
        while True:
            try:
                await self._connect_and_listen(listener)
            except (aiomqtt.MqttError, LineLost, Refused, OSError) as error:
                self._state.bad(f"{_broker(self._settings)}: {_reason(error)}; trying again")
            await self._clock.sleep(self._backoff.wait_s())

    async def _connect_and_listen(self, listener: Listener) -> None:
        async with self._connection() as client:
            line = MqttLine(client, self._topics, self._key, self._settings.qos)
            try:
                await self._subscribe(client)
                await line.status(await self._status(Presence.ONLINE))
                self._state.good(f"connected to {_broker(self._settings)}")
                self._backoff.reset()
                await listener.hear(Connected(line))
                async for message in client.messages:
                    await self._pass_on(message, listener)
            except asyncio.CancelledError:
                await self._say_goodbye(line)
                raise
            finally:
                await listener.hear(Disconnected())

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[Client]:
        """Connect with the first version that the broker answers, and remember it."""
        will = await self._status(Presence.OFFLINE)
        for version in self._versions:
            client = self._client(version, will)
            try:
                await client.__aenter__()
            except aiomqtt.MqttError as error:
                client.abandon()
                if version is self._versions[-1] or not _may_be_the_version(error):
                    raise
                continue
            self._versions = (version,)
            break
        async with contextlib.AsyncExitStack() as stack:
            stack.push_async_exit(client)
            yield client

    def _client(self, version: aiomqtt.ProtocolVersion, will: DeviceStatus) -> Client:
        return Client(
            self._settings.host,
            self._settings.port,
            on_refused=self._note_refusal,
            identifier=f"{self._key.vehicle}-{will.spool}",
            protocol=version,
            username=self._settings.username,
            password=self._password,
            tls_context=self._tls,
            keepalive=self._settings.keepalive_s,
            will=aiomqtt.Will(self._topics.vehicle(self._key, Channel.STATUS), encode(will), qos=1, retain=True),
            clean_session=True if version is aiomqtt.ProtocolVersion.V311 else None,
            timeout=ANSWER_DEADLINE_S,
            max_queued_incoming_messages=MAX_UNREAD_MESSAGES,
        )

    async def _subscribe(self, client: Client) -> None:
        for topic in (self._topics.vehicle(self._key, Channel.ACK), self._topics.any_gateway_status(self._key.fleet)):
            granted = await client.subscribe(topic, qos=1)
            if _codes(granted) and max(_codes(granted)) >= FIRST_FAILURE:
                raise Refused(f"the broker's ACL does not let us read {topic}")

    async def _pass_on(self, message: aiomqtt.Message, listener: Listener) -> None:
        event = self._read(message)
        if event is not None:
            await listener.hear(event)

    def _read(self, message: aiomqtt.Message) -> Event | None:
        payload = message.payload
        if not payload:  # an empty retained message deletes a status
            return None
        try:
            if message.topic.value == self._topics.vehicle(self._key, Channel.ACK):
                return Answered(decode_watermark(payload))
            return GatewayHeard(decode_gateway_status(payload))
        except WireError as error:
            self._refusals.bad(f"cannot read a message on {message.topic}: {error}")
            return None

    async def _say_goodbye(self, line: MqttLine) -> None:
        with contextlib.suppress(LineLost, TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await line.status(await self._status(Presence.OFFLINE))

    def _note_refusal(self, reason: str) -> None:
        self._refusals.bad(f"the broker refuses our messages: {reason}; look at its ACL for {self._key.vehicle}")


def _broker(settings: MqttSettings) -> str:
    return f"broker {settings.host}:{settings.port}"


def _codes(granted: Iterable[object]) -> list[int]:
    return [code if isinstance(code, int) else int(getattr(code, "value", 0)) for code in granted]


def _may_be_the_version(error: aiomqtt.MqttError) -> bool:
    """Whether an older version may work: the broker refused this one, or did not answer CONNECT at all."""
    if isinstance(error, aiomqtt.exceptions.MqttCodeError):
        code = error.rc if isinstance(error.rc, int) else getattr(error.rc, "value", None)
        return code in _VERSION_REFUSED
    return str(error) == "Operation timed out"


def _reason(error: BaseException) -> str:
    """Return the error with the cause that the library keeps behind it."""
    return f"{error}" if error.__cause__ is None else f"{error} ({error.__cause__})"
