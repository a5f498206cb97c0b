"""The customer's page: HTML for a phone, without a script, a picture or anything from elsewhere."""

import base64
import hashlib
from datetime import UTC, datetime
from html import escape
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.links.delivery import Delivery, Span, Stage
from gateway.links.words import WORDS, Language, Said, Words

REFRESH_S = 60
"""The page asks again each minute: an ETA does not move faster in a way that anybody would act on."""

STYLE = """
:root{color-scheme:light dark;--ink:#14213d;--soft:#5b6478;--card:#fff;--ground:#eef1f6;--go:#1f7a4d;--halt:#b3402a}
@media(prefers-color-scheme:dark){:root{--ink:#eef1f6;--soft:#a5aec0;--card:#1b2334;--ground:#0f1522;--go:#58c08c;
--halt:#f0846c}}
*{box-sizing:border-box;margin:0}
body{font:17px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);padding:6vh 16px}
main{max-width:30rem;margin:auto;background:var(--card);border-radius:18px;padding:28px 24px;
box-shadow:0 1px 3px #0002,0 12px 32px #0001}
h1{font-size:1.65rem;line-height:1.2}
h1+p{margin-top:.4rem}
p,small{color:var(--soft)}
.count{margin-top:1.1rem;font-size:1.2rem;font-weight:600;color:var(--go)}
dl{margin-top:1.4rem;border-top:1px solid #8883}
dt{margin-top:1rem;font-size:.85rem;color:var(--soft)}
dd{font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
dd small{display:block;font-size:.85rem;font-weight:400}
ol{display:flex;gap:6px;list-style:none;padding:0;margin-bottom:1.4rem}
li{flex:1;border-top:5px solid #8884;padding-top:.4rem;font-size:.8rem;color:var(--soft)}
li.done{border-color:var(--go);color:var(--ink)}
.halt li.done{border-color:var(--halt)}
footer{margin-top:1.6rem;font-size:.85rem;color:var(--soft)}
"""

STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of the page: its one style, and nothing else whatever."""

_STEPS = {Stage.PLANNED: 1, Stage.CANCELLED: 1, Stage.DELIVERED: 3}
_HALTED = frozenset({Stage.FAILED, Stage.CANCELLED, Stage.NOT_TODAY})
_TIMELESS = frozenset({Stage.PLANNED, Stage.ON_THE_WAY, Stage.CANCELLED, Stage.NOT_TODAY})


def delivery_page(delivery: Delivery, language: Language) -> str:
    """Return the page of a delivery."""
    words = WORDS[language]
    parts = [_steps(delivery, words), _said(words.stages[delivery.stage]), *_notes(delivery, words)]
    return _page(words, language, "".join([*parts, _times(delivery, words), _footer(words)]), refresh=REFRESH_S)


def gone_page(language: Language) -> str:
    """Return the page of a link that leads nowhere: the same for unknown, expired and revoked ones."""
    words = WORDS[language]
    return _page(words, language, _said(words.gone))


def busy_page(language: Language) -> str:
    """Return the page for an address that asks too often."""
    return _later(WORDS[language], language, WORDS[language].busy)


def away_page(language: Language) -> str:
    """Return the page for when nothing can be looked up."""
    return _later(WORDS[language], language, WORDS[language].away)


def _later(words: Words, language: Language, said: Said) -> str:
    return _page(words, language, _said(said), refresh=REFRESH_S)


def _page(words: Words, language: Language, body: str, refresh: int | None = None) -> str:
    again = "" if refresh is None else f'<meta http-equiv="refresh" content="{refresh}">'
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(words.title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"{again}<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def _steps(delivery: Delivery, words: Words) -> str:
    done = _STEPS.get(delivery.stage, 2)
    items = "".join(
        f"<li{' class=done' if number <= done else ''}>{escape(step)}</li>"
        for number, step in enumerate(words.steps, 1)
    )
    return f"<ol{' class=halt' if delivery.stage in _HALTED else ''}>{items}</ol>"


def _said(said: Said) -> str:
    return f"<h1>{escape(said.headline)}</h1>" + (f"<p>{escape(said.line)}</p>" if said.line else "")


def _notes(delivery: Delivery, words: Words) -> list[str]:
    notes = []
    if delivery.stage is Stage.DELIVERED and delivery.left_with is not None:
        notes.append(f"<p>{escape(words.left_with[delivery.left_with])}</p>")
    if delivery.stage is Stage.FAILED and delivery.reason is not None:
        notes.append(f"<p>{escape(words.reasons[delivery.reason])}</p>")
    if delivery.at is not None and delivery.stage not in _TIMELESS:
        notes.append(f"<p>{escape(words.at.format(time=_clock(delivery.at, delivery)))}</p>")
    if delivery.before is not None:
        notes.append(f'<p class="count">{escape(_count(delivery.before, words))}</p>')
    return notes


def _count(before: int, words: Words) -> str:
    return {0: words.next, 1: words.one_before}.get(before, words.many_before.format(count=before))


def _times(delivery: Delivery, words: Words) -> str:
    rows = ""
    if delivery.expected is not None:
        rows += f"<dt>{escape(words.expected)}</dt><dd>{_span(delivery.expected, delivery, words)}</dd>"
        rows += f"<dd><small>{escape(_age(delivery, words))}</small></dd>"
    if delivery.promised is not None:
        rows += f"<dt>{escape(words.promised)}</dt><dd>{_span(delivery.promised, delivery, words)}</dd>"
    unheard = f"<p>{escape(words.unheard)}</p>" if delivery.unheard else ""
    return (f"<dl>{rows}</dl>" if rows else "") + unheard


def _age(delivery: Delivery, words: Words) -> str:
    minutes = max(0, delivery.now - (delivery.known or delivery.now)) // 60_000
    return words.known_ago.format(minutes=minutes) if minutes else words.just_known


def _span(span: Span, delivery: Delivery, words: Words) -> str:
    end = _local(span.end, delivery.zone)
    until = f"{end:%H:%M}" if _same_day(span.start, span.end, delivery.zone) else f"{end:%Y-%m-%d %H:%M}"
    return escape(words.between.format(start=_clock(span.start, delivery), end=until))


def _clock(unix_ms: int, delivery: Delivery) -> str:
    """Return a time as clocks show it where the route is, with the date if that is not today."""
    local = _local(unix_ms, delivery.zone)
    return f"{local:%H:%M}" if _same_day(unix_ms, delivery.now, delivery.zone) else f"{local:%Y-%m-%d %H:%M}"


def _same_day(one: int, other: int, zone: str) -> bool:
    return _local(one, zone).date() == _local(other, zone).date()


def _local(unix_ms: int, zone: str) -> datetime:
    try:
        return datetime.fromtimestamp(unix_ms / 1000, ZoneInfo(zone))
    except ZoneInfoNotFoundError:  # the import has checked it; a machine may know fewer zones than another
        return datetime.fromtimestamp(unix_ms / 1000, UTC)


def _footer(words: Words) -> str:
    return f"<footer>{escape(words.refreshes)}</footer>"
