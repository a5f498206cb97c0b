"""A driver's phone as a tracker: of the vehicle of the shift, in the shift, and nothing else."""

import json
from contextlib import ExitStack
from datetime import date

import msgspec
import pytest

from gateway.driving.taps import MAX_AGE_MS
from gateway.execution.rounds import forget
from gateway.http.driver_parts import CALLS_A_MINUTE
from gateway.http.driver_past import MAX_REMEMBERED, PAST_SHIFTS_AT_ONCE, REMEMBERED_MS, PastDrives
from gateway.http.phone_positions import LONGEST_ALLOWANCE_MS
from gateway.settings.people import DriversSettings
from tests.fixtures.api import BEARER
from tests.fixtures.routes import MINUTE, START, plan, plan_at
from wire.names import VehicleKey

NOW = START + 10 * MINUTE
BEGIN = START - 30 * MINUTE
HOUR = 60 * MINUTE
DAY_MS = 24 * HOUR


@pytest.fixture
async def kim(api_rig):
    api_rig.clock.now = NOW
    url = await api_rig.drivers.path("Kim")
    return {"Authorization": f"Bearer {url.removeprefix('/driver/')}"}


def envelope(*times, **changes):
    positions = [{"time": time, "lat": 60.1, "lon": 24.9} for time in times]
    fields = {"v": 1, "spool": "p", "after": 0, "seq": 1, "sent": NOW, "source": "phone", "positions": positions}
    return json.dumps({**fields, **changes}).encode()


def post(api, content, headers):
    return api.post("/api/v1/positions", content=content, headers=headers)


async def test_a_phones_positions_are_those_of_its_vehicle(api, api_rig, kim):
    api_rig.routes.follow(plan("r1", driver="Kim", vehicle="van-3"))
    content = envelope(BEGIN, NOW)
    answer = post(api, content, kim)
    assert (answer.status_code, answer.json()["seq"]) == (200, 7)
    assert api_rig.intake.submitted == [(VehicleKey("main", "van-3"), content)]


@pytest.mark.parametrize("times", [(BEGIN - 1,), (NOW, BEGIN - 1), (NOW, START + 20 * 60 * MINUTE)])
async def test_outside_of_the_shift_nothing_is_taken(api, api_rig, kim, times):
    route = api_rig.routes.follow(plan("r1", driver="Kim"))
    answer = post(api, envelope(*times), kim)
    error = answer.json()["error"]
    end = api_rig.routes.rounds.rounds[route.key].layout.planned_end + 120 * MINUTE
    assert (answer.status_code, error["code"], error["begin"], error["end"]) == (403, "off_shift", BEGIN, end)
    assert not api_rig.intake.submitted


async def test_who_drives_nothing_today_is_not_followed(api, api_rig, kim):
    api_rig.routes.follow(plan("r1", driver="Lee"))
    answer = post(api, envelope(NOW), kim)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "off_shift")
    assert "begin" not in answer.json()["error"]


def latest(api_rig, route):
    return api_rig.routes.rounds.rounds[route.key].layout.planned_end + 120 * MINUTE


def told(answer):
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "off_shift"), answer.text
    return answer.json()["error"]["begin"], answer.json()["error"]["end"]


