"""The outbox over the API: seen, and sent again."""

import msgspec
import pytest

from gateway.http.notifications import ReplayWish
from gateway.ports import Endpoint, KeptLetter, Replayed, ReplayRange
from gateway.sending.standing import Standing
from tests.fixtures.api import BEARER, NOW

DEAD = KeptLetter("id-1", "webhook/erp", "main/r1/s1", 3, "stop.arrived", NOW, NOW, None, 10, "dead", None, NOW, "500")
OPEN = KeptLetter("id-2", "webhook/erp", "main/r1/s1", 4, "stop.failed", NOW, NOW, None, 0, "open", NOW + 5, None, "")


@pytest.fixture
def desk(api_rig):
    api_rig.desk.kept = [OPEN, DEAD]
    api_rig.desk.known = [Endpoint("webhook/erp", Standing(NOW, None, None, "500"), 1)]
    return api_rig.desk


def ask(api, path="", **parameters):
    return api.get(f"/api/v1/notifications{path}", headers=BEARER, params=parameters)


def replay(api, body):
    return api.post("/api/v1/notifications/replay", headers=BEARER, json=body)


def test_it_shows_counts_endpoints_and_letters(api, desk):
    assert ask(api).json() == {
        "counts": {"open": 1, "dead": 1},
        "endpoints": [
            {"name": "webhook/erp", "health": "failing", "waiting": 1, "failing_since": NOW, "detail": "500"}
        ],
        "letters": [
            {
                "id": "id-2",
                "endpoint": "webhook/erp",
                "lane": "main/r1/s1",
                "seq": 4,
                "kind": "stop.failed",
                "state": "open",
                "time": NOW,
                "made": NOW,
                "attempts": 0,
                "next_try": NOW + 5,
            },
            {
                "id": "id-1",
                "endpoint": "webhook/erp",
                "lane": "main/r1/s1",
                "seq": 3,
                "kind": "stop.arrived",
                "state": "dead",
                "time": NOW,
                "made": NOW,
                "attempts": 10,
                "settled": NOW,
                "detail": "500",
            },
        ],
    }


def test_one_state_can_be_asked_for(api, desk):
    assert [letter["id"] for letter in ask(api, state="dead").json()["letters"]] == ["id-1"]
    assert len(ask(api, limit=1).json()["letters"]) == 1
    assert ask(api, state="lost").status_code == 400
    assert ask(api, limit=501).status_code == 400


def test_letters_are_replayed_by_id_and_refusals_named(api, desk):
    assert replay(api, {"ids": ["id-1", "id-9"]}).json() == {
        "replayed": 1,
        "refused": {"id-9": "unknown"},
        "more": False,
    }


def test_letters_are_replayed_by_range(api, desk):
    answer = replay(api, {"endpoint": "webhook/erp", "from": NOW, "to": NOW + 9})
    assert (answer.status_code, answer.json()["replayed"]) == (200, 2)
    assert desk.ranges == [ReplayRange("webhook/erp", NOW, NOW + 9)]


@pytest.mark.parametrize("more", [True, False])
def test_it_says_whether_a_range_has_more(api, desk, more):
    desk.left_dead = more
    assert replay(api, {"endpoint": "webhook/erp", "from": NOW, "to": NOW + 9}).json()["more"] is more
    assert replay(api, {"ids": ["id-1"]}).json()["more"] is False


def test_it_does_not_say_more_beside_a_refusal(api, desk, monkeypatch):
    async def full(_which, _now):
        return {"id-1": Replayed.FULL}

    desk.left_dead = True
    monkeypatch.setattr(desk, "replay_range", full)
    answer = replay(api, {"endpoint": "webhook/erp", "from": NOW, "to": NOW + 9})
    assert answer.json() == {"replayed": 0, "refused": {"id-1": "full"}, "more": False}


def test_a_range_of_who_is_not_in_the_settings_is_refused_by_name(api, desk):
    desk.gone = {"webhook/erp"}
    answer = replay(api, {"endpoint": "webhook/erp", "from": NOW, "to": NOW + 9})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")
    assert "webhook/erp" in answer.json()["error"]["detail"]


RANGE = {"endpoint": "webhook/erp", "from": 1, "to": 2}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"endpoint": "webhook/erp", "from": 1},
        {"ids": ["x"] * 501},
        {"ids": 7},
        RANGE | {"from": -1},
        RANGE | {"to": 2**53 + 1},
        RANGE | {"to": 2**64},
    ],
)
def test_a_wish_that_names_nothing_is_refused(api, desk, body):
    answer = replay(api, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")


def test_its_body_is_described_with_an_example_that_fits(api):
    document = api.get("/api/v1/openapi.json").json()
    asked = document["paths"]["/api/v1/notifications/replay"]["post"]["requestBody"]["content"]["application/json"]
    assert asked["schema"]["$ref"].endswith("ReplayWish")
    assert msgspec.convert(asked["examples"]["example"]["value"], ReplayWish).endpoint == "webhook/erp"


def test_only_who_has_a_token_may_look(api):
    assert api.get("/api/v1/notifications").status_code == 401
    assert api.post("/api/v1/notifications/replay", json={}).status_code == 401
