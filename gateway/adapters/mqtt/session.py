"""A session with the broker: one connection after the other, with growing, jittered waits between them."""

import asyncio
import logging
import random
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import gmqtt
import structlog

from gateway.adapters.mqtt.connection import BrokerConnection, Sent
from gateway.adapters.mqtt.packets import Version
from gateway.ports import Clock, Condition, Deliver
from gateway.settings import MqttProtocol, MqttSettings

log = structlog.get_logger(__name__)

CONNECT_S = 10.0
"""How long a broker may take to accept and grant what is asked; then another try is worth more than waiting."""

KEEPALIVE_S = 30
"""The broker says that the gateway is gone after one and a half of it: devices then keep their spools."""

GOODBYE_S = 2.0
"""How long a parting message may take at the end."""

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 15.0
"""Between two tries at most: a broker that was away for an hour is found within this, and is not flooded meanwhile."""

STEADY_S = 10.0
"""A connection that held so long ends the growing of the waits; two gateways of one id would else take the session
from each other some times a second."""


class BrokerState(StrEnum):
    """How the session is, for /readyz."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    PAUSED = "paused"
    LOST = "lost"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    SUBSCRIPTION_REFUSED = "subscription_refused"


class SubscriptionRefused(ConnectionError):  # noqa: N818 - what the broker said
    """The broker's ACL forbids what the gateway lives by."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A retained message by which others see whether this session is there."""

    topic: str
    online: bytes
    offline: bytes


@dataclass(frozen=True, slots=True)
class Terms:
    """What a session asks of the broker."""

    client_id: str
    filters: Sequence[str]
    qos: int
    clean_session: bool
    announcement: Announcement | None = None
    properties: dict[str, int] = field(default_factory=dict)


class BrokerSession:
    """Receives by `terms` until cancelled. That the broker is away, at the start or later, is no error."""

    def __init__(self, settings: MqttSettings, terms: Terms, clock: Clock) -> None:
        self._settings = settings
        self._terms = terms
        self._clock = clock
        self._connection: BrokerConnection | None = None
        self._reading = asyncio.Event()
        self._reading.set()
        self._condition = Condition(BrokerState.CONNECTING, clock.now_ms(), "")
        self.dropped = 0

    @property
    def condition(self) -> Condition:
        """How the session is."""
        return self._condition

    async def run(self, deliver: Deliver) -> None:
        """Connect, and connect again, until cancelled."""
        waits = _waits()
        loop = asyncio.get_running_loop()
        while True:
            await self._reading.wait()  # while nothing more can be taken, the devices had better see us gone
            started = loop.time()
            try:
                await self._be_connected(deliver)
            except (OSError, TimeoutError, gmqtt.MQTTConnectError) as error:
                self._become(*_explained(error))
            if loop.time() - started > STEADY_S:
                waits = _waits()
            await asyncio.sleep(next(waits))

    def pause(self) -> None:
        """Stop reading."""
        self._reading.clear()
        if self._connection is not None:
            self._connection.hold()
            self._become(BrokerState.PAUSED, "too much waits for its commit")

    def resume(self) -> None:
        """Read on."""
        self._reading.set()
        if self._connection is not None:
            self._connection.release()
            self._become(BrokerState.CONNECTED, "")

    def send(self, topic: str, payload: bytes) -> None:
        """Publish at QoS 0, or drop and count it."""
        if self._connection is None or self._connection.send(topic, payload) is Sent.DROPPED:
            self.dropped += 1

    async def _be_connected(self, deliver: Deliver) -> None:
        connection = self._new_connection(deliver)
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._set_up(connection)
            self._connection = connection
            self.resume() if self._reading.is_set() else self.pause()
            await connection.lost.wait()
            self._become(BrokerState.LOST, "the connection ended; if it keeps ending: another gateway may have this id")
        except asyncio.CancelledError:
            self._announce(connection, online=False)
            raise
        finally:
            self._connection = None
            await connection.end(GOODBYE_S)

    async def _set_up(self, connection: BrokerConnection) -> None:
        settings = self._settings
        if settings.username is not None:
            connection.set_auth_credentials(settings.username, _password(settings.password_file))
        await connection.open(settings.host, settings.port, tls_context(settings), KEEPALIVE_S)
        refused = await connection.subscribe_all(self._terms.filters, self._terms.qos)
        if refused:
            raise SubscriptionRefused(f"the broker refuses {', '.join(refused)}: see its ACL")
        self._announce(connection, online=True)

    def _new_connection(self, deliver: Deliver) -> BrokerConnection:
        announcement = self._terms.announcement
        return BrokerConnection(
            self._terms.client_id,
            deliver=deliver,
            clock=self._clock,
            version=_VERSIONS[self._settings.protocol],
            clean_session=self._terms.clean_session,
            will=None if announcement is None else _retained(announcement.topic, announcement.offline),
            **self._terms.properties,
        )

    def _announce(self, connection: BrokerConnection, *, online: bool) -> None:
        announcement = self._terms.announcement
        if announcement is not None:
            payload = announcement.online if online else announcement.offline
            connection.announce(announcement.topic, payload)

    def _become(self, state: BrokerState, detail: str) -> None:
        before = self._condition
        if (before.state, before.detail) == (state, detail):
            return
        self._condition = Condition(state, self._clock.now_ms(), detail)
        level = _log_level(before.state, state)
        log.log(level, "broker.state", state=state, detail=detail, client=self._terms.client_id)


