"""The customer's page: what it says, in whose language and time, and that nothing in it is from elsewhere."""

import re
from dataclasses import fields, replace
from html import unescape

import pytest

from gateway.domain.estimate import EtaReason
from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.delivery import Delivery, Span, Stage
from gateway.links.house import House
from gateway.links.jumps import Jump
from gateway.links.languages import WORDS
from gateway.links.page import MOST_CHARACTERS, Frame, Own, away_page, busy_page, delivery_page, gone_page
from gateway.links.state import VanShown, state_of
from gateway.links.style import policy_of, style_of
from gateway.links.visibility import Precision, Van
from gateway.links.words import Language, Words, language_of
from tests.fixtures.customers import FRAME, HOUSE
from tests.fixtures.routes import MINUTE, START

AWAITED = Delivery(
    stage=Stage.ON_THE_WAY,
    zone="Europe/Helsinki",
    now=START,
    before=3,
    ordinal=14,
    expected=Span(START + 30 * MINUTE, START + 50 * MINUTE),
    known=START - 2 * MINUTE,
    promised=Span(START, START + 120 * MINUTE),
)
"""08:00 in Helsinki, which is UTC+2 in March."""

OWN = Own("/t/token", messages=True)
TOMORROW = Span(START + 26 * 60 * MINUTE, START + 28 * 60 * MINUTE)
VAN = Van(Place(60.17, 24.94), Precision.AREA, START - MINUTE, Place(60.18, 24.95))


def of(stage, **changes):
    cleared = {"before": None, "ordinal": None, "expected": None, "known": None}
    return replace(AWAITED, stage=stage, **{**cleared, "at": START - 5 * MINUTE, **changes})


def page(delivery, language=Language.ENGLISH, own=OWN, frame=FRAME):
    return delivery_page(state_of(delivery, frame.house, WORDS[language]), own, frame, language)


def text(delivery, language=Language.ENGLISH, **more):
    """The words that are seen, as a person reads them."""
    body = page(delivery, language, **more).partition("<main>")[2].partition("</main>")[0]
    seen = re.sub(r"<(p|div|section)[^>]* hidden>.*?</\1>", " ", re.sub(r"<noscript>.*?</noscript>", "", body))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", seen))).strip()


def test_when_it_comes_is_the_one_large_answer():
    assert re.search(r"<h1 id=\"headline\">08:30\s–\s08:50</h1>", page(AWAITED))


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (AWAITED, "Your delivery is on its way 08:30 – 08:50 Expected today."),
        (AWAITED, "3 deliveries before yours Yours is stop 14 of the round."),
        (AWAITED, "As of 2 min ago Promised: 08:00 – 10:00"),
        (replace(AWAITED, known=START), "As of just now"),
        (replace(AWAITED, before=0), "Yours is the next delivery"),
        (replace(AWAITED, before=1), "1 delivery before yours"),
        (replace(AWAITED, stage=Stage.PLANNED), "Expected today. The van has not set out yet."),
        (replace(AWAITED, now=START - 24 * 60 * MINUTE), "Expected tomorrow."),
        (replace(AWAITED, now=START - 48 * 60 * MINUTE), "Expected on Tue 10 Mar."),
        (replace(AWAITED, now=START - 24 * 60 * MINUTE), "Promised: Tue 10 Mar, 08:00 – 10:00"),
        (replace(AWAITED, expected=None), "Your delivery is on its way 08:00 – 10:00 Expected today."),
        (replace(AWAITED, expected=None, promised=None), "Your delivery is on its way 3 deliveries"),
        (replace(AWAITED, jump=Jump.NEW_ORDER), "The count changed: the driver goes in another order"),
        (replace(AWAITED, jump=Jump.NEW_PLAN), "The count changed: the round was planned anew."),
        (replace(AWAITED, jump=Jump.CORRECTED), "The count changed: an earlier one was corrected."),
        (replace(AWAITED, why=EtaReason.TRAFFIC), "The time was updated for today's traffic."),
        (replace(AWAITED, why=EtaReason.LONG_STOP), "The time was updated after earlier stops."),
        (replace(AWAITED, delayed=True), "Your delivery is delayed 08:30 – 08:50 Expected today. Later than promised."),
        (replace(AWAITED, silent_since=START - 12 * MINUTE), "We have heard nothing from the van since 07:48."),
        (replace(AWAITED, van=VAN), "The van is in this area, as of 07:59."),
        (replace(AWAITED, van=VAN._replace(precision=Precision.POINT)), "The van is here, as of 07:59."),
        (of(Stage.ARRIVED), "The van is at your door Since 07:55."),
        (of(Stage.LEFT), "Our van was at your address at 07:55 The driver has not confirmed the delivery yet."),
        (of(Stage.PUT_OFF), "Your delivery is put off Another stop was served first."),
        (of(Stage.DELIVERED, left_with=LeftWith.NEIGHBOUR), "Delivered At 07:55. Left with a neighbour."),
        (of(Stage.DELIVERED, at=START - 24 * 60 * MINUTE), "At Mon 9 Mar, 08:00."),
        (of(Stage.FAILED, reason=FailureReason.ABSENT), "We could not deliver At 07:55. Nobody was there."),
        (of(Stage.FAILED, again=TOMORROW), "We come again tomorrow, 10:00 – 12:00."),
        (of(Stage.FAILED), "Call us and we will find a new time. Call +358 9 123 456"),
        (of(Stage.NOT_TODAY, at=None), "Your delivery did not come today Call us"),
        (of(Stage.CANCELLED, at=None), "Your delivery is cancelled It does not come with this van. Call us"),
    ],
)
def test_each_state_in_words(delivery, words):
    assert words in text(delivery)


