"""What the broker's answers mean."""

from collections.abc import Iterator, Mapping

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.measurements import Attempt, Delivery, Limits, Login, LoginResult, Session, Trespass
from wire.messages import MAX_PAYLOAD_BYTES

PACKET_OVERHEAD_BYTES = 512
"""Topic (up to 160 characters), properties and header around a payload of the largest size."""

DEVICE_WINDOW = 32
"""Messages that an agent keeps in flight (docs/decisions/0002); a smaller Receive Maximum would slow a backlog down."""

LONGEST_AUTOSAVE_S = 60
"""A killed broker loses what came since; more than a minute of a persistent session is more than anyone expects."""

_ONE_TOPIC_A_LINE = "use an acl_file with one topic a line (config/mosquitto/acl)"

_ACTIONS = {
    Login.REFUSED: "check username and password_file, and that the broker's password_file has that user (then SIGHUP)",
    Login.UNREACHABLE: "check host and port in [mqtt], that the broker runs, and the firewall",
    Login.TLS_FAILED: "check tls_ca_file, and that the certificate names this host and has not expired",
    Login.UNANSWERED: "the port is open but is no MQTT listener, or wants TLS (tls = true) where none was used",
}


def judge_login(result: LoginResult, who: str) -> Finding:
    """Judge whether `who` can log in."""
    if result.login is Login.ACCEPTED:
        return _finding(Verdict.OK, f"{who} can log in")
    words = f": {result.detail}" if result.detail else ""
    return _finding(Verdict.PROBLEM, f"{who} cannot log in, {result.login}{words}", _ACTIONS[result.login])


def judge_anonymous(result: LoginResult) -> Finding:
    """Judge whether strangers come in."""
    if result.login is Login.ACCEPTED:
        return _finding(
            Verdict.PROBLEM,
            "anybody can log in without a name: vehicles can be forged and watched",
            "set allow_anonymous false and a password_file (config/mosquitto)",
        )
    if result.login is Login.REFUSED:
        return _finding(Verdict.OK, "nobody comes in without a name")
    return _finding(Verdict.UNKNOWN, f"whether strangers come in could not be tried: {result.login} {result.detail}")


def judge_secrecy(host: str, *, encrypted: bool) -> Finding:
    """Judge whether passwords and positions can be read on the way."""
    if encrypted:
        return _finding(Verdict.OK, "the connection is encrypted and the broker's certificate was checked")
    if host in {"127.0.0.1", "localhost", "::1"}:
        return _finding(Verdict.OK, "not encrypted, but it does not leave this machine")
    return _finding(
        Verdict.WARNING,
        f"passwords and positions travel to {host} in the clear",
        "use a TLS listener (config/mosquitto), tls = true and tls_ca_file",
    )


def judge_limits(limits: Limits | None) -> Iterator[Finding]:
    """Judge what the broker announced."""
    if limits is None:
        yield _finding(
            Verdict.UNKNOWN, "a broker tells its limits by MQTT 5 only", 'set protocol = "5" if it speaks it'
        )
        return
    yield _judge_packet(limits.maximum_packet_bytes)
    if limits.receive_maximum < DEVICE_WINDOW:
        yield _finding(
            Verdict.WARNING,
            f"the broker takes {limits.receive_maximum} messages in flight: backlogs at QoS 1 arrive slowly",
            f"set max_inflight_messages to {DEVICE_WINDOW} or more",
        )
    else:
        yield _finding(Verdict.OK, f"{limits.receive_maximum} messages may be in flight")
    yield _finding(Verdict.OK, f"{limits.topic_alias_maximum} topic aliases")


def _judge_packet(maximum_bytes: int | None) -> Finding:
    needed = MAX_PAYLOAD_BYTES + PACKET_OVERHEAD_BYTES
    if maximum_bytes is None:
        return _finding(
            Verdict.WARNING,
            "the broker announces no largest packet: one client can fill its memory",
            "set max_packet_size 66560 (config/mosquitto)",
        )
    if maximum_bytes < needed:
        return _finding(
            Verdict.PROBLEM,
            f"the broker takes packets of {maximum_bytes} bytes: larger batches are refused and never arrive",
            f"set max_packet_size to {needed} or more",
        )
    return _finding(Verdict.OK, f"packets of up to {maximum_bytes} bytes pass")


def judge_session(session: Session | None, *, needed: bool) -> Finding:
    """Judge whether a session outlives its connection; `needed` by trackers without a spool (OwnTracks)."""
    if session is Session.KEPT:
        return _finding(Verdict.OK, "the broker keeps sessions between connections")
    if session is None:
        return _finding(Verdict.UNKNOWN, "whether sessions are kept could not be tried")
    verdict = Verdict.PROBLEM if needed else Verdict.WARNING
    return _finding(
        verdict,
        "the broker forgets sessions at once: what OwnTracks phones send while the gateway is away is lost",
        "allow persistent sessions (persistent_client_expiration), or use owntracks = false",
    )


