"""A driver's phone as a tracker: of the vehicle of the shift, in the shift, and nothing else."""

import json

import pytest

from gateway.http.driver_parts import CALLS_A_MINUTE
from tests.fixtures.api import BEARER
from tests.fixtures.routes import MINUTE, START, plan
from wire.names import VehicleKey

NOW = START + 10 * MINUTE
BEGIN = START - 30 * MINUTE


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