def _log_level(before: str, state: BrokerState) -> int:
    """Return how loud a change is. Pauses are many a second under load, and no trouble."""
    if BrokerState.PAUSED in (before, state):
        return logging.DEBUG
    return logging.INFO if state is BrokerState.CONNECTED else logging.WARNING


def _retained(topic: str, payload: bytes) -> gmqtt.Message:
    return gmqtt.Message(topic, payload, qos=1, retain=True)


_VERSIONS = {MqttProtocol.MQTT_5: Version.V5, MqttProtocol.MQTT_3_1_1: Version.V3_1_1}


def tls_context(settings: MqttSettings) -> ssl.SSLContext | None:
    """Return how to speak TLS by the settings; None to speak in the clear.

    Raises:
        OSError: a file is missing or is no certificate or key.

    """
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.tls_ca_file)
        if settings.tls_cert_file is not None:
            context.load_cert_chain(settings.tls_cert_file, settings.tls_key_file)
    except OSError as error:
        raise OSError(f"cannot use the tls_… files of [mqtt]: {error.strerror or error}") from error
    return context


def _password(path: Path | None) -> str | None:
    """Read the password anew for each connection, so that it can be changed."""
    try:
        return None if path is None else path.read_text().strip()
    except OSError as error:
        raise OSError(f"cannot read password_file {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise OSError(f"password_file {path} is no text: it holds the password alone") from error


def _explained(error: Exception) -> tuple[BrokerState, str]:
    if isinstance(error, SubscriptionRefused):
        return BrokerState.SUBSCRIPTION_REFUSED, str(error)
    if isinstance(error, gmqtt.MQTTConnectError):
        return BrokerState.REFUSED, f"the broker refuses the login: {error}"
    if isinstance(error, TimeoutError):
        return BrokerState.UNREACHABLE, f"no answer within {CONNECT_S:.0f} s; does it speak the protocol set?"
    return BrokerState.UNREACHABLE, str(error)


def _waits() -> Iterator[float]:
    """Yield growing waits, each shortened at random by up to a half, so that not all clients come at once."""
    wait_s = FIRST_WAIT_S
    while True:
        yield wait_s * random.uniform(0.5, 1)  # noqa: S311 - no secret
        wait_s = min(wait_s * 2, LONGEST_WAIT_S)
