"""Sends letters to one webhook over HTTP; satisfies `ports.Post`."""

import os
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

import aiohttp
import structlog
from yarl import URL

from gateway.adapters.webhooks.guard import ForbiddenAddress, GuardedResolver, Network, require_permitted_literal
from gateway.domain.letter import Fate, Letter, Report
from gateway.sending.signing import LetterTooLarge, write_body, write_headers
from gateway.sending.standing import AT_ONCE
from gateway.sending.verdict import Trouble, of_answer, of_trouble

LARGEST_ANSWER_BYTES = 64 * 1024
"""Of an answer's body, which nobody reads: so much is taken off the line for the connection to be used again. Of a
longer one the connection is closed; it is the status that counts."""

CONNECTIONS = 2 * AT_ONCE
"""So many letters can be under way: events, and messages to customers where the webhook is a channel, too."""

IDLE_S = 2.0
"""How long a connection is kept for the next letter: less than the five seconds after which many servers close it. A
letter that meets its closing has lost an attempt."""

log = structlog.get_logger(__name__)

_TROUBLES: tuple[tuple[type[Exception], Trouble], ...] = (
    (ForbiddenAddress, Trouble.FORBIDDEN_ADDRESS),
    (TimeoutError, Trouble.TIMED_OUT),
    (aiohttp.ClientConnectorDNSError, Trouble.UNKNOWN_HOST),
    (aiohttp.ClientConnectorCertificateError, Trouble.BAD_CERTIFICATE),
    (aiohttp.ClientConnectorError, Trouble.UNREACHABLE),
    (aiohttp.ServerDisconnectedError, Trouble.CUT_OFF),
    (aiohttp.ClientOSError, Trouble.CUT_OFF),
    (aiohttp.ClientError, Trouble.NO_HTTP),
    (OSError, Trouble.UNREACHABLE),
    (ValueError, Trouble.NO_HTTP),
)
"""What an exception means; the first that fits. aiohttp's inherit from each other, so the special ones come first."""


@dataclass(frozen=True, slots=True)
class WebhookOptions:
    """Where it goes and how it is signed: `keys` is one, or two while a secret is changed."""

    name: str
    url: str = field(repr=False)
    keys: Sequence[bytes] = field(repr=False)
    allowed: Sequence[Network] = ()
    timeout_s: float = 20.0


class WebhookPost:
    """One receiver. It connects at the first letter."""

    def __init__(self, options: WebhookOptions) -> None:
        """Take what the settings say."""
        self._options = options
        self._url = URL(options.url)
        self._session: aiohttp.ClientSession | None = None

    async def send(self, letter: Letter, now: int) -> Report:
        """Try once. Never raises; takes `timeout_s` at most."""
        try:
            body = write_body(letter)
        except LetterTooLarge as error:
            log.warning("a letter is too large to be sent", letter=letter.id, kind=letter.kind, error=str(error))
            return Report(Fate.DROPPED, "too_large")
        try:
            return await self._try(body, write_headers(letter.id, body, self._options.keys, now), now)
        except tuple(kind for kind, _ in _TROUBLES) as error:
            return of_trouble(_trouble(error), _detail(error))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _try(self, body: bytes, signature: Mapping[str, str], now: int) -> Report:
        require_permitted_literal(self._url.host or "", self._options.allowed)
        headers = {"Content-Type": "application/json", **signature}
        async with self._open().post(self._url, data=body, headers=headers, allow_redirects=False) as response:
            await _take(response)
            return of_answer(response.status, response.headers.get("Retry-After"), now)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(self._options.allowed),
                    use_dns_cache=False,
                    limit=CONNECTIONS,
                    keepalive_timeout=IDLE_S,
                ),
                timeout=aiohttp.ClientTimeout(total=self._options.timeout_s),
                headers={"User-Agent": f"Milepost/{version('milepost')}"},
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
            )
        return self._session


async def _take(response: aiohttp.ClientResponse) -> None:
    """Read an answer to its end, or up to the bound; one that breaks off has said its status before."""
    left = LARGEST_ANSWER_BYTES
    try:
        while left > 0 and (some := await response.content.read(left)):
            left -= len(some)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.debug("an answer broke off after its status", status=response.status, error=type(error).__name__)
    if left <= 0:
        response.close()


def _trouble(error: Exception) -> Trouble:
    return next(trouble for kind, trouble in _TROUBLES if isinstance(error, kind))


def _detail(error: Exception) -> str:
    """Return what an operator may see of an error: an address, or the system's words, and never the URL."""
    if isinstance(error, ForbiddenAddress):
        return f"{error} is not public; `allow` can name its network"
    if isinstance(error, aiohttp.ClientConnectorError):
        return _said_by_the_system(error.os_error)
    return "" if isinstance(error, TimeoutError) else type(error).__name__


def _said_by_the_system(cause: OSError) -> str:
    """Return what hindered a connection; the numbers of TLS errors are not the system's."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cause.verify_message.rstrip(".")
        return f"certificate verify failed: {why}; renew it, or let this machine trust who issued it"
    if isinstance(cause, ssl.SSLError):
        return f"TLS: {cause.reason or type(cause).__name__}"
    return os.strerror(cause.errno) if cause.errno and cause.errno > 0 else cause.strerror or type(cause).__name__
