"""`milepost notify listen`: receives webhooks, checks them, and says a line of each."""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gateway.sending.checking import Finding, check
from gateway.sending.signing import ID, LARGEST_BODY_BYTES

IDS_REMEMBERED = 10_000
"""To tell what came before: an hour of a busy fleet; older ones are new again."""

SILENCE_S = 10.0
"""How long a sender may keep a connection open and say nothing."""

LONGEST_VALUE = 60
"""Characters of a value in a line."""


class Listener(ThreadingHTTPServer):
    """A receiver on `host`:`port` (0: a free one). `keys` are those it takes; `tell` gets a line of each webhook."""

    daemon_threads = True

    def __init__(
        self,
        address: tuple[str, int],
        keys: Sequence[bytes],
        tell: Callable[[str], None],
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        """Open the port; raises OSError if it cannot be had. `now` returns Unix ms."""
        super().__init__(address, _Handler)
        self._now = now
        self._keys = keys
        self._tell = tell
        self._seen: OrderedDict[str, None] = OrderedDict()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        """Check a webhook, say what it is, and return the status to answer: 204, or 401 for what is not genuine."""
        finding = check(headers, body, self._keys, self._now())
        self._say(self._described(finding, headers, body))
        return 204 if finding is Finding.GENUINE else 401

    def refuse(self, why: str) -> None:
        """Say that something came that is no webhook."""
        self._say(f"REFUSED  {why}")

    def _say(self, what: str) -> None:
        self._tell(f"{datetime.fromtimestamp(self._now() / 1000, UTC):%H:%M:%S}  {what}")

    def _described(self, finding: Finding, headers: dict[str, str], body: bytes) -> str:
        if finding is not Finding.GENUINE:
            return f"REFUSED  {finding}"
        again = "again" if self._is_known(headers[ID]) else "new  "
        return f"{again}  {describe(body)}  id={_short(headers[ID])}"

    def _is_known(self, webhook_id: str) -> bool:
        known = webhook_id in self._seen
        self._seen[webhook_id] = None
        if len(self._seen) > IDS_REMEMBERED:
            self._seen.popitem(last=False)
        return known


class _Handler(BaseHTTPRequestHandler):
    server: Listener
    timeout = SILENCE_S

    def do_POST(self) -> None:
        """Read the body and let the server judge it."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) >= LARGEST_BODY_BYTES:
            self.server.refuse(
                f"a body of {_short(length) or 'unknown'} bytes: less than {LARGEST_BODY_BYTES} are right"
            )
            self._answer(413)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._answer(self.server.take(headers, self.rfile.read(int(length))))

    def do_GET(self) -> None:
        """Say that webhooks are posted."""
        self.server.refuse("a GET: webhooks are POSTs")
        self._answer(405)

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the library's name
        """Keep the server's own lines out of ours."""

    def _answer(self, status: int) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()


def describe(body: bytes) -> str:
    """Return a genuine webhook in a line."""
    try:
        said = json.loads(body)
        return "  ".join([_short(said["type"]), _short(said["timestamp"]), *_facts(said["data"])])
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{len(body)} bytes that are no event"


def _facts(data: dict[str, object]) -> list[str]:
    return [f"{_short(name)}={_short(value)}" for name, value in data.items()]


def _short(value: object) -> str:
    """Return a value in one line, without what would move the cursor."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    legible = "".join(character if character.isprintable() else "�" for character in text)
    return legible if len(legible) <= LONGEST_VALUE else legible[: LONGEST_VALUE - 1] + "…"
