"""Tokens: the same for the same link, and worth nothing when anything about them is changed."""

import string

import pytest

from gateway.links.token import MAX_ID_CHARACTERS, WORD_CHARACTERS, Claim, is_right, make_token, read_token

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
ALPHABET = set(string.ascii_letters + string.digits + "-_")


def given(token, key=KEY, generation=1):
    claim = read_token(token)
    return claim is not None and is_right(key, claim, generation)


def test_a_token_can_be_shown_again_and_is_believed():
    assert make_token(KEY, "abc-12_X", 1) == make_token(KEY, "abc-12_X", 1)
    assert given(make_token(KEY, "abc-12_X", 1))


def test_it_names_its_link_and_goes_into_an_address_as_it_is():
    token = make_token(KEY, "abc-12_X", 1)
    claim = read_token(token)
    assert claim is not None
    assert claim.link_id == "abc-12_X"
    assert set(token) <= ALPHABET
    assert WORD_CHARACTERS * 6 >= 128


def test_another_link_generation_or_key_has_another_word():
    words = {
        make_token(key, link, generation)[-WORD_CHARACTERS:]
        for key in (KEY, OTHER_KEY)
        for link in ("aa", "ab")
        for generation in (1, 2)
    }
    assert len(words) == 8


def test_a_later_generation_makes_it_worthless():
    assert not given(make_token(KEY, "abc", 1), generation=2)


def test_each_changed_character_makes_it_worthless():
    token = make_token(KEY, "abc", 1)
    for place, character in enumerate(token):
        changed = token[:place] + ("A" if character != "A" else "B") + token[place + 1 :]
        assert not given(changed), place


def test_id_and_generation_do_not_run_together():
    assert make_token(KEY, "a", 11)[-WORD_CHARACTERS:] != make_token(KEY, "a1", 1)[-WORD_CHARACTERS:]


@pytest.mark.parametrize(
    "token",
    [
        "",
        "abc",
        "x" * WORD_CHARACTERS,
        "x" * (MAX_ID_CHARACTERS + WORD_CHARACTERS + 1),
        "ä" * 40,
        "a/b" * 20,
        "a" * 40 + "\n",
    ],
)
def test_what_no_token_looks_like_says_nothing(token):
    assert read_token(token) is None


def test_the_shortest_token_has_an_id_of_one_character():
    assert read_token("i" + "w" * WORD_CHARACTERS) == Claim("i", "w" * WORD_CHARACTERS)
