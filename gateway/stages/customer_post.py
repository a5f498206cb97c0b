"""Sends letters to customers; satisfies `ports.Post`.

A letter says which stop and what kind. Who is there, whether they want it and whether it is still true is looked up
now, so that whoever was erased or opted out a moment ago gets nothing.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import structlog

from gateway.domain.letter import Fate, Letter, Report
from gateway.domain.message import Contact, MessageKind
from gateway.domain.route import RouteKey
from gateway.execution.view import Route, RouteStop
from gateway.links.words import Language
from gateway.messages.about import About, decode_about
from gateway.messages.decide import Case, Decision, Dropped, Held, Rules, Sent, decide, said_at
from gateway.messages.recipient import recipient_of
from gateway.messages.words import language_for
from gateway.messages.write import Message, Telling, write
from gateway.ports import OperationsAway, OptOuts, StateUnavailable, StopDetails
from gateway.sending.schedule import EXPIRED

LOOK_AGAIN_MS = 30_000
"""How soon a letter is looked at again when the data could not be read; it is no attempt that failed."""

NEXT_TO_ASK_MS = 10_000
"""How soon a letter is looked at again that leaves it to another one to ask a channel that fails how it is. A thousand
of them take a hundred looks a second; a channel that is well again is used by all of them within that time."""

AWAY = "cannot be looked up now"
UNREADABLE = "unreadable"
NO_CHANNELS = "no_channels"

log = structlog.get_logger(__name__)


class Door(NamedTuple):
    """A stop as it is known now, and who is there. `stop` None: the route has no such stop."""

    route: Route | None = None
    stop: RouteStop | None = None
    details: StopDetails | None = None


class Doors(Protocol):
    """Looks stops up."""

    async def find(self, key: RouteKey, stop: str, now: int) -> Door:
        """Return what is known of a stop at `now`. Raises `OperationsAway` and `StateUnavailable`."""
        ...


class LinkAddresses(Protocol):
    """Makes the addresses of customers' pages."""

    async def url(self, fleet: str, order: str) -> str | None:
        """Return the address of an order's page; None if nobody outside could open one. Raises `OperationsAway`."""
        ...


class Outgoing(NamedTuple):
    """A message that is sent: `to` is a phone number or an e-mail address, as `contact` says."""

    contact: Contact
    to: str
    kind: MessageKind
    language: Language
    message: Message
    url: str | None


class Channel(Protocol):
    """A way to customers."""

    async def send(self, letter: Letter, outgoing: Outgoing, now: int) -> Report:
        """Try once. Never raises; takes a bounded time."""
        ...


@dataclass(frozen=True, slots=True)
class Style:
    """What all messages have in common: whose they are, and the language of those who named none."""

    company: str
    language: str


@dataclass(frozen=True, slots=True)
class Sources:
    """Where all is looked up that a letter does not say."""

    doors: Doors
    links: LinkAddresses
    opt_outs: OptOuts


class NoChannels:
    """Ends what waits for customers when no messages are sent any more; satisfies `ports.Post`.

    Left open, it would be told days later, with the next channel.
    """

    async def send(self, _letter: Letter, _now: int) -> Report:
        """Say why not."""
        return Report(Fate.DROPPED, NO_CHANNELS)


class _Pause(NamedTuple):
    """What a channel said, and until when it wants nothing (Unix ms). After a restart it is asked once more."""

    why: str
    until: int


