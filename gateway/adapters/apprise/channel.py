"""Messages to customers through Apprise: mail servers, SMS services and chats, by one address each.

Addresses hold passwords and, filled in, a customer's number. So neither is ever logged, put into a report or into an
exception, and Apprise and what it asks with are silent.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

import apprise
import structlog

from gateway.domain.letter import Fate, Letter, Report
from gateway.domain.message import Contact
from gateway.sending.standing import AT_ONCE
from gateway.stages.customer_post import Outgoing

THREADS = AT_ONCE
"""Apprise blocks: as many at a time as the outbox has letters to one endpoint under way."""

TIMEOUT_S = 30.0
"""Of one message: mail servers may take some seconds. Apprise gives up a socket after 4 s, if its address says nothing
else (`rto`, `cto`), so that a thread comes back by itself."""

REFUSED = "not accepted by the service"
TIMED_OUT = "timed_out"

EXAMPLES = {Contact.PHONE: "+358401234567", Contact.EMAIL: "someone@example.com"}
"""What an address is tried with when it is read. Nothing is sent there."""

SILENT = logging.CRITICAL + 1

log = structlog.get_logger(__name__)


class BadAddress(ValueError):  # noqa: N818 - what it is
    """No service of Apprise has such an address; the message does not repeat it."""


@dataclass(frozen=True, slots=True)
class AppriseOptions:
    """Where messages go: `template` has `{phone}` or `{email}` in it, as `contact` says."""

    contact: Contact
    template: str = field(repr=False)
    timeout_s: float = TIMEOUT_S


class AppriseChannel:
    """One address of Apprise, filled in for each recipient; satisfies `customer_post.Channel`."""

    def __init__(self, options: AppriseOptions) -> None:
        """Take the address.

        Raises:
            BadAddress: it has no place for the contact, or is none of Apprise's.

        """
        _silence()
        self._options = options
        self._place = f"{{{options.contact}}}"
        if self._place not in options.template:
            raise BadAddress(f"there is no {self._place} in it, so all messages would go to the same recipient")
        if _service(self._address(EXAMPLES[options.contact])) is None:
            raise BadAddress("Apprise knows no such service, or something is missing in it")
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="apprise")

    async def send(self, letter: Letter, outgoing: Outgoing, _now: int) -> Report:
        """Try once. Never raises; takes `timeout_s` at most."""
        notify = _sending(self._address(outgoing.to), outgoing)
        try:
            accepted = await asyncio.wait_for(
                asyncio.get_running_loop().run_in_executor(self._threads, notify), self._options.timeout_s
            )
        except TimeoutError:
            return Report(Fate.FAILED, TIMED_OUT)
        except Exception as error:  # noqa: BLE001 - plugins raise what they like, and it may hold the address
            log.warning("a service of Apprise failed", letter=letter.id, error=type(error).__name__)
            return Report(Fate.FAILED, type(error).__name__)
        return Report(Fate.DELIVERED) if accepted else Report(Fate.FAILED, REFUSED)

    async def close(self) -> None:
        """Start nothing more; what is under way ends by its own time-outs."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _address(self, to: str) -> str:
        return self._options.template.replace(self._place, quote(to, safe=""))


def _sending(address: str, outgoing: Outgoing) -> Callable[[], bool]:
    """Return what sends; an SMS has no subject."""
    title = outgoing.message.title if outgoing.contact is Contact.EMAIL else ""

    def send() -> bool:
        service = _service(address)
        if service is None:
            return False
        return bool(service.notify(body=outgoing.message.text, title=title, body_format=apprise.NotifyFormat.TEXT))

    return send


def _service(address: str) -> apprise.Apprise | None:
    """Return the service behind an address; None if there is none."""
    asset = apprise.AppriseAsset(secure_logging=True, interpret_emojis=False, interpret_escapes=False)
    service = apprise.Apprise(asset=asset)
    return service if service.add(address) else None


def _silence() -> None:
    """Let nothing through of what Apprise logs, and no request's path of what it asks with."""
    logging.getLogger(apprise.LOGGER_NAME).setLevel(SILENT)
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(max(logging.getLogger(name).level, logging.ERROR))
