"""What is looked up for a customer is looked up once for all who ask within seconds."""

from collections import Counter

import pytest

from gateway.domain.stop import Said
from gateway.http import customer_desk as desk_module
from gateway.http.customer_desk import FRESH_MS, Kept
from gateway.ports import StopDetails
from tests.fixtures.routes import MINUTE, START, plan, plan_at

PEOPLE = [StopDetails(stop=f"s{number}", order=f"ORD-{number}", phone=f"+3584{number}") for number in (1, 2, 3)]


@pytest.fixture
def made(monkeypatch):
    """Count how often a route is made ready to be shown."""
    counts = Counter()
    show = desk_module.show_detail

    def counting(layout, *rest):
        counts[layout.plan.key.route] += 1
        return show(layout, *rest)

    monkeypatch.setattr(desk_module, "show_detail", counting)
    return counts


async def told(api_rig, order="ORD-1"):
    desk, now = api_rig.parts.customers.desk, api_rig.clock.now
    urls = await api_rig.routes.parts.links.urls("main", [order], "")
    link = await desk.link_of(urls[order].rpartition("/")[2], now)
    return await desk.told(link, now)


async def test_a_route_is_made_once_for_all_its_customers(api_rig, made):
    api_rig.clock.now = START + MINUTE
    api_rig.routes.follow(plan("r1"), *PEOPLE)
    for _ in range(3):
        for person in PEOPLE:
            assert (await told(api_rig, person.order)).contacts == (person.phone,)
    assert made == {"r1": 1}


async def test_a_change_is_told_at_once_and_what_time_alone_changes_within_seconds(api_rig, made):
    api_rig.clock.now = START + MINUTE
    route = api_rig.routes.follow(plan("r1"), *PEOPLE)
    assert (await told(api_rig)).delivery.stage == "planned"
    api_rig.routes.tap(route, "s1", Said.SUCCEEDED, START + MINUTE)
    assert (await told(api_rig)).delivery.stage == "delivered"
    api_rig.clock.now += FRESH_MS
    await told(api_rig)
    assert made == {"r1": 3}


async def test_what_is_stored_is_read_as_rarely(api_rig, made):
    api_rig.clock.now = START + MINUTE
    api_rig.routes.follow(plan("r1"), *PEOPLE)
    api_rig.routes.rounds.rounds.clear()
    for _ in range(3):
        assert (await told(api_rig)).delivery.stage == "planned"
    assert made == {"r1": 1}


def test_what_was_not_asked_for_longest_goes_first():
    kept = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    kept.drop("a")
    kept.drop("never")
    assert kept.get("a") is None


NOBODY = StopDetails(stop="s1", order="ORD-1")
LONG_AGO = START - 40 * 24 * 60 * MINUTE


@pytest.mark.parametrize("said", [None, Said.FAILED, Said.SUCCEEDED])
async def test_whoever_was_erased_has_no_part_in_an_order_that_is_somebodys(api_rig, said):
    api_rig.clock.now = START + MINUTE
    old = api_rig.routes.follow(plan_at(LONG_AGO, "old", issued=LONG_AGO, date="2026-01-29"), NOBODY)
    if said is not None:
        api_rig.routes.tap(old, "s1", said, LONG_AGO + MINUTE)
    api_rig.routes.book.erased[old.key, "s1"] = START
    api_rig.routes.follow(plan("r1"), PEOPLE[0])
    assert (await told(api_rig)).contacts == (PEOPLE[0].phone,)


async def test_of_erased_attempts_alone_the_outcome_is_told(api_rig):
    api_rig.clock.now = START + MINUTE
    route = api_rig.routes.follow(plan("r1"), NOBODY)
    api_rig.routes.tap(route, "s1", Said.SUCCEEDED, START)
    api_rig.routes.book.erased[route.key, "s1"] = START
    assert (await told(api_rig)).delivery.stage == "delivered"
