"""The words of messages: short, in the recipient's language and time, and of their own stop alone."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import msgspec
import pytest

from gateway.domain.message import Contact, MessageKind
from gateway.domain.stop import FailureReason, LeftWith
from gateway.links.words import Language
from gateway.messages.examples import EXAMPLE_URL, example
from gateway.messages.gsm import foreign_letters, segments
from gateway.messages.words import MESSAGE_WORDS, language_for
from gateway.messages.write import write
from tests.fixtures.routes import MINUTE

ALL = list(product(MessageKind, Language))
COMPANY = "Acme Parcels"


def texts_of(kind, language):
    """Return all texts to a phone that a kind can become: with and without times, each reason, each place."""
    full = example(kind, COMPANY)
    tellings = [full, _with(full, eta=None), _with(full, left_with=None, failure=None)]
    tellings += [_with(full, left_with=each) for each in LeftWith]
    tellings += [_with(full, failure=each) for each in FailureReason]
    return [write(telling, language, Contact.PHONE).text for telling in tellings]


def _with(telling, **changes):
    stop = telling.stop.__copy__()
    for name, value in changes.items():
        setattr(stop, name, value)
    return replace(telling, stop=stop)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_text_is_one_sms_with_company_and_link(kind, language):
    for text in texts_of(kind, language):
        assert foreign_letters(text) == set()
        assert segments(text) == 1, f"{len(text)} letters: {text}"
        assert text.startswith(f"{COMPANY}: ")
        assert text.endswith(f" {EXAMPLE_URL}")
        assert not {"{", "}"} & set(text)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_companys_name_of_twenty_letters_leaves_it_one_sms(kind, language):
    for text in texts_of(kind, language):
        assert segments(text.replace(COMPANY, "Acme Parcels Iberica")) == 1, text


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_a_mail_has_a_subject_and_the_link_on_a_line_of_its_own(kind, language):
    mail = write(example(kind, COMPANY), language, Contact.EMAIL)
    assert mail.title.endswith(f" - {COMPANY}")
    assert "\n" not in mail.title
    assert EXAMPLE_URL in mail.text.splitlines()
    assert MESSAGE_WORDS[language].opt_out in mail.text


@pytest.mark.parametrize(("kind", "language", "contact"), list(product(MessageKind, Language, Contact)))
def test_without_company_and_link_it_is_whole_too(kind, language, contact):
    message = write(example(kind, "", None), language, contact)
    assert message.text[0].isupper()
    assert message.title
    assert "None" not in message.text
    assert message.text == message.text.strip()


@pytest.mark.parametrize(
    ("kind", "language", "said"),
    [
        (MessageKind.ON_THE_WAY, Language.ENGLISH, "expected 14:10-14:40"),
        (MessageKind.ON_THE_WAY, Language.SPANISH, "entre las 14:10 y las 14:40"),
        (MessageKind.ARRIVING, Language.ENGLISH, "at about 14:11"),
        (MessageKind.NEW_ETA, Language.ENGLISH, "15:20-15:50, instead of 13:00-15:00"),
        (MessageKind.DELIVERED, Language.ENGLISH, "Delivered at 14:03, left with a neighbour."),
        (MessageKind.DELIVERED, Language.SPANISH, "Entregado a las 14:03, a un vecino."),
        (MessageKind.FAILED, Language.ENGLISH, "at 14:03: nobody was there."),
    ],
)
def test_times_are_those_of_the_route_in_five_minutes_outwards(kind, language, said):
    assert said in write(example(kind, COMPANY), language, Contact.PHONE).text


def test_the_same_moment_is_told_by_the_clock_of_its_zone():
    telling = replace(example(MessageKind.DELIVERED, COMPANY), zone="Europe/Helsinki")
    assert "15:03" in write(telling, Language.ENGLISH, Contact.PHONE).text


@pytest.mark.parametrize(
    ("at", "window"),
    [
        ("2026-10-25T00:40", "02:30 CEST-02:00 CET"),
        ("2026-10-24T22:40", "00:30-01:00"),
        ("2026-10-25T02:40", "03:30-04:00"),
        ("2026-03-29T00:50", "01:40-03:10"),
    ],
)
def test_in_the_nights_in_which_the_clock_is_changed_a_window_is_read_one_way(at, window):
    """At 03:00 summer time it is 02:00 again in Madrid; in spring 02:00 is 03:00 at once."""
    full = example(MessageKind.NEXT, COMPANY)
    expected = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)
    eta = msgspec.structs.replace(full.stop.eta, p10=expected - 10 * MINUTE, p50=expected, p90=expected + 20 * MINUTE)
    text = write(_with(full, eta=eta), Language.ENGLISH, Contact.PHONE).text
    assert f"expected {window}." in text
    assert segments(text) == 1


def test_braces_in_a_companys_name_are_letters():
    assert write(example(MessageKind.NEXT, "{start} & Co"), Language.ENGLISH, Contact.PHONE).text.startswith("{start}")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("es-MX", "es"),
        ("es_MX", "es"),
        ("en", "en"),
        ("fi", "es"),
        (None, "es"),
        ("", "es"),
    ],
)
def test_a_language_that_is_none_of_ours_is_that_of_the_settings(wanted, language):
    assert language_for(wanted, "es") == language


@pytest.mark.parametrize(
    ("text", "number"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2), ("í" * 70, 1),
     ("í" * 71, 2), ("", 1)],
)  # fmt: skip
def test_segments(text, number):
    assert segments(text) == number
