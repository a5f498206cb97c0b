"""The address under which people reach the gateway: asked as a browser would, from this machine."""

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import msgspec

from gateway.doctor.measurements import Certificate, Plain, Reach, WebAnswer
from gateway.links.instance import instance_of

ANSWER_S = 5.0
"""A page that takes longer to begin is given up by people, too."""

READ_BYTES = 4096
"""Of an answer: ours is a line."""

HEALTH = "/healthz"
KEY_FILE = "links.key"
HTTP_PORT, HTTPS_PORT = 80, 443


class _Health(msgspec.Struct):
    gateway: str


def instance_here(data_dir: Path) -> str | None:
    """Return the name of the gateway that keeps its data there; None before its first start, or if it is not ours."""
    try:
        return instance_of((data_dir / KEY_FILE).read_bytes())
    except OSError:
        return None


def ask(public_url: str) -> WebAnswer:
    """Ask who is at an address. Certificates are checked against the system's authorities (SSL_CERT_FILE adds one)."""
    parts = urlsplit(public_url)
    try:
        with _connected(parts) as (connection, certificate):
            connection.request("GET", parts.path.rstrip("/") + HEALTH)
            answer = connection.getresponse()
            return WebAnswer(Reach.ANSWERED, str(answer.status), certificate, _instance(answer))
    except ssl.SSLCertVerificationError as error:
        return WebAnswer(Reach.NOT_TRUSTED, error.verify_message)
    except ssl.SSLError as error:
        return WebAnswer(Reach.NO_TLS, error.reason or str(error))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return WebAnswer(Reach.UNREACHABLE, str(error) or type(error).__name__)


def ask_plainly(public_url: str, port: int | None = None) -> Plain:
    """Ask the same host without TLS, on `port`; None: on the usual one, if HTTPS is on its usual one."""
    parts = urlsplit(public_url)
    if port is None and (parts.port or HTTPS_PORT) != HTTPS_PORT:
        return Plain.NOT_KNOWN
    connection = http.client.HTTPConnection(parts.hostname or "", port or HTTP_PORT, timeout=ANSWER_S)
    try:
        with closing(connection):
            connection.request("GET", HEALTH)
            answer = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return Plain.CLOSED
    if (answer.getheader("Location") or "").startswith("https://"):
        return Plain.REDIRECTED
    return Plain.SERVED if answer.status == HTTPStatus.OK else Plain.REFUSED


@contextmanager
def _connected(parts: SplitResult) -> Iterator[tuple[http.client.HTTPConnection, Certificate | None]]:
    host = parts.hostname or ""
    if parts.scheme == "http":
        with closing(http.client.HTTPConnection(host, parts.port, timeout=ANSWER_S)) as connection:
            yield connection, None
        return
    connection = http.client.HTTPConnection(host, parts.port or HTTPS_PORT, timeout=ANSWER_S)
    plain = socket.create_connection((host, parts.port or HTTPS_PORT), ANSWER_S)
    with closing(connection), closing(plain):
        secured = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
        connection.sock = secured
        yield connection, _certificate(secured)


def _certificate(secured: ssl.SSLSocket) -> Certificate | None:
    told = secured.getpeercert() or {}
    begin, end = told.get("notBefore"), told.get("notAfter")
    if not isinstance(begin, str) or not isinstance(end, str):
        return None
    ends_s = ssl.cert_time_to_seconds(end)
    return Certificate(left_s=ends_s - time.time(), whole_s=ends_s - ssl.cert_time_to_seconds(begin))


def _instance(answer: http.client.HTTPResponse) -> str | None:
    try:
        return msgspec.json.decode(answer.read(READ_BYTES), type=_Health).gateway
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
