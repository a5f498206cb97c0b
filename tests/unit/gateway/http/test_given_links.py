"""Whose link a token was given for: one check for customers' and for drivers' links."""

from typing import NamedTuple

import pytest

from gateway.http.given_links import given_link
from gateway.links.token import DRIVERS, KEY_BYTES, TRACKING, make_token

KEY = bytes(range(KEY_BYTES))
CONTEXTS = [TRACKING, DRIVERS]


class Kept(NamedTuple):
    """A link as it is kept."""

    generation: int


LINK = Kept(generation=2)


async def by_id(link_id):
    return LINK if link_id == "a1" else None


@pytest.mark.parametrize("context", CONTEXTS)
async def test_a_token_of_now_opens_its_link(context):
    assert await given_link(make_token(KEY, "a1", 2, context), by_id, KEY, context) is LINK


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize(
    ("key", "link_id", "generation"), [(KEY, "a1", 1), (KEY, "a1", 3), (KEY, "b2", 2), (b"other" * 7, "a1", 2)]
)
async def test_one_of_before_or_of_somebody_else_opens_nothing(context, key, link_id, generation):
    assert await given_link(make_token(key, link_id, generation, context), by_id, KEY, context) is None


@pytest.mark.parametrize(("made", "asked"), [(TRACKING, DRIVERS), (DRIVERS, TRACKING)])
async def test_a_drivers_token_opens_no_customers_page_nor_the_other_way_round(made, asked):
    assert await given_link(make_token(KEY, "a1", 2, made), by_id, KEY, asked) is None


async def test_what_looks_like_no_token_is_not_looked_up():
    async def asked(_link_id):
        raise AssertionError

    assert await given_link("../etc", asked, KEY, TRACKING) is None
