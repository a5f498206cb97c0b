"""Messages to customers through Apprise: mail servers, SMS services and chats, by one address each.

Addresses hold passwords and, filled in, a customer's number. So neither is ever logged, put into a report or into an
exception, and Apprise and what it asks with are silent.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from urllib.parse import quote

import apprise
import structlog

from gateway.adapters.apprise.threads import Threads
from gateway.domain.letter import Fate, Letter, Report
from gateway.domain.message import Contact
from gateway.sending.standing import AT_ONCE
from gateway.stages.customer_post import Outgoing

THREADS = 4 * AT_ONCE
"""Apprise blocks: as many at a time as the outbox has letters to one endpoint under way, and three times as many that
a service does not let go. When it holds them all, its messages wait."""

TIMEOUT_S = 30.0
"""Of one message: mail servers may take some seconds. Apprise gives up a socket that is silent for 4 s, if its address
says nothing else (`rto`, `cto`), so that a thread comes back by itself; from a service that dribbles it does not."""

LOOK_AGAIN_MS = 30_000
"""How soon a message that waits for a thread is looked at again."""

BUSY = "the service holds all threads"
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
        self._threads = Threads(THREADS)
        self._busy = False

    async def send(self, letter: Letter, outgoing: Outgoing, now: int) -> Report:
        """Try once, or say that no thread is free. Never raises; takes `timeout_s` at most."""
        address = self._address(outgoing.to)
        answer = self._threads.start(lambda: _sent(letter, address, outgoing))
        self._note_busy(busy=answer is None)
        if answer is None:
            return Report(Fate.HELD, BUSY, now + LOOK_AGAIN_MS)
        try:
            async with asyncio.timeout(self._options.timeout_s):
                return await answer
        except TimeoutError:
            return Report(Fate.FAILED, TIMED_OUT)

    async def close(self) -> None:
        """Wait for nothing: what is under way ends by its own time-outs, or with the process."""

    def _note_busy(self, *, busy: bool) -> None:
        """Log when the last thread is held, once until one is free again."""
        if busy and not self._busy:
            log.error("a service of Apprise lets no thread go: its messages wait", contact=self._options.contact)
        self._busy = busy

    def _address(self, to: str) -> str:
        return self._options.template.replace(self._place, quote(to, safe=""))


def _sent(letter: Letter, address: str, outgoing: Outgoing) -> Report:
    """Send, and return what became of it; it blocks."""
    try:
        accepted = _notify(address, outgoing)
    except Exception as error:  # noqa: BLE001 - plugins raise what they like, and it may hold the address
        log.warning("a service of Apprise failed", letter=letter.id, error=type(error).__name__)
        return Report(Fate.FAILED, type(error).__name__)
    return Report(Fate.DELIVERED) if accepted else Report(Fate.FAILED, REFUSED)


def _notify(address: str, outgoing: Outgoing) -> bool:
    """Return whether the service took it; an SMS has no subject."""
    title = outgoing.message.title if outgoing.contact is Contact.EMAIL else ""
    service = _service(address)
    if service is None:
        return False
    return bool(service.notify(body=outgoing.message.text, title=title, body_format=apprise.NotifyFormat.TEXT))


def _service(address: str) -> apprise.Apprise | None:
    """Return the service behind an address; None if there is none.

    It blocks in the thread that asks: with time-outs of its own, or side by side, Apprise would ask in a pool of few
    threads, which is shared by all services and joined at exit.
    """
    asset = apprise.AppriseAsset(
        secure_logging=True, interpret_emojis=False, interpret_escapes=False, async_mode=False, service_timeout=0
    )
    service = apprise.Apprise(asset=asset)
    return service if service.add(address) else None


def _silence() -> None:
    """Let nothing through of what Apprise logs, and no request's path of what it asks with."""
    logging.getLogger(apprise.LOGGER_NAME).setLevel(SILENT)
    for name in ("urllib3", "requests"):
        logging.getLogger(name).setLevel(max(logging.getLogger(name).level, logging.ERROR))
