"""The customer's page: HTML for a phone, whole without its script; nothing in it comes from elsewhere."""

from dataclasses import dataclass
from html import escape

from gateway.links.house import House
from gateway.links.languages import WORDS
from gateway.links.state import PageState
from gateway.links.style import Style
from gateway.links.words import Language, Said, Words

REFRESH_S = 60
"""Without its script the page asks again each minute: an ETA does not move faster in a way anybody would act on."""

MOST_CHARACTERS = 300
"""Of what a customer writes to the driver: what is read in one look at the door."""

_LIVE = ("eyebrow", "headline", "line", "count", "ordinal", "why", "mark", "again")
"""Places whose changes are told to who does not see them, in their order."""

_FACTS = ("age", "promised")


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a gateway have in common. `scripts` are addresses; none if the page's script is not built.

    `map_style` is where the map's style is; None: no map is shown.
    """

    house: House
    style: Style
    scripts: tuple[str, ...] = ()
    map_style: str | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What is the customer's own: where their forms go to, what they wrote, and whether they want messages.

    `writing` is who is writing now: their page does not renew itself below their hands. `too_long` is a text that
    was not taken. `messages` is None if nothing is known of whom to send them to.
    """

    action: str
    written: str = ""
    writing: bool = False
    too_long: str | None = None
    messages: bool | None = None


def delivery_page(state: PageState, own: Own, frame: Frame, language: Language) -> str:
    """Return the page of a delivery."""
    words = WORDS[language]
    parts = [_card(state, frame, words), _map(state, frame, words), _writing(state, own, words)]
    body = f"<main>{''.join(parts)}{_others(state, own, frame, words)}</main>{_footer(words)}"
    where = escape(own.action)  # the answer to a form stands at the form's address, not at the delivery's
    scripts = "".join(
        f'<script type="module" src="{escape(each)}" data-delivery="{where}"></script>' for each in frame.scripts
    )
    refresh = None if own.writing or own.too_long is not None else f"<noscript>{_refresh()}</noscript>"
    return _page(frame, language, state.title, _header(frame) + body, f"{refresh or ''}{scripts}")


def gone_page(frame: Frame, language: Language) -> str:
    """Return the page of a link that leads nowhere: the same for unknown, expired and revoked ones."""
    words = WORDS[language]
    return _plain(frame, language, words.gone, _phone(frame, words, "main first"))


def busy_page(frame: Frame, language: Language) -> str:
    """Return the page for an address that asks too often."""
    return _plain(frame, language, WORDS[language].busy, _again(WORDS[language]))


def away_page(frame: Frame, language: Language) -> str:
    """Return the page for when nothing can be looked up."""
    return _plain(frame, language, WORDS[language].away, _again(WORDS[language]))


def _plain(frame: Frame, language: Language, said: Said, button: str) -> str:
    texts = f'<h1 class="said">{escape(said.headline)}</h1><p id="line">{escape(said.line)}</p>'
    body = f'{_header(frame)}<main><section class="card">{texts}{button}</section></main>'
    return _page(frame, language, WORDS[language].title, body, "")


def _again(words: Words) -> str:
    """Return a button: a page that asks anew by itself would be one more that asks too often."""
    return f'<a class="call main first" href="">{escape(words.retry)}</a>'


def _page(frame: Frame, language: Language, title: str, body: str, head: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<meta name="color-scheme" content="light dark"><meta name="format-detection" content="telephone=no">'
        f'<link rel="icon" href="data:,">{head}<style>{frame.style.text}</style></head><body>{body}</body></html>'
    )


def _refresh() -> str:
    return f'<meta http-equiv="refresh" content="{REFRESH_S}">'


def _header(frame: Frame) -> str:
    house = frame.house
    if house.logo is None:
        return f"<header>{escape(house.name)}</header>"
    name = escape(house.name)
    return f'<header><img src="{escape(house.logo)}" alt="{name}"></header>'


def _card(state: PageState, frame: Frame, words: Words) -> str:
    phone = _phone(frame, words, "main first")
    live = "".join(_text(place, state) for place in _LIVE)
    facts = "".join(_text(place, state) for place in _FACTS)
    return (
        f'<section class="card {state.tone}" id="card">{_steps(state, words)}'
        f'<div aria-live="polite">{live}</div><div class="facts">{facts}</div>{_behind(words)}'
        f'<div id="calls"{_hidden(not state.calls)}>{phone}</div></section>'
    )


