"""What the broker lets the gateway, a vehicle and a stranger do.

Nothing that is sent can be taken for a position or an acknowledgement: it is a question for the watermark of a spool
that no device has, or an answer to one, and none of it is retained.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gateway.doctor.measurements import Attempt, Delivery, Login, LoginResult, Session, Trespass
from gateway.doctor.probes.mqtt import Connection, Credentials
from gateway.settings import MqttSettings
from wire.codec import encode
from wire.messages import VERSION, Envelope, Watermark
from wire.names import VehicleKey
from wire.topics import Channel, Topics

KEEP_S = 60
"""Seconds that a tried session is asked to be kept: longer than the next connection takes."""

MAX_FILE_BYTES = 1_000_000
"""Of a broker's configuration: a thousand times a long one."""


@contextmanager
def connected(settings: MqttSettings, credentials: Credentials) -> Iterator[tuple[Connection, LoginResult]]:
    """Yield a connection and how the login went."""
    connection = Connection(settings, credentials)
    try:
        yield connection, connection.open()
    finally:
        connection.close()


def try_login(settings: MqttSettings, credentials: Credentials) -> LoginResult:
    """Log in and out."""
    with connected(settings, credentials) as (_, result):
        return result


def try_session(settings: MqttSettings, credentials: Credentials) -> Session | None:
    """Leave a session and come back to it, then end it; None if a login failed."""
    client_id = f"doctor-{secrets.token_hex(6)}"
    for keep_s in (KEEP_S, 0):
        connection = Connection(settings, credentials, client_id)
        try:
            if connection.open(clean=keep_s > 0, keep_s=keep_s).login is not Login.ACCEPTED:
                return None
            kept = connection.session_present
        finally:
            connection.close()
    return Session.KEPT if kept else Session.FORGOTTEN


def try_acknowledging(gateway: Connection, topics: Topics, fleet: str) -> Attempt:
    """Try the gateway's right to acknowledge, on the topic of a vehicle that does not exist."""
    return gateway.publish(topics.vehicle(_nobody(fleet), Channel.ACK), _answer(_spool()))


def try_trespass(vehicle: Connection, gateway: Connection | None, topics: Topics, key: VehicleKey) -> Trespass:
    """Try what the vehicle may do, and what it must not.

    `gateway` sends what the vehicle must not be able to read; without it that is not tried.
    """
    spool = _spool()
    vehicle.subscribe(topics.vehicle(key, Channel.ACK))
    own = vehicle.publish(topics.vehicle(key, Channel.POSITIONS), _question(spool))
    answered = vehicle.heard_with(topics.vehicle(key, Channel.ACK), spool.encode())
    return Trespass(
        writes_own_positions=own,
        writes_own_ack=vehicle.publish(topics.vehicle(key, Channel.ACK), _answer(spool)),
        writes_another_vehicle=vehicle.publish(topics.vehicle(_nobody(key.fleet), Channel.POSITIONS), _question(spool)),
        reads_another_vehicle=None if gateway is None else _try_reading(vehicle, gateway, topics, key),
        gateway_answers=answered,
    )


def read_broker_file(path: Path) -> Mapping[str, str]:
    """Return Mosquitto's options by name, the last of each; raises OSError."""
    with path.open(errors="replace") as file:
        lines = (line.strip() for line in file.read(MAX_FILE_BYTES).splitlines())
        pairs = (line.partition(" ") for line in lines if line and not line.startswith("#"))
        return {name: value.strip() for name, _, value in pairs}


def _try_reading(vehicle: Connection, gateway: Connection, topics: Topics, key: VehicleKey) -> Delivery | None:
    """Send another vehicle's answer, then one of its own: the broker keeps the order, so the second ends the wait."""
    foreign = topics.vehicle(_nobody(key.fleet), Channel.ACK)
    vehicle.subscribe(foreign)
    last = _spool()
    gateway.publish(foreign, _answer(_spool()))
    gateway.publish(topics.vehicle(key, Channel.ACK), _answer(last))
    if vehicle.heard_with(topics.vehicle(key, Channel.ACK), last.encode()) is Delivery.DID_NOT_COME:
        return None
    return vehicle.heard_so_far(foreign)


def _nobody(fleet: str) -> VehicleKey:
    return VehicleKey(fleet, f"doctor-{secrets.token_hex(6)}")


def _spool() -> str:
    return f"doctor-{secrets.token_hex(6)}"


def _question(spool: str) -> bytes:
    return encode(Envelope(v=VERSION, spool=spool, after=0, seq=1, sent=0, positions=[]))


def _answer(spool: str) -> bytes:
    return encode(Watermark(v=VERSION, spool=spool, seq=0))
