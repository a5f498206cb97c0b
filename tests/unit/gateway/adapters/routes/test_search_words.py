"""What is searched for is compared without case, accents and the ways to write a number."""

import pytest

from gateway.adapters.routes.words import MAX_QUESTION_CHARACTERS, MAX_WORDS, fold, searched, words
from gateway.ports import StopDetails


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ångström", "angstrom"),
        ("STRASSE straße", "strasse strasse"),
        ("Łódź  Ørsted\n", "lodz orsted"),
        ("ΑΘΉΝΑ", "αθηνα"),
        ("①２", "12"),
        ("", ""),
    ],
)
def test_letters_are_folded(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("question", "looked_for"),
    [
        ("Anna  Virtanen", ["anna", "virtanen"]),
        ("040 123 45 67", ["401234567"]),
        ("+358 (40) 123-4567", ["358401234567"]),
        ("0401234567", ["401234567"]),
        ("00150 helsinki", ["00150", "helsinki"]),
        ("AB-12345", ["ab-12345"]),
        ("5", ["5"]),
        (" \t ", []),
    ],
)
def test_a_question_is_words_or_one_number(question, looked_for):
    assert words(question) == looked_for


def test_a_question_is_bounded():
    assert len(words("a " * 1_000)) == MAX_WORDS
    assert len("".join(words("x" * 1_000))) == MAX_QUESTION_CHARACTERS


def test_of_a_stop_only_what_a_caller_would_say_is_looked_through():
    details = StopDetails(stop="s1", order="O-1", recipient="Änna", phone="+358 40-123", email="a@b.fi", notes="dog")
    assert searched(details) == "o-1\nanna\n35840123"