def test_the_same_in_spanish():
    shown = text(AWAITED, Language.SPANISH)
    assert "Su entrega está en camino 08:30 – 08:50 Prevista hoy. 3 entregas antes de la suya" in shown
    assert "Nuestro vehículo estuvo en su dirección a las 07:55" in text(of(Stage.LEFT), Language.SPANISH)
    assert "Volvemos mañana, 10:00 – 12:00." in text(of(Stage.FAILED, again=TOMORROW), Language.SPANISH)
    assert 'lang="es"' in page(AWAITED, Language.SPANISH)


@pytest.mark.parametrize("language", Language)
def test_delivered_is_said_of_a_delivery_that_was_confirmed_alone(language):
    told = WORDS[language].stages[Stage.DELIVERED].headline
    for stage in set(Stage) - {Stage.DELIVERED}:
        assert told not in state_of(of(stage), HOUSE, WORDS[language]).texts.values()


def test_without_a_phone_the_sender_is_asked():
    silent_house = FRAME.__class__(House("Acme"), FRAME.style)
    shown = text(of(Stage.FAILED), frame=silent_house)
    assert "Ask the sender what happens next." in shown
    assert "Call" not in shown


def test_the_phone_is_first_when_it_is_what_comes_next():
    assert state_of(of(Stage.FAILED), HOUSE, WORDS[Language.ENGLISH]).calls
    assert not state_of(of(Stage.FAILED, again=TOMORROW), HOUSE, WORDS[Language.ENGLISH]).calls
    assert 'href="tel:+3589123456"' in page(of(Stage.FAILED))


def test_a_window_over_midnight_has_the_next_days_date():
    night = Span(START + 15 * 60 * MINUTE, START + 17 * 60 * MINUTE)
    assert "23:00 – Wed 11 Mar, 01:00" in text(replace(AWAITED, expected=night))


def test_the_night_of_the_clock_change_is_told_by_the_wall_clock():
    change = 1_774_746_000_000  # 29 March 2026, 01:00 UTC: 03:00 becomes 04:00 in Helsinki
    span = Span(change - 10 * MINUTE, change + 10 * MINUTE)
    assert "02:50 – 04:10" in text(replace(AWAITED, now=change, expected=span))


