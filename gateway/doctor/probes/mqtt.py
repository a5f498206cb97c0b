"""One MQTT connection of the doctor's: says what the broker answers to each step."""

import secrets
import ssl
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.doctor.measurements import Attempt, Delivery, Limits, Login, LoginResult
from gateway.settings import MqttProtocol, MqttSettings

ANSWER_S = 5.0
"""A broker that takes longer for a login or an acknowledgement is as good as none to a vehicle on a mobile network."""

RECEIVE_MAXIMUM_DEFAULT = 65_535
"""What MQTT 5 lets a broker mean by saying nothing."""


class Credentials(msgspec.Struct, frozen=True):
    """A user of the broker; both None is a stranger."""

    user: str | None = None
    password: str | None = None


class Connection:
    """A connection that is used by one thread; `close` ends it in order."""

    def __init__(self, settings: MqttSettings, credentials: Credentials, client_id: str | None = None) -> None:
        """Prepare; nothing is sent before `open`."""
        self._settings = settings
        self._changed = threading.Condition()
        self._answer: tuple[ReasonCode, Properties | None, bool] | None = None
        self._acknowledged: dict[int, ReasonCode] = {}
        self._subscribed: set[int] = set()
        self._heard: list[tuple[str, bytes]] = []
        self._lost = False
        self._client = self._make(client_id or f"doctor-{secrets.token_hex(6)}", credentials)

    def open(self, *, clean: bool = True, keep_s: int = 0) -> LoginResult:
        """Log in; without `clean`, to a session that is kept for `keep_s` seconds after the connection (MQTT 5)."""
        try:
            self._secure()
            self._connect(clean=clean, keep_s=keep_s)
        except (ssl.SSLError, ssl.CertificateError) as error:
            return LoginResult(Login.TLS_FAILED, str(error))
        except OSError as error:
            return LoginResult(Login.UNREACHABLE, error.strerror or str(error))
        self._client.loop_start()
        if not self._wait(lambda: self._answer is not None) or self._answer is None:
            return LoginResult(Login.UNANSWERED)
        reason, properties, _ = self._answer
        if reason.is_failure:
            return LoginResult(Login.REFUSED, str(reason))
        return LoginResult(Login.ACCEPTED, limits=_limits(properties) if self._speaks_5 else None)

    @property
    def session_present(self) -> bool:
        """Whether the broker said that it knew this client's session."""
        return self._answer is not None and self._answer[2]

    def publish(self, topic: str, payload: bytes) -> Attempt:
        """Publish at QoS 1, never retained, and return what the broker said."""
        number = self._client.publish(topic, payload, qos=1).mid
        if not self._wait(lambda: number in self._acknowledged or self._lost):
            return Attempt.UNANSWERED
        if number not in self._acknowledged:
            return Attempt.DENIED  # some brokers answer a forbidden publish by hanging up
        if not self._speaks_5:
            return Attempt.UNTOLD
        return Attempt.DENIED if self._acknowledged[number].is_failure else Attempt.ALLOWED

    def subscribe(self, topic: str) -> None:
        """Ask for a topic and wait for the broker's answer; whether anything comes is what counts."""
        _, number = self._client.subscribe(topic, qos=1)
        self._wait(lambda: number in self._subscribed or self._lost)

    def heard_so_far(self, topic: str) -> Delivery:
        """Return whether a message on `topic` has come."""
        with self._changed:
            came = any(heard == topic for heard, _ in self._heard)
        return Delivery.CAME if came else Delivery.DID_NOT_COME

    def heard_with(self, topic: str, part: bytes) -> Delivery:
        """Wait for a message on `topic` that contains `part`."""
        came = self._wait(lambda: any(heard == topic and part in payload for heard, payload in self._heard))
        return Delivery.CAME if came else Delivery.DID_NOT_COME

    def close(self) -> None:
        """Disconnect and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def _speaks_5(self) -> bool:
        return self._settings.protocol is MqttProtocol.MQTT_5

    def _make(self, client_id: str, credentials: Credentials) -> paho.Client:
        version = MQTTProtocolVersion.MQTTv5 if self._speaks_5 else MQTTProtocolVersion.MQTTv311
        clean = None if self._speaks_5 else True
        client = paho.Client(
            CallbackAPIVersion.VERSION2,
            client_id,
            clean_session=clean,
            protocol=version,
            reconnect_on_failure=False,
        )
        if credentials.user is not None:
            client.username_pw_set(credentials.user, credentials.password)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect_timeout = ANSWER_S
        return client

    def _secure(self) -> None:
        if not self._settings.tls:
            return
        context = ssl.create_default_context(cafile=_text(self._settings.tls_ca_file))
        if self._settings.tls_cert_file is not None:
            context.load_cert_chain(self._settings.tls_cert_file, self._settings.tls_key_file)
        self._client.tls_set_context(context)

    def _connect(self, *, clean: bool, keep_s: int) -> None:
        if not self._speaks_5:
            self._client.connect(self._settings.host, self._settings.port)
            return
        wishes = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        wishes.SessionExpiryInterval = keep_s
        self._client.connect(self._settings.host, self._settings.port, clean_start=clean, properties=wishes)

    def _wait(self, condition: Callable[[], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(condition, ANSWER_S)

    def _on_connect(
        self, _c: object, _u: object, flags: paho.ConnectFlags, reason: ReasonCode, told: Properties | None
    ) -> None:
        with self._changed:
            self._answer = (reason, told, bool(flags.session_present))
            self._changed.notify_all()

    def _on_disconnect(self, *_: object) -> None:
        with self._changed:
            self._lost = True
            self._changed.notify_all()

    def _on_publish(self, _c: object, _u: object, number: int, reason: ReasonCode, _p: object) -> None:
        with self._changed:
            self._acknowledged[number] = reason
            self._changed.notify_all()

    def _on_subscribe(self, _c: object, _u: object, number: int, *_: object) -> None:
        with self._changed:
            self._subscribed.add(number)
            self._changed.notify_all()

    def _on_message(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        with self._changed:
            self._heard.append((message.topic, bytes(message.payload)))
            self._changed.notify_all()


def _limits(told: Properties | None) -> Limits:
    return Limits(
        maximum_packet_bytes=getattr(told, "MaximumPacketSize", None),
        receive_maximum=getattr(told, "ReceiveMaximum", RECEIVE_MAXIMUM_DEFAULT),
        topic_alias_maximum=getattr(told, "TopicAliasMaximum", 0),
    )


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
