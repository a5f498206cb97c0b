"""The customer's page as it says it: one text for each place on it, the same in its HTML and for its script.

The script knows no words and no rules: it puts texts into places. So what a customer may see is decided here alone.
"""

import msgspec

from gateway.links import times
from gateway.links.away import away
from gateway.links.delivery import Delivery, Stage
from gateway.links.house import House
from gateway.links.visibility import Precision, Van
from gateway.links.words import Words


class VanShown(msgspec.Struct):
    """The van on the map; degrees. `precision` is "area" or "point"."""

    lat: float
    lon: float
    precision: Precision
    home_lat: float
    home_lon: float


class PageState(msgspec.Struct, omit_defaults=True):
    """What the page shows. `texts` are by their place on the page; a place without a text is not there.

    `tone` is how it looks: calm, good, watch or bad. `step` counts the steps that are done. `writable` means that
    the driver can still be written to, `calls` that the phone is the next thing to do.
    """

    stage: Stage
    tone: str
    step: int
    title: str
    texts: dict[str, str]
    writable: bool = False
    calls: bool = False
    van: VanShown | None = None


WRITABLE = frozenset({Stage.PLANNED, Stage.ON_THE_WAY, Stage.PUT_OFF})
"""Before the van is there, a driver can still be told something."""

_STEPS = {Stage.PLANNED: 1, Stage.CANCELLED: 1, Stage.DELIVERED: 3}
_TONES = {
    Stage.ARRIVED: "good",
    Stage.DELIVERED: "good",
    Stage.FAILED: "bad",
    Stage.CANCELLED: "bad",
    Stage.NOT_TODAY: "bad",
    Stage.PUT_OFF: "watch",
}
_HALTED = frozenset({Stage.FAILED, Stage.CANCELLED, Stage.NOT_TODAY})


def state_of(delivery: Delivery, house: House, words: Words) -> PageState:
    """Return what the page says of a delivery."""
    texts = {place: text for place, text in _texts(delivery, house, words).items() if text}
    return PageState(
        stage=delivery.stage,
        tone="watch" if _is_worth_a_look(delivery) else _TONES.get(delivery.stage, "calm"),
        step=_STEPS.get(delivery.stage, 2),
        title=f"{texts['headline']} · {house.name or words.title}",
        texts=texts,
        writable=delivery.stage in WRITABLE,
        calls=delivery.stage in _HALTED and delivery.again is None and house.phone is not None,
        van=None if delivery.van is None else _van(delivery.van),
    )


def _is_worth_a_look(delivery: Delivery) -> bool:
    return delivery.delayed or delivery.silent_since is not None


def _texts(delivery: Delivery, house: House, words: Words) -> dict[str, str]:
    return {
        **(_awaited(delivery, words) if delivery.expected or _is_still_promised(delivery) else _said(delivery, words)),
        "count": _count(delivery.before, words),
        "ordinal": "" if delivery.ordinal is None else words.ordinal.format(number=delivery.ordinal),
        "why": _why(delivery, words),
        "mark": _silent(delivery, words),
        "again": _again(delivery, house, words) if delivery.stage in _HALTED else "",
        "seen": _seen(delivery, words),
    }


def _is_still_promised(delivery: Delivery) -> bool:
    return delivery.stage in {Stage.PLANNED, Stage.ON_THE_WAY} and delivery.promised is not None


def _awaited(delivery: Delivery, words: Words) -> dict[str, str]:
    """Say when, first of all."""
    window = delivery.expected or delivery.promised
    assert window is not None, "the caller has looked"
    said = words.delayed if delivery.delayed else words.stages[delivery.stage]
    on_day = times.day(window.start, delivery.zone, delivery.now, words)
    expected = words.expected.format(day=on_day)
    return {
        "eyebrow": said.headline,
        "headline": times.span(window, delivery.zone, words),
        "line": f"{expected}. {said.line}" if said.line else f"{expected}.",
        "age": _age(delivery, words),
        "promised": _promised(delivery, words),
    }


def _said(delivery: Delivery, words: Words) -> dict[str, str]:
    """Say what happened, first of all."""
    said = words.stages[delivery.stage]
    at = "" if delivery.at is None else times.clock(delivery.at, delivery.zone, delivery.now, words)
    return {"headline": said.headline.format(time=at), "line": " ".join(filter(None, _lines(delivery, at, words)))}


def _lines(delivery: Delivery, at: str, words: Words) -> list[str]:
    lines = [words.stages[delivery.stage].line]
    if at and delivery.stage is Stage.ARRIVED:
        lines.append(words.since.format(time=at))
    if at and delivery.stage in {Stage.DELIVERED, Stage.FAILED}:
        lines.append(words.at.format(time=at))
    if delivery.stage is Stage.DELIVERED and delivery.left_with is not None:
        lines.append(words.left_with[delivery.left_with])
    if delivery.stage is Stage.FAILED and delivery.reason is not None:
        lines.append(words.reasons[delivery.reason])
    return lines


def _count(before: int | None, words: Words) -> str:
    if before is None:
        return ""
    return {0: words.next, 1: words.one_before}.get(before, words.many_before.format(count=before))


def _why(delivery: Delivery, words: Words) -> str:
    """Say why the count jumped, else why the time changed."""
    if delivery.jump is not None and delivery.before is not None:
        return words.jumps[delivery.jump]
    return "" if delivery.why is None else words.whys.get(delivery.why, "")


def _silent(delivery: Delivery, words: Words) -> str:
    if delivery.silent_since is None:
        return ""
    return words.silent.format(time=times.clock(delivery.silent_since, delivery.zone, delivery.now, words))


def _again(delivery: Delivery, house: House, words: Words) -> str:
    """Say what happens next, when it did not come."""
    if delivery.again is None:
        return words.ask_next if house.phone is None else words.call_next
    on_day = times.day(delivery.again.start, delivery.zone, delivery.now, words)
    return words.again.format(day=on_day, span=times.span(delivery.again, delivery.zone, words))


def _age(delivery: Delivery, words: Words) -> str:
    if delivery.known is None or delivery.stage is Stage.PLANNED:
        return ""
    minutes = max(0, delivery.now - delivery.known) // 60_000
    return words.known_ago.format(minutes=minutes) if minutes else words.just_known


def _promised(delivery: Delivery, words: Words) -> str:
    if delivery.promised is None or delivery.promised == delivery.expected:
        return ""
    return f"{words.promised}: {times.dated_span(delivery.promised, delivery.zone, delivery.now, words)}"


def _seen(delivery: Delivery, words: Words) -> str:
    van = delivery.van
    if van is None:
        return ""
    seen = words.seen[van.precision].format(time=times.clock(van.seen, delivery.zone, delivery.now, words))
    return f"{seen} {away(van, words)}"


def _van(van: Van) -> VanShown:
    return VanShown(*van.place, van.precision, *van.home)
