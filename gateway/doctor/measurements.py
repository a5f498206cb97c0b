"""What the probes measure: facts without judgement. Bytes, seconds, hours; None is unknown."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Login(StrEnum):
    """What came of an attempt to log in at the broker."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the broker announced at the login (MQTT 5, CONNACK), with the protocol's defaults filled in."""

    maximum_packet_bytes: int | None
    receive_maximum: int
    topic_alias_maximum: int


@dataclass(frozen=True, slots=True)
class LoginResult:
    """How a login went, the broker's or the system's own words, and the limits if the broker told them."""

    login: Login
    detail: str = ""
    limits: Limits | None = None


class Attempt(StrEnum):
    """What the broker said to a publish at QoS 1. MQTT 3.1.1 acknowledges what it drops: `untold`."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNTOLD = "untold"
    UNANSWERED = "unanswered"


class Delivery(StrEnum):
    """Whether something that was waited for came."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"


class Session(StrEnum):
    """Whether the broker still knew a session at the next connection."""

    KEPT = "kept"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Trespass:
    """What a vehicle's credentials can do at the broker."""

    writes_own_positions: Attempt
    writes_own_ack: Attempt
    writes_another_vehicle: Attempt
    reads_another_vehicle: Delivery | None
    gateway_answers: Delivery


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the database keeps positions: hours, or None for ever."""

    hours: float | None


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """A database that answered: its version, how far its clock is ahead of ours, how long it keeps things."""

    version: str | None
    ahead_s: float | None
    retention: Retention | None


class KernelClock(StrEnum):
    """Whether something keeps the system's clock right."""

    SYNCHRONISED = "synchronised"
    UNSYNCHRONISED = "unsynchronised"


@dataclass(frozen=True, slots=True)
class JournalGrowth:
    """The journal's size and how many hours of records are in it."""

    size_bytes: int
    hours: float


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system under the data directory; `fsync_s` are measured times of write and fsync of one page."""

    free_bytes: int
    total_bytes: int
    file_system: str | None
    fsync_s: tuple[float, ...]


class Reach(StrEnum):
    """What came of asking the address under which people reach the gateway."""

    ANSWERED = "answered"
    UNREACHABLE = "unreachable"
    NO_TLS = "no TLS"
    NOT_TRUSTED = "certificate not trusted"


class Plain(StrEnum):
    """What becomes of a request without TLS. `not_known`: it is not known where to ask."""

    REDIRECTED = "redirected"
    SERVED = "served"
    REFUSED = "refused"
    CLOSED = "closed"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A trusted certificate: how long it is still valid, and how long it was when it was issued."""

    left_s: float
    whole_s: float


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """Who is at an address. `detail` is the status, or the system's own words; `instance` names a gateway."""

    reach: Reach
    detail: str
    certificate: Certificate | None = None
    instance: str | None = None


@dataclass(frozen=True, slots=True)
class FileMode:
    """A file or directory, and its permission bits; None if it is not there."""

    path: Path
    mode: int | None
