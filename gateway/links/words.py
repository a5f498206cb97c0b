"""What the customer's page says: the texts that a language needs, and which language a browser likes best."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gateway.domain.estimate import EtaReason
from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.delivery import Stage
from gateway.links.jumps import Jump
from gateway.links.visibility import Precision


class Language(StrEnum):
    """The page's languages, by their ISO 639-1 codes."""

    ENGLISH = "en"
    SPANISH = "es"


class Said(NamedTuple):
    """A headline, and the line below it (may be empty)."""

    headline: str
    line: str


@dataclass(frozen=True)
class Words:
    """All texts of one language. `{…}` is filled in."""

    title: str
    progress: str
    steps: tuple[str, str, str]
    stages: dict[Stage, Said]
    delayed: Said
    today: str
    tomorrow: str
    on_day: str
    expected: str
    next: str
    one_before: str
    many_before: str
    ordinal: str
    jumps: dict[Jump, str]
    whys: dict[EtaReason, str]
    promised: str
    between: str
    just_known: str
    known_ago: str
    silent: str
    left_with: dict[LeftWith, str]
    reasons: dict[FailureReason, str]
    at: str
    since: str
    again: str
    call_next: str
    ask_next: str
    call: str
    seen: dict[Precision, str]
    about: str
    nearer_than: str
    decimal: str
    no_streets: str
    map_label: str
    van: str
    home: str
    write: str
    write_hint: str
    send: str
    hold: str
    written: str
    rewrite: str
    too_long: str
    messages_off: str
    messages_are_off: str
    messages_on: str
    behind: str
    gone: Said
    busy: Said
    away: Said
    retry: str
    refreshes: str
    weekdays: tuple[str, str, str, str, str, str, str]
    months: tuple[str, ...]


MAX_LANGUAGES = 20
"""Of an Accept-Language header that are looked at; browsers send some five."""


def language_of(accept_language: str) -> Language:
    """Return the language that a browser likes best of those there are (RFC 9110, 12.5.4); English if none."""
    wishes = [_wish(part) for part in accept_language.split(",")[:MAX_LANGUAGES]]
    spoken = set(Language)
    liked = [(quality, -place, tag) for place, (tag, quality) in enumerate(wishes) if tag in spoken and quality > 0]
    return Language(max(liked)[2]) if liked else Language.ENGLISH


def _wish(part: str) -> tuple[str, float]:
    """Return a language without its region and how much it is liked, 0 to 1; 0 for what cannot be read."""
    tag, _, parameter = part.partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        quality = float(value) if name == "q" else 1.0
    except ValueError:
        quality = 0.0
    return tag.strip().lower().partition("-")[0], quality if 0 <= quality <= 1 else 0.0