def _behind(words: Words) -> str:
    """Return the place where the script says that it reaches nobody."""
    return f'<p id="behind" role="status" data-text="{escape(words.behind)}" hidden></p>'


def _steps(state: PageState, words: Words) -> str:
    items = "".join(
        f"<li{' class=done' if number <= state.step else ''}{' aria-current=step' if number == state.step else ''}>"
        f"{escape(step)}</li>"
        for number, step in enumerate(words.steps, 1)
    )
    return f'<ol class="steps" aria-label="{escape(words.progress)}">{items}</ol>'


def _text(place: str, state: PageState) -> str:
    text = state.texts.get(place, "")
    if place == "headline":
        said = "" if "eyebrow" in state.texts else ' class="said"'
        return f'<h1 id="headline"{said}>{escape(text)}</h1>'
    return f'<p id="{place}"{_hidden(not text)}>{escape(text)}</p>'


def _hidden(hidden: object) -> str:
    return " hidden" if hidden else ""


def _map(state: PageState, frame: Frame, words: Words) -> str:
    """Return the place of the map; what it says is there without it."""
    drawn = ""
    if frame.map_style is not None and frame.scripts:
        labels = (
            f'data-van="{escape(words.van)}" data-home="{escape(words.home)}" data-bare="{escape(words.no_streets)}"'
        )
        drawn = (
            f'<div id="map" role="region" aria-label="{escape(words.map_label)}" '
            f'data-style="{escape(frame.map_style)}" {labels} hidden></div>'
        )
    return f'<section class="card" id="van"{_hidden(state.van is None)}>{drawn}{_text("seen", state)}</section>'


def _writing(state: PageState, own: Own, words: Words) -> str:
    open_ = " open" if own.writing or own.too_long is not None else ""
    text = own.written if own.too_long is None else own.too_long
    hint = words.write_hint.format(most=MOST_CHARACTERS)
    problem = "" if own.too_long is None else _problem(words)
    title = words.rewrite if own.written else words.write
    quoted = f"<blockquote>{escape(words.written.format(text=own.written))}</blockquote>" if own.written else ""
    return (
        f'<section class="card" id="writing"{_hidden(not state.writable)}>{quoted}<details{open_}>'
        f"<summary>{escape(title)}</summary>"
        f'{_hold(own, words)}<form method="post" action="{escape(own.action)}/instructions">'
        f'<label for="words">{escape(hint)}</label>'
        f'<textarea id="words" name="text" maxlength="{MOST_CHARACTERS}">{escape(text)}</textarea>{problem}'
        f'<button class="main">{escape(words.send)}</button></form></details></section>'
    )


def _hold(own: Own, words: Words) -> str:
    """Return how who has no script keeps the page from renewing itself below their hands."""
    if own.writing:
        return ""
    return f'<noscript><a class="plain" href="{escape(own.action)}?write=1">{escape(words.hold)}</a></noscript>'


def _problem(words: Words) -> str:
    return f'<p class="problem" role="alert">{escape(words.too_long.format(most=MOST_CHARACTERS))}</p>'


def _others(state: PageState, own: Own, frame: Frame, words: Words) -> str:
    """Return what else can be done: call, and want no messages."""
    call = f'<div id="may-call"{_hidden(state.calls)}>{_phone(frame, words, "")}</div>'
    return call + _messages(own, words)


def _messages(own: Own, words: Words) -> str:
    if own.messages is None:
        return ""
    said = "" if own.messages else f'<p class="facts">{escape(words.messages_are_off)}</p>'
    label, wanted = (words.messages_off, "false") if own.messages else (words.messages_on, "true")
    return (
        f'{said}<form method="post" action="{escape(own.action)}/messages">'
        f'<input type="hidden" name="wanted" value="{wanted}"><button class="quiet">{escape(label)}</button></form>'
    )


def _phone(frame: Frame, words: Words, style: str) -> str:
    phone = frame.house.phone
    if phone is None:
        return ""
    digits = "".join(character for character in phone if character.isdigit() or character == "+")
    label = escape(words.call.format(phone=phone))
    return f'<a class="call {style}" href="tel:{escape(digits)}">{label}</a>'


def _footer(words: Words) -> str:
    return f"<footer>{escape(words.refreshes)}</footer>"