class CustomerPost:
    """The way out of the outbox to customers.

    All customers share one endpoint, but not one channel: what is said of one (too many, none any more) is not said of
    the others. So a channel that wants fewer gets none until the time that it named, and letters by others go on. One
    that fails is asked by one letter at a time, so that a thousand do not each wait for its time-out in the way of
    those by others.
    """

    def __init__(self, sources: Sources, channels: Mapping[str, Channel], rules: Rules, style: Style) -> None:
        """Send through `channels`, by the names that the `rules` have for them."""
        self._sources = sources
        self._channels = channels
        self._rules = rules
        self._style = style
        self._paused: dict[str, _Pause] = {}
        self._failing: dict[str, str] = {}
        self._under_way: Counter[str] = Counter()

    async def send(self, letter: Letter, now: int) -> Report:
        """Try once, or say why not. Never raises; takes as long as its channel may."""
        about = decode_about(letter.data)
        if about is None:
            return Report(Fate.DROPPED, UNREADABLE)
        try:
            case = await self._case(letter, about, now)
            decision = decide(case, self._rules, now)
            outgoing = await self._outgoing(case, decision)
        except (OperationsAway, StateUnavailable) as error:
            log.warning("a customer's message waits", letter=letter.id, error=str(error))
            return Report(Fate.HELD, AWAY, now + LOOK_AGAIN_MS)
        if isinstance(decision, Sent) and outgoing is not None:
            return await self._through(decision.way.channel, letter, outgoing, now)
        return _not_sent(decision)

    async def _through(self, name: str, letter: Letter, outgoing: Outgoing, now: int) -> Report:
        """Send through a channel, unless it wants none now, or fails and is being asked how it is."""
        pause = self._paused.get(name)
        if pause is not None and pause.until > now:
            return _put_off(letter, pause)
        if name in self._failing and self._under_way[name]:
            return Report(Fate.HELD, f"{name}: {self._failing[name]}", now + NEXT_TO_ASK_MS)
        report = await self._asked(name, letter, outgoing, now)
        if report.fate is not Fate.THROTTLED:
            return _without_end(report)
        pause = self._paused[name] = _Pause(f"{name}: {report.detail}", report.again_at or now + LOOK_AGAIN_MS)
        return _put_off(letter, pause)

    async def _asked(self, name: str, letter: Letter, outgoing: Outgoing, now: int) -> Report:
        """Send through a channel, and remember whether it fails."""
        self._under_way[name] += 1
        try:
            report = await self._channels[name].send(letter, outgoing, now)
        finally:
            self._under_way[name] -= 1
        if report.fate is Fate.DELIVERED:
            self._failing.pop(name, None)
        elif report.fate in (Fate.FAILED, Fate.GONE):
            self._failing[name] = report.detail
        return report

    async def _case(self, letter: Letter, about: About, now: int) -> Case:
        door = await self._sources.doors.find(about.key, about.stop, now)
        recipient = recipient_of(door.details)
        contacts = [contact for contact in (recipient.phone, recipient.email) if contact]
        opted_out = await self._sources.opt_outs.opted_out(about.fleet, contacts)
        return Case(letter, about, door.route, door.stop, recipient, opted_out)

    async def _outgoing(self, case: Case, decision: Decision) -> Outgoing | None:
        """Return the message that is to be sent; None if none is."""
        if not isinstance(decision, Sent) or case.route is None or case.stop is None:
            return None
        kind, way, url = case.about.kind, decision.way, await self._sources.links.url(case.about.fleet, case.stop.order)
        language = language_for(case.recipient.language, self._style.language)
        said = said_at(case.letter, case.stop)
        telling = Telling(kind, case.stop, case.route.zone, said, self._style.company, url)
        return Outgoing(way.contact, decision.to, kind, language, write(telling, language, way.contact), url)


def _not_sent(decision: Decision) -> Report:
    match decision:
        case Held(reason, until):
            return Report(Fate.HELD, reason, until)
        case Dropped(reason):
            return Report(Fate.DROPPED, reason)
        case _:
            return Report(Fate.DROPPED, UNREADABLE)


def _put_off(letter: Letter, pause: _Pause) -> Report:
    """Return that a letter waits until its channel takes some again; or that it is too late then."""
    if letter.expires is not None and letter.expires <= pause.until:
        return Report(Fate.DROPPED, f"{EXPIRED}, {pause.why}")
    return Report(Fate.HELD, pause.why, pause.until)


def _without_end(report: Report) -> Report:
    """Return what became of it for all customers: a channel that wants nothing any more fails, and is tried again.

    They share one endpoint: switched off for the one, it would be off for the others.
    """
    return Report(Fate.FAILED, report.detail) if report.fate is Fate.GONE else report
