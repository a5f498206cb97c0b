"""The gateway's two kinds of session.

Native topics come over a clean session, one a fleet: the devices hold the truth, so nothing needs to wait in the
broker, and the session's will tells the fleet's devices that the gateway is gone. Phones have no spool behind them:
their topics come over a session that the broker keeps, at QoS 1, acknowledged after the journal's commit.
"""

from gateway.adapters.mqtt.session import Announcement, BrokerSession, Terms
from gateway.intake import owntracks
from gateway.ports import Clock
from gateway.settings import GatewaySettings
from wire.codec import encode
from wire.messages import VERSION, GatewayStatus, Presence
from wire.names import VehicleKey
from wire.topics import Channel, Topics

SESSION_EXPIRY_S = 7 * 86_400
"""How long a broker keeps the phones' messages for a gateway that is away (MQTT 5; else as long as it likes)."""

IN_FLIGHT = 1_000
"""Unacknowledged messages of phones that the gateway asks for at once; brokers overshoot it, the bytes are bounded
by the stage."""

LARGEST_PACKET_BYTES = 256 * 1024
"""What an MQTT 5 broker is asked not to exceed; a longer message is quarantined anyway."""


class FleetAnswers:
    """Publishes watermarks over the session of the vehicle's fleet; satisfies `ports.Answers`."""

    def __init__(self, sessions: dict[str, BrokerSession], topics: Topics) -> None:
        self._sessions = sessions
        self._topics = topics

    def watermark(self, key: VehicleKey, payload: bytes) -> None:
        """Send an encoded watermark; dropped where no session is connected (the device asks again)."""
        session = self._sessions.get(key.fleet)
        if session is not None:
            session.send(self._topics.vehicle(key, Channel.ACK), payload)


def native_sessions(settings: GatewaySettings, clock: Clock) -> dict[str, BrokerSession]:
    """Return a session a fleet, by the fleet's name."""
    return {fleet: _native_session(settings, fleet, clock) for fleet in settings.fleets}


def phone_session(settings: GatewaySettings, clock: Clock) -> BrokerSession:
    """Return the session for OwnTracks."""
    return BrokerSession(settings.mqtt, _phone_terms(settings), clock)


def topics_of(settings: GatewaySettings) -> Topics:
    """Return the topics under the configured prefix."""
    return Topics(settings.mqtt.topic_prefix)


def _native_session(settings: GatewaySettings, fleet: str, clock: Clock) -> BrokerSession:
    topics = topics_of(settings)
    terms = Terms(
        client_id=f"milepost-{settings.id}-{fleet}",
        filters=[topics.any_vehicle(channel, fleet) for channel in (Channel.POSITIONS, Channel.STATUS)],
        qos=settings.mqtt.native_qos,
        clean_session=True,
        announcement=Announcement(
            topics.gateway_status(fleet, settings.id),
            encode(GatewayStatus(v=VERSION, state=Presence.ONLINE, gateway=settings.id, since=clock.now_ms())),
            encode(GatewayStatus(v=VERSION, state=Presence.OFFLINE, gateway=settings.id)),
        ),
        properties={"maximum_packet_size": LARGEST_PACKET_BYTES},
    )
    return BrokerSession(settings.mqtt, terms, clock)


def _phone_terms(settings: GatewaySettings) -> Terms:
    return Terms(
        client_id=f"milepost-{settings.id}-phones",
        filters=[owntracks.SUBSCRIPTION],
        qos=1,
        clean_session=False,
        properties={
            "session_expiry_interval": SESSION_EXPIRY_S,
            "receive_maximum": IN_FLIGHT,
            "maximum_packet_size": LARGEST_PACKET_BYTES,
        },
    )