def judge_gateway_answer(attempt: Attempt) -> Finding:
    """Judge whether the gateway may acknowledge."""
    match attempt:
        case Attempt.ALLOWED:
            return _finding(Verdict.OK, "the gateway may acknowledge to vehicles")
        case Attempt.DENIED:
            return _finding(
                Verdict.PROBLEM,
                "the gateway may not write acknowledgements: vehicles keep and repeat everything for ever",
                "add the gateway's lines of config/mosquitto/acl",
            )
        case _:
            return _unheard("whether the gateway may acknowledge", attempt)


def judge_trespass(found: Trespass, vehicle: str) -> Iterator[Finding]:
    """Judge what a vehicle's credentials can do: its own positions, and nothing else."""
    yield _must_be_allowed(found.writes_own_positions, vehicle)
    yield _must_be_denied(found.writes_own_ack, vehicle, "forge its own acknowledgement, and so lose positions")
    yield _must_be_denied(found.writes_another_vehicle, vehicle, "send positions in another vehicle's name")
    if found.reads_another_vehicle is not None:
        yield _judge_reading(found.reads_another_vehicle, vehicle)
    if found.gateway_answers is Delivery.CAME:
        yield _finding(Verdict.OK, f"a gateway answered {vehicle}: the whole way there and back works")
    else:
        yield _finding(
            Verdict.WARNING,
            f"no gateway answered {vehicle}",
            "start the gateway, and see that the vehicle is registered (milepost devices list)",
        )


def _must_be_allowed(attempt: Attempt, vehicle: str) -> Finding:
    match attempt:
        case Attempt.ALLOWED:
            return _finding(Verdict.OK, f"{vehicle} may send its positions")
        case Attempt.DENIED:
            return _finding(
                Verdict.PROBLEM,
                f"{vehicle} may not send its own positions",
                "add its lines to the broker's acl_file (milepost devices add prints them)",
            )
        case _:
            return _unheard(f"whether {vehicle} may send its positions", attempt)


def _must_be_denied(attempt: Attempt, vehicle: str, deed: str) -> Finding:
    match attempt:
        case Attempt.DENIED:
            return _finding(Verdict.OK, f"{vehicle} cannot {deed}")
        case Attempt.ALLOWED:
            return _finding(Verdict.PROBLEM, f"{vehicle} can {deed}", _ONE_TOPIC_A_LINE)
        case _:
            return _unheard(f"whether {vehicle} can {deed}", attempt)


def _judge_reading(delivery: Delivery, vehicle: str) -> Finding:
    if delivery is Delivery.DID_NOT_COME:
        return _finding(Verdict.OK, f"{vehicle} cannot read what is sent to others")
    return _finding(
        Verdict.PROBLEM,
        f"{vehicle} can read what is sent to other vehicles",
        _ONE_TOPIC_A_LINE,
    )


def judge_broker_file(options: Mapping[str, str]) -> Iterator[Finding]:
    """Judge what only the broker's own configuration tells (Mosquitto's options by name)."""
    if options.get("persistence") != "true":
        yield _finding(
            Verdict.WARNING,
            "the broker keeps nothing on disk: a restart loses sessions and retained status messages",
            "set persistence true and autosave_interval 10",
        )
    elif int(options.get("autosave_interval", "1800")) > LONGEST_AUTOSAVE_S:
        yield _finding(
            Verdict.WARNING,
            f"the broker saves every {options.get('autosave_interval', '1800')} s: killed, it loses what came since",
            "set autosave_interval 10",
        )
    else:
        yield _finding(Verdict.OK, "the broker saves its sessions often")
    yield _judge_queue(int(options.get("max_queued_messages", "1000")))


def _judge_queue(most_messages: int) -> Finding:
    if most_messages == 0:
        return _finding(
            Verdict.WARNING,
            "max_queued_messages 0 makes Mosquitto 2.0.11 close a connection at each refused publish",
            "set max_queued_messages 10000000 and bound by max_queued_bytes",
        )
    if most_messages <= 1000:
        return _finding(
            Verdict.WARNING,
            f"beyond {most_messages} messages for a client that is away the broker drops in silence",
            "set max_queued_messages 10000000 and bound by max_queued_bytes",
        )
    return _finding(Verdict.OK, "the broker's queues are bounded by bytes")


def broker_file_not_given() -> Finding:
    """Return what to say when nobody named the broker's configuration."""
    return _finding(
        Verdict.UNKNOWN,
        "whether the broker saves to disk cannot be seen from outside",
        "on the broker's machine: --broker-config /etc/mosquitto/mosquitto.conf",
    )


def vehicle_not_given() -> Finding:
    """Return what to say when there are no credentials of a vehicle to try the ACL with."""
    return _finding(
        Verdict.UNKNOWN,
        "what a vehicle may do at the broker was not tried",
        "--vehicle NAME --password-file FILE: it then tries to write other topics, and must fail",
    )


def _unheard(what: str, attempt: Attempt) -> Finding:
    why = "MQTT 3.1.1 acknowledges what it drops" if attempt is Attempt.UNTOLD else "the broker did not answer"
    return _finding(Verdict.UNKNOWN, f"{what}: {why}")


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.BROKER, verdict, meaning, action)