async def test_what_comes_after_midnight_is_of_the_shift_that_it_was_in(api, api_rig, kim):
    api_rig.routes.follow(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 17 * HOUR  # the day after, where the route is
    assert post(api, envelope(NOW), kim).status_code == 200


async def test_a_batch_over_midnight_is_of_two_shifts_and_the_phone_is_told_of_the_first(api, api_rig, kim):
    first = api_rig.routes.follow(plan("r1", driver="Kim"))
    api_rig.routes.follow(plan_at(START + DAY_MS, "r2", driver="Kim", vehicle="van-2", date="2026-03-11"))
    api_rig.clock.now = START + DAY_MS + 10 * MINUTE
    assert told(post(api, envelope(NOW, NOW + DAY_MS), kim)) == (BEGIN, latest(api_rig, first))
    assert post(api, envelope(NOW), kim).status_code == 200
    assert post(api, envelope(NOW + DAY_MS), kim).status_code == 200
    assert [key.vehicle for key, _ in api_rig.intake.submitted] == ["van", "van-2"]


@pytest.mark.parametrize("days", [2, 4, 29])
async def test_a_route_that_is_followed_no_more_was_driven_all_the_same(api, api_rig, kim, days):
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.routes.plan(plan("r2", driver="Lee", vehicle="van-2"))
    api_rig.routes.plan(plan_at(START + HOUR, "r3", driver="Kim", vehicle="van-3", withdrawn=True))
    api_rig.clock.now = START + days * DAY_MS
    assert post(api, envelope(BEGIN, NOW), kim).status_code == 200
    begin, _ = told(post(api, envelope(BEGIN - 1, NOW), kim))
    assert begin == BEGIN
    assert [key.vehicle for key, _ in api_rig.intake.submitted] == ["van"]


async def test_a_past_route_ended_when_it_was_known_to(api, api_rig, kim):
    made = api_rig.routes.follow(plan("r1", driver="Kim"))
    api_rig.routes.rounds.rounds[made.key].state.finished = NOW
    api_rig.routes.remember(made.key, NOW)
    forget(api_rig.routes.rounds, made.key)
    api_rig.clock.now = START + 3 * DAY_MS
    assert post(api, envelope(NOW), kim).status_code == 200
    assert told(post(api, envelope(NOW + 1), kim)) == (BEGIN, NOW)


async def test_days_that_nobody_has_asked_about_between_two_shifts_are_lost_to_no_position(api, api_rig, kim):
    for day in range(3):
        day_of = f"2026-03-{10 + day}"
        api_rig.routes.plan(plan_at(START + day * DAY_MS, f"r{day}", driver="Kim", vehicle=f"van-{day}", date=day_of))
    api_rig.clock.now = START + 6 * DAY_MS
    before = BEGIN - HOUR
    begin, _ = told(post(api, envelope(before, NOW + DAY_MS, NOW + 2 * DAY_MS), kim))
    assert begin == BEGIN + DAY_MS


async def test_what_is_older_than_any_shift_that_is_looked_for_is_refused(api, api_rig, kim):
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.clock.now = NOW + MAX_AGE_MS + 1
    answer = post(api, envelope(NOW), kim)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "off_shift")


async def test_plans_that_cannot_be_read_cost_no_position(api, api_rig, kim):
    api_rig.routes.book.away = True
    api_rig.clock.now = START + 3 * DAY_MS
    assert post(api, envelope(NOW), kim).status_code == 503


async def test_few_look_into_the_past_at_a_time(api, api_rig, kim):
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 3 * DAY_MS
    with ExitStack() as others:
        for _ in range(PAST_SHIFTS_AT_ONCE):
            others.enter_context(api_rig.drivers.parts.past.gate.passed())
        assert post(api, envelope(NOW), kim).status_code == 503
    assert post(api, envelope(NOW), kim).status_code == 200


async def test_a_link_looks_into_the_past_once_at_a_time(api, api_rig, kim):
    past, link = api_rig.drivers.parts.past, await api_rig.drivers.links.get_or_make("main", "Kim")
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 3 * DAY_MS
    with past._passed(link):
        assert post(api, envelope(NOW), kim).status_code == 503
    assert post(api, envelope(NOW), kim).status_code == 200


@pytest.fixture
def looked_up(api_rig, monkeypatch):
    """The days that the book is asked for."""
    days, driven = [], api_rig.routes.book.driven

    async def noted(fleet, driver, date):
        days.append(date)
        return await driven(fleet, driver, date)

    monkeypatch.setattr(api_rig.routes.book, "driven", noted)
    return days