@pytest.mark.parametrize("stage", Stage)
def test_the_driver_is_written_to_before_the_van_is_there(stage):
    before = stage in {Stage.PLANNED, Stage.ON_THE_WAY, Stage.PUT_OFF}
    assert ("Write to the driver" in text(of(stage))) is before


def test_what_was_written_is_shown_as_text():
    shown = page(AWAITED, own=replace(OWN, written="<b>4711</b>"))
    assert "&lt;b&gt;4711&lt;/b&gt;" in shown
    assert "<b>" not in shown


def test_what_was_too_long_is_given_back():
    shown = page(AWAITED, own=replace(OWN, too_long="x" * 301))
    assert "x" * 301 + "</textarea>" in shown
    assert f"at most {MOST_CHARACTERS} characters" in shown


@pytest.mark.parametrize(
    ("messages", "words"),
    [(True, "Send me no more messages"), (False, "Send me messages again"), (None, None)],
)
def test_messages_can_be_stopped_and_asked_for_again(messages, words):
    shown = text(AWAITED, own=replace(OWN, messages=messages))
    assert words is None or words in shown
    assert ("messages" in shown) is (messages is not None)


def test_without_a_script_it_renews_itself_but_not_below_writing_hands():
    again = '<noscript><meta http-equiv="refresh" content="60"></noscript>'
    assert again in page(AWAITED)
    assert "?write=1" in page(AWAITED)
    writing = page(AWAITED, own=replace(OWN, writing=True))
    assert "refresh" not in writing
    assert "<details open>" in writing


def test_the_map_needs_a_van_a_script_and_a_style():
    assert 'id="map"' in page(AWAITED)
    assert 'id="map"' not in page(AWAITED, frame=Frame(HOUSE, FRAME.style))
    assert '<section class="card" id="van" hidden>' in page(AWAITED)
    assert '<section class="card" id="van">' in page(replace(AWAITED, van=VAN))
    state = state_of(replace(AWAITED, van=VAN), HOUSE, WORDS[Language.ENGLISH])
    assert state.van == VanShown(60.17, 24.94, Precision.AREA, 60.18, 24.95)


@pytest.mark.parametrize("language", Language)
def test_every_text_is_there_in_every_language_with_the_same_gaps(language):
    for field in fields(Words):
        ours, english = getattr(WORDS[language], field.name), getattr(WORDS[Language.ENGLISH], field.name)
        assert _gaps(ours) == _gaps(english), field.name


def _gaps(said):
    if isinstance(said, dict):
        return {key: _gaps(value) for key, value in said.items()}
    if isinstance(said, tuple):
        return tuple(map(_gaps, said))
    return sorted(re.findall(r"\{\w+\}", said))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("*", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fi, en;q=0.7, es;q=0.8", "es"),
        ("en-GB,es", "en"),
        ("fi,sv", "en"),
        ("es;q=0,en;q=0.1", "en"),
        ("es;q=nonsense", "en"),
        ("es;q=nan", "en"),
        ("es;q=9", "en"),
        (";;,=,q=1", "en"),
        ("fi," * 30 + "es", "en"),
    ],
)
def test_the_language_is_the_browsers(header, language):
    assert language_of(header) == language


@pytest.mark.parametrize(
    "made", [page(AWAITED), *(each(FRAME, Language.ENGLISH) for each in (gone_page, busy_page, away_page))]
)
def test_nothing_in_it_is_from_elsewhere(made):
    assert "//" not in made
    assert "url(" not in made
    assert " style=" not in made
    assert not re.search(r"\son\w+=", made)
    assert made.count("<style>") == 1


def test_the_policy_lets_in_its_own_style_and_files_alone():
    policy = policy_of(style_of("#1f7a4d"))
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "form-action 'self'" in policy
    assert f"'sha256-{style_of('#1f7a4d').sha256}'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_companys_name_is_text():
    assert "<header>A&lt;b&gt;</header>" in page(AWAITED, frame=Frame(House("A<b>"), FRAME.style))
    with_logo = page(AWAITED, frame=Frame(House('A"', logo="/company/logo"), FRAME.style))
    assert '<img src="/company/logo" alt="A&quot;">' in with_logo
