"""What is sent to a customer never holds anything of another stop, nor shows the van at one, whatever plan and day."""

import asyncio
from dataclasses import replace

from hypothesis import event, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient

from gateway.domain.geo import distance_m
from gateway.domain.route import Place, RouteKey
from gateway.domain.stop import FailureReason, LeftWith, Said
from gateway.http.api import build_api
from gateway.links.languages import WORDS
from gateway.links.visibility import DIGITS, NEXT_DOOR_M
from gateway.ports import StopDetails
from tests.fixtures.api import ApiRig
from tests.fixtures.customers import STYLE
from tests.fixtures.routes import MINUTE, START, plan, stop

_NAMES = st.text("bdfghjklmnpqrtvwxyzäéß<>&'\"{}", min_size=12, max_size=20)
"""Long, and with hardly a vowel: none is a word of the page by chance."""

_PEOPLE = st.lists(st.tuples(_NAMES, _NAMES, _NAMES), min_size=2, max_size=6, unique=True)
_SCATTERED = st.tuples(st.floats(59.1, 61.9), st.floats(24.1, 26.9))
_NEAR = st.tuples(st.floats(60.101, 60.129), st.floats(24.801, 24.859))
"""Of a part of a town three kilometres wide, in which vans are neighbours of somebody half of the time."""

_DRIVE = st.lists(_NEAR, min_size=1, max_size=8)
_WORDS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Said), st.integers(1, 90)), max_size=6)
_WHOLE_DAYS = settings(deadline=None, max_examples=40)
"""Each example is a day with a page for each customer after each report: some 100 ms."""

_ROOM = 1.0
"""Metres: how far rounding to `DIGITS` may move what is compared here."""

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


def _day(people, places):
    """Follow a route of these people, remembered by nobody; return it with their details."""
    routes = _RIG.routes
    for kept in (routes.rounds.rounds, routes.rounds.by_vehicle, routes.book.plans, routes.book.people):
        kept.clear()
    _CLIENT.app.state.parts = replace(_RIG.parts, customers=_RIG.customers.over(routes.parts))
    details = [_details(number, person) for number, person in enumerate(people, 1)]
    stops = tuple(
        stop(number, stop=each.stop, order=each.order, place=Place(*places[number - 1]))
        for number, each in enumerate(details, 1)
    )
    named = plan("SECRETROUTE", vehicle="SECRETVAN", driver="SECRETDRIVER")
    return routes.follow(replace(named, stops=stops), *details), details


def _happen(route, details, words):
    for who, said, minute in words:
        more = {"left_with": LeftWith.NEIGHBOUR} if said is Said.SUCCEEDED else {}
        more |= {"reason": FailureReason.ABSENT} if said is Said.FAILED else {}
        _RIG.routes.tap(route, details[who % len(details)].stop, said, START + minute * MINUTE, **more)


def _sent(order):
    """All that is sent to the holder of an order's link: the page's words and the state; and the state read."""
    url = asyncio.run(_RIG.routes.parts.links.urls("main", [order], "http://h"))[order].removeprefix("http://h")
    page, state = _CLIENT.get(url), _CLIENT.get(f"{url}/state")
    assert (page.status_code, state.status_code) == (200, 200)
    return page.text.replace(STYLE.text, "").replace(url, "/t/"), state.text, state.json()


def _check_texts(details, own, *texts):
    for each in details:
        told = (each.stop, each.order, each.recipient, each.address, each.phone, each.email, each.notes)
        for text in texts:
            assert not any(secret in text or _escaped(secret) in text for secret in told), (each is own, text)
    for text in texts:
        assert not any(secret in text for secret in ("SECRETROUTE", "SECRETVAN", "SECRETDRIVER"))


