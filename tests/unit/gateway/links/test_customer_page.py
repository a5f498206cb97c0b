"""The customer's page: what it says, in whose language and time, and that nothing in it can run."""

import re
from dataclasses import fields, replace

import pytest

from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.delivery import Delivery, Span, Stage
from gateway.links.page import POLICY, STYLE, delivery_page, gone_page
from gateway.links.words import ENGLISH, SPANISH, WORDS, Language, Words, language_of
from tests.fixtures.routes import MINUTE, START

AWAITED = Delivery(
    stage=Stage.ON_THE_WAY,
    zone="Europe/Helsinki",
    now=START,
    before=3,
    expected=Span(START + 30 * MINUTE, START + 50 * MINUTE),
    known=START - 2 * MINUTE,
    promised=Span(START, START + 120 * MINUTE),
)
"""08:00 in Helsinki, which is UTC+2 in March."""


def text(delivery, language=Language.ENGLISH):
    """The page's words, as a person reads them."""
    body = delivery_page(delivery, language).partition("<main>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def test_how_many_before_and_when_in_the_routes_own_time():
    shown = text(AWAITED)
    assert "3 deliveries before yours" in shown
    assert "Expected 08:30 to 08:50 as of 2 min ago" in shown
    assert "Promised 08:00 to 10:00" in shown


@pytest.mark.parametrize(
    ("before", "words"),
    [(0, "Yours is the next delivery"), (1, "1 delivery before yours"), (12, "12 deliveries before yours")],
)
def test_the_count_reads_as_people_say_it(before, words):
    assert words in text(replace(AWAITED, before=before))


def test_a_time_of_another_day_has_its_date():
    shown = text(replace(AWAITED, now=START - 24 * 60 * MINUTE))
    assert "2026-03-10 08:30 to 08:50" in shown


def test_a_window_over_midnight_has_both_dates():
    night = Span(START + 15 * 60 * MINUTE, START + 17 * 60 * MINUTE)
    assert "23:00 to 2026-03-11 01:00" in text(replace(AWAITED, expected=night))


def test_the_night_of_the_clock_change_is_told_by_the_wall_clock():
    change = 1_774_746_000_000  # 29 March 2026, 01:00 UTC: 03:00 becomes 04:00 in Helsinki
    assert "02:50 to 04:10" in text(
        replace(AWAITED, now=change, expected=Span(change - 10 * MINUTE, change + 10 * MINUTE))
    )


def test_a_zone_that_the_machine_does_not_know_is_read_as_utc():
    assert "06:30 to 06:50" in text(replace(AWAITED, zone="Mars/Olympus"))


def test_a_silent_van_is_said():
    assert ENGLISH.unheard in text(replace(AWAITED, unheard=True))
    assert ENGLISH.unheard not in text(AWAITED)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("language", Language)
def test_each_stage_has_words_in_each_language(stage, language):
    assert WORDS[language].stages[stage].headline in text(Delivery(stage, "UTC", START), language)


def test_an_outcome_with_whom_and_why_and_when():
    given = Delivery(Stage.DELIVERED, "Europe/Helsinki", START, at=START, left_with=LeftWith.NEIGHBOUR)
    assert "Delivered Left with a neighbour. At 08:00." in text(given)
    missed = Delivery(Stage.FAILED, "Europe/Helsinki", START, at=START, reason=FailureReason.ABSENT)
    assert "No hemos podido entregarla No había nadie. A las 08:00." in text(missed, Language.SPANISH)


@pytest.mark.parametrize(("language", "sender"), [("en", "Ask the sender"), ("es", "Pregunte al remitente")])
def test_who_was_not_reached_is_sent_to_the_sender_and_told_of_no_van(language, sender):
    shown = text(Delivery(Stage.NOT_TODAY, "UTC", START, at=START), Language(language))
    assert sender in shown
    assert ENGLISH.stages[Stage.PUT_OFF].line not in shown
    assert "06:00" not in shown


@pytest.mark.parametrize("words", WORDS.values())
def test_each_language_is_whole(words):
    assert set(words.stages) == set(Stage)
    assert set(words.left_with) == set(LeftWith)
    assert set(words.reasons) == set(FailureReason)
    assert all(getattr(words, field.name) for field in fields(Words))


def test_the_languages_have_the_same_gaps_to_fill():
    for field in fields(Words):
        ours, theirs = getattr(ENGLISH, field.name), getattr(SPANISH, field.name)
        assert re.findall(r"{\w+}", str(ours)) == re.findall(r"{\w+}", str(theirs)), field.name


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
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


@pytest.mark.parametrize("page", [delivery_page(AWAITED, Language.ENGLISH), gone_page(Language.ENGLISH)])
def test_nothing_in_it_runs_or_asks_for_more(page):
    assert "<script" not in page
    assert "href" not in page
    assert "src" not in page
    assert "url(" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("<style>") == 1


def test_the_policy_lets_in_its_own_style_alone():
    assert STYLE in delivery_page(AWAITED, Language.ENGLISH)
    assert POLICY.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in POLICY


def test_it_renews_itself_while_there_is_something_to_see():
    again = '<meta http-equiv="refresh" content="60">'
    assert again in delivery_page(AWAITED, Language.ENGLISH)
    assert again not in gone_page(Language.ENGLISH)
