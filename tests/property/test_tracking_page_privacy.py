"""A customer's page never holds anything of another stop, nor where anything is, whatever the plan and the day."""

import asyncio
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, LeftWith, Said
from gateway.http.api import build_api
from gateway.links.page import STYLE
from gateway.links.words import WORDS
from gateway.ports import StopDetails
from tests.fixtures.api import ApiRig
from tests.fixtures.routes import MINUTE, START, plan, stop

_NAMES = st.text("bdfghjklmnpqrtvwxyzäéß<>&'\"{}", min_size=12, max_size=20)
"""Long, and with hardly a vowel: none is a word of the page by chance."""

_PEOPLE = st.lists(st.tuples(_NAMES, _NAMES, _NAMES), min_size=2, max_size=6, unique=True)
_PLACES = st.tuples(st.floats(59.1, 61.9), st.floats(24.1, 26.9))
_WORDS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Said), st.integers(1, 90)), max_size=6)

_RIG = ApiRig()
_CLIENT = TestClient(build_api(_RIG.parts))


def _details(number, person):
    recipient, address, note = person
    return StopDetails(
        stop=f"zq{number}-{number * 7919}",
        order=f"ORDERREF{number * 104729}",
        recipient=recipient,
        address=address,
        phone=f"+35840{number * 1299709:08d}",
        email=f"{number * 15485863}@example.org",
        notes=note,
    )


def _day(people, places, words, fixes):
    """Follow a route of these people and let things happen on it; return their details."""
    routes = _RIG.routes
    routes.rounds.rounds.clear()
    routes.rounds.by_vehicle.clear()
    routes.book.plans.clear()
    routes.book.people.clear()
    details = [_details(number, person) for number, person in enumerate(people, 1)]
    stops = tuple(
        stop(number, stop=each.stop, order=each.order, place=Place(*places[number - 1]))
        for number, each in enumerate(details, 1)
    )
    named = plan("SECRETROUTE", vehicle="SECRETVAN", driver="SECRETDRIVER")
    route = routes.follow(replace(named, stops=stops), *details)
    for minute, (lat, lon) in enumerate(fixes):
        routes.report(route, START + minute * MINUTE, lat, lon, speed=0.5)
    for who, said, minute in words:
        more = {"left_with": LeftWith.NEIGHBOUR} if said is Said.SUCCEEDED else {}
        more |= {"reason": FailureReason.ABSENT} if said is Said.FAILED else {}
        routes.tap(route, details[who % len(details)].stop, said, START + minute * MINUTE, **more)
    return details


def _page(order):
    url = asyncio.run(_RIG.routes.parts.links.urls("main", [order], "http://h"))[order]
    return url, _CLIENT.get(url.removeprefix("http://h"))


@given(_PEOPLE, st.lists(_PLACES, min_size=6, max_size=6), _WORDS, st.lists(_PLACES, max_size=3), st.integers(0, 600))
def test_nothing_of_others_and_no_place_gets_onto_a_page(people, places, words, fixes, minutes):
    details = _day(people, places, words, [*fixes, places[0]])
    _RIG.clock.now = START + minutes * MINUTE
    for own in details:
        url, answer = _page(own.order)
        shown = answer.text.replace(STYLE, "")
        assert answer.status_code == 200
        for each in details:
            told = (each.stop, each.order, each.recipient, each.address, each.phone, each.email, each.notes)
            assert not any(secret in shown or _escaped(secret) in shown for secret in told)
        for lat, lon in [*places, *fixes]:
            assert f"{lat:.4f}"[:6] not in shown
            assert f"{lon:.4f}"[:6] not in shown
        assert not any(secret in shown for secret in ("SECRETROUTE", "SECRETVAN", "SECRETDRIVER"))
        assert url.rpartition("/")[2] not in shown


@given(st.text(max_size=30), st.text(max_size=60))
def test_no_address_or_language_makes_a_page_that_is_not_ours(token, language):
    _RIG.clock.now += 60_000
    header = {"Accept-Language": language.encode("ascii", "ignore").decode().replace("\r", "").replace("\n", "")}
    answer = _CLIENT.get("/t/" + "".join(character for character in token if character.isalnum()), headers=header)
    assert answer.status_code == 404
    assert not answer.text.startswith("<") or any(words.gone.headline in answer.text for words in WORDS.values())


def _escaped(text):
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
