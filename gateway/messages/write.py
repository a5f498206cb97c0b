"""Writes a message: what is known of one stop, in one language. Nothing of another stop gets in.

A time window is shown to five minutes, outwards, as on the customer's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gateway.domain.message import Contact, MessageKind
from gateway.execution.view import RouteStop
from gateway.links.words import Language
from gateway.messages.words import MESSAGE_WORDS, MessageWords

ROUND_MS = 5 * 60_000
"""To the minute a window's ends would promise more than they can keep."""


class Message(NamedTuple):
    """A message as it is sent. `title` is a mail's subject; `text` says all without it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Telling:
    """What a message tells. `said` is when that happened (Unix ms), `zone` (IANA) where times are to be read."""

    kind: MessageKind
    stop: RouteStop
    zone: str
    said: int
    company: str
    url: str | None


def write(telling: Telling, language: Language, contact: Contact) -> Message:
    """Return the message: for a phone in few words, for a mail in a few lines."""
    words = MESSAGE_WORDS[language]
    wording = words.kinds[telling.kind]
    values = _values(telling, words)
    text = (wording.text if _NEEDED[telling.kind] <= values.keys() else wording.text_without).format(**values)
    by, sender = (each.format(company=telling.company) if telling.company else "" for each in (words.by, words.sender))
    title = wording.subject + sender
    if contact is Contact.PHONE:
        return Message(title, " ".join(filter(None, (by + text, telling.url))))
    return Message(title, "\n\n".join((by + text, *_mail_lines(telling.url, words))))


_NEEDED: Mapping[MessageKind, frozenset[str]] = {
    MessageKind.ON_THE_WAY: frozenset({"start", "end"}),
    MessageKind.NEXT: frozenset({"start", "end"}),
    MessageKind.ARRIVING: frozenset({"at"}),
    MessageKind.NEW_ETA: frozenset({"start", "end", "promised"}),
    MessageKind.DELIVERED: frozenset({"at"}),
    MessageKind.FAILED: frozenset({"at"}),
}
_OF_OUTCOME = frozenset({MessageKind.DELIVERED, MessageKind.FAILED})


def _mail_lines(url: str | None, words: MessageWords) -> tuple[str, ...]:
    return () if url is None else (f"{words.follow}\n{url}", words.opt_out)


def _values(telling: Telling, words: MessageWords) -> Mapping[str, str]:
    if telling.kind in _OF_OUTCOME:
        return {"at": _clock(telling.said, telling.zone), "how": _how(telling, words)}
    return {**_expected(telling), **_promised(telling)}


def _how(telling: Telling, words: MessageWords) -> str:
    left_with, failure = telling.stop.left_with, telling.stop.failure
    if telling.kind is MessageKind.DELIVERED:
        return "" if left_with is None else words.left_with[left_with]
    return "" if failure is None else words.reasons[failure]


def _expected(telling: Telling) -> Mapping[str, str]:
    eta = telling.stop.eta
    if eta is None:
        return {}
    start, end = eta.p10 // ROUND_MS * ROUND_MS, -(-eta.p90 // ROUND_MS) * ROUND_MS
    return {name: _clock(at, telling.zone) for name, at in (("start", start), ("end", end), ("at", eta.p50))}


def _promised(telling: Telling) -> Mapping[str, str]:
    start, end = telling.stop.window_start, telling.stop.window_end
    if start is None or end is None:
        return {}
    return {"promised": f"{_clock(start, telling.zone)}-{_clock(end, telling.zone)}"}


def _clock(unix_ms: int, zone: str) -> str:
    """Return what the clock there shows; in the hour that comes twice when it goes back, with the name of its time."""
    local = datetime.fromtimestamp(unix_ms / 1000, ZoneInfo(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%H:%M %Z}" if twice else f"{local:%H:%M}"