async def test_days_are_looked_up_until_a_position_lies_in_a_shift(api, api_rig, kim, looked_up):
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 20 * DAY_MS
    begin, _ = told(post(api, envelope(NOW, *(NOW + day * DAY_MS for day in range(1, 20))), kim))
    assert (begin, looked_up) == (BEGIN, ["2026-03-09", "2026-03-10", "2026-03-11"])


async def test_a_day_that_was_looked_up_is_remembered_for_a_minute(api, api_rig, kim, looked_up):
    api_rig.routes.plan(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 3 * DAY_MS
    for _ in range(3):
        assert post(api, envelope(NOW), kim).status_code == 200
        told(post(api, envelope(NOW - 30 * HOUR), kim))
    assert looked_up == ["2026-03-09", "2026-03-10", "2026-03-11", "2026-03-08"]
    api_rig.clock.now += REMEMBERED_MS
    assert post(api, envelope(NOW), kim).status_code == 200
    assert len(looked_up) == 7


async def test_a_route_that_was_followed_when_its_day_was_looked_up_is_remembered_as_well(api, api_rig, kim):
    made = api_rig.routes.follow(plan("r1", driver="Kim"))
    api_rig.clock.now = START + 3 * DAY_MS
    told(post(api, envelope(NOW - 4 * HOUR), kim))
    forget(api_rig.routes.rounds, made.key)
    assert post(api, envelope(NOW), kim).status_code == 200


async def test_no_more_days_are_remembered_than_is_said(api_rig):
    past, routes = PastDrives(), api_rig.routes.parts
    link = await api_rig.drivers.links.get_or_make("main", "Kim")
    for day in range(MAX_REMEMBERED + 9):
        await past.around(link, date.fromordinal(700_000 + day), routes.book, routes.past, NOW)
    assert len(past._known) == MAX_REMEMBERED


def test_a_route_is_followed_longer_than_its_shift_by_what_is_said():
    longest = msgspec.inspect.type_info(DriversSettings).fields[1].type
    assert (longest.le or 0) * MINUTE == LONGEST_ALLOWANCE_MS


async def test_a_question_is_answered(api, api_rig, kim):
    api_rig.routes.follow(plan("r1", driver="Kim"))
    assert post(api, envelope(), kim).status_code == 200


async def test_a_position_that_cannot_be_read_is_the_intakes_to_set_aside(api, api_rig, kim):
    api_rig.routes.follow(plan("r1", driver="Kim"))
    assert (
        post(api, envelope(positions=[{"time": "noon"}, {"time": NOW, "lat": 60, "lon": 24}]), kim).status_code == 200
    )
    assert post(api, envelope(positions=[{"time": "noon"}, {"time": 0, "lat": 60, "lon": 24}]), kim).status_code == 403


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (envelope(NOW, source="tracker"), "wrong_source"),
        (envelope(NOW, source=None), "wrong_source"),
        (b"", "empty"),
        (b"{", "not_json"),
        (envelope(NOW, v=2), "unknown_version"),
    ],
)
async def test_what_is_not_a_phones_envelope_is_refused(api, api_rig, kim, content, code):
    api_rig.routes.follow(plan("r1", driver="Kim"))
    answer = post(api, content, kim)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert not api_rig.intake.submitted


async def test_no_other_token_sends_positions(api, api_rig, kim):
    assert post(api, envelope(), BEARER).status_code == 401
    await api_rig.drivers.links.renew("main", "Kim")
    answer = post(api, envelope(), kim)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="milepost"')


async def test_a_drivers_token_opens_nothing_of_the_office(api, kim):
    assert api.get("/api/v1/routes", headers=kim).status_code == 401


async def test_a_phone_that_sends_without_end_waits(api, api_rig, kim):
    link = await api_rig.drivers.links.get_or_make("main", "Kim")
    for _ in range(CALLS_A_MINUTE):
        api_rig.drivers.parts.calls.wait_ms(link.id, NOW)
    assert post(api, envelope(), kim).status_code == 429