@_WHOLE_DAYS
@given(
    _PEOPLE, st.lists(_SCATTERED, min_size=6, max_size=6), _WORDS, st.lists(_SCATTERED, max_size=3), st.integers(0, 600)
)
def test_nothing_of_others_and_no_place_of_theirs_is_sent(people, places, words, fixes, minutes):
    route, details = _day(people, places)
    for minute, (lat, lon) in enumerate([*fixes, places[0]]):
        _RIG.routes.report(route, START + minute * MINUTE, lat, lon, speed=0.5)
    _happen(route, details, words)
    _RIG.clock.now = START + minutes * MINUTE
    for number, own in enumerate(details):
        page, text, state = _sent(own.order)
        _check_texts(details, own, page, text)
        van = state.pop("van", None)
        home = places[number] if van is not None else None
        for lat, lon in {*places[: len(details)]} - {home}:
            assert f"{lat:.4f}"[:7] not in page
            assert f"{lon:.4f}"[:7] not in page
            assert van is None or (round(lat, DIGITS), round(lon, DIGITS)) != (van["lat"], van["lon"])


@_WHOLE_DAYS
@given(_PEOPLE, st.lists(_NEAR, min_size=6, max_size=6), _WORDS, _DRIVE)
def test_the_van_is_never_seen_at_anothers_door(people, places, words, drive):
    route, details = _day(people, places)
    _happen(route, details, words)
    for step, (lat, lon) in enumerate([*drive, places[len(details) - 1]]):
        now = START + step * 2 * MINUTE
        _RIG.routes.report(route, now, lat, lon, speed=8.0)
        _RIG.clock.now = now + 1_000
        for number, own in enumerate(details):
            page, text, state = _sent(own.order)
            _check_texts(details, own, page, text)
            _check_van(state, places[: len(details)], number)


@_WHOLE_DAYS
@given(_PEOPLE, st.lists(_NEAR, min_size=6, max_size=6), st.lists(_NEAR, min_size=1, max_size=3))
def test_nor_at_a_door_of_the_vans_other_route(people, places, later):
    route, details = _day(people, places)
    stops = tuple(stop(number, order=f"PM-{number}", place=Place(*place)) for number, place in enumerate(later, 1))
    _RIG.routes.follow(replace(route, key=RouteKey(route.key.fleet, "SECRETEVENING"), stops=stops))
    for step, (lat, lon) in enumerate(later):
        now = START + step * 2 * MINUTE
        _RIG.routes.report(route, now, lat, lon, speed=8.0)
        _RIG.clock.now = now + 1_000
        for number, own in enumerate(details):
            _check_van(_sent(own.order)[2], [*places[: len(details)], *later], number)


def _check_van(state, places, number):
    van = state.get("van")
    event("a van" if van is not None else "no van")
    if van is None:
        return
    assert state["stage"] == "on_the_way"
    others = [place for other, place in enumerate(places) if other != number]
    assert min(distance_m(van["lat"], van["lon"], *other) for other in others) > NEXT_DOOR_M - _ROOM
    assert (van["home_lat"], van["home_lon"]) == (round(places[number][0], DIGITS), round(places[number][1], DIGITS))
    assert all(degrees == round(degrees, DIGITS) for degrees in (van["lat"], van["lon"]))


@_WHOLE_DAYS
@given(_PEOPLE, st.lists(_NEAR, min_size=6, max_size=6), st.integers(1, 5), _DRIVE)
def test_how_many_others_there_are_behind_is_told_to_nobody(people, places, fewer, drive):
    """The first customer is sent the same bytes, whether others come after them or not."""
    sent = []
    for some in (people, people[: max(1, len(people) - fewer)]):
        route, details = _day(some, places)
        for step, (lat, lon) in enumerate(drive):
            _RIG.routes.report(route, START + step * MINUTE, lat, lon, speed=8.0)
        _RIG.clock.now = START + len(drive) * MINUTE
        page, text, state = _sent(details[0].order)
        if "van" in state:  # it is, or is not, seen at the others' doors
            state.pop("van")
            state["texts"].pop("seen")
            page = text = ""
        sent.append((page, text, state))
    assert sent[0] == sent[1]


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
