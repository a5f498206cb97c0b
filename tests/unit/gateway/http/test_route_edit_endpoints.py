"""Edits and words on stops: what is taken, and what is refused with which code."""

import json

import pytest

from gateway.domain.route import Place, RouteKey
from gateway.domain.stop import FailureReason, LeftWith, Said, Tap, Teller
from gateway.http.route_edits import MAX_AHEAD_MS, MAX_BEHIND_MS, MAX_BODY_BYTES
from gateway.planning.edits import (
    MAX_EDITS,
    Add,
    Cancel,
    EditRefused,
    NewStop,
    Reassign,
    Refusal,
    Reorder,
    Replan,
    Withdraw,
)
from gateway.ports import OperationsAway
from gateway.stages.dispatch import StaleVersion, UnknownRoute, UnknownStop
from tests.fixtures.api import BEARER, NOW
from tests.fixtures.routes import plan

KEY = RouteKey("main", "r1")
EDITS, TAPS = "/api/v1/routes/r1/edits", "/api/v1/routes/r1/stops/s1/taps"
CANCEL = {"kind": "cancel", "stop": "s1"}


def post(api, path, body, **query):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api.post(path, content=content, params=query, headers=BEARER)


@pytest.mark.parametrize(
    ("edit", "read"),
    [
        ({"kind": "reassign", "vehicle": "v2"}, Reassign(vehicle="v2")),
        ({"kind": "reassign", "vehicle": "v2", "driver": "Kim"}, Reassign(vehicle="v2", driver="Kim")),
        ({"kind": "reorder", "stops": ["s2", "s1"]}, Reorder(stops=["s2", "s1"])),
        (
            {"kind": "add", "stop": {"order": "X", "lat": 60.1, "lon": 24.9, "after": "s1"}},
            Add(stop=NewStop(order="X", lat=60.1, lon=24.9, after="s1")),
        ),
        (CANCEL, Cancel(stop="s1")),
        ({"kind": "replan", "stop": "s1", "route": "r2"}, Replan(stop="s1", route="r2")),
        ({"kind": "withdraw"}, Withdraw()),
    ],
)
def test_each_kind_of_edit_is_read(api, api_rig, edit, read):
    api_rig.routes.dispatch.plan = plan("r1", version=4)
    answer = post(api, EDITS, {"base_version": 3, "edits": [edit]})
    assert (answer.status_code, answer.json()) == (200, {"route": "r1", "version": 4})
    assert api_rig.routes.dispatch.edited == [(KEY, 3, [read])]


def test_edits_keep_their_order_and_go_to_the_fleet_that_is_named(api, api_rig):
    api_rig.routes.dispatch.plan = plan("r1", version=2)
    post(api, EDITS, {"base_version": 1, "edits": [CANCEL, {"kind": "withdraw"}]}, fleet="south")
    assert api_rig.routes.dispatch.edited == [(RouteKey("south", "r1"), 1, [Cancel(stop="s1"), Withdraw()])]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        {},
        {"base_version": 1},
        {"edits": [CANCEL]},
        {"base_version": 0, "edits": [CANCEL]},
        {"base_version": "1", "edits": [CANCEL]},
        {"base_version": 1, "edits": []},
        {"base_version": 1, "edits": [CANCEL] * (MAX_EDITS + 1)},
        {"base_version": 1, "edits": [{"kind": "explode"}]},
        {"base_version": 1, "edits": [{"stop": "s1"}]},
        {"base_version": 1, "edits": [{"kind": "cancel"}]},
        {"base_version": 1, "edits": [{"kind": "cancel", "stop": "s1", "why": "?"}]},
        {"base_version": 1, "edits": [CANCEL], "force": True},
    ],
)
def test_a_body_that_says_something_else_is_refused_whole(api, api_rig, body):
    answer = post(api, EDITS, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")
    assert not api_rig.routes.dispatch.edited


@pytest.mark.parametrize(
    ("failure", "status", "error"),
    [
        (
            UnknownRoute("there is no route main/r1"),
            404,
            {"code": "unknown_route", "detail": "there is no route main/r1"},
        ),
        (StaleVersion(KEY, 7), 409, {"code": "stale_version", "detail": str(StaleVersion(KEY, 7))}),
        (
            EditRefused(Refusal.LAST_STOP, "it is the last one"),
            422,
            {"code": "edit_refused", "detail": "it is the last one", "reason": "last_stop"},
        ),
        (OperationsAway("no disk"), 503, {"code": "operations_unavailable", "detail": "no disk"}),
    ],
)
def test_a_refusal_has_its_own_code(api, api_rig, failure, status, error):
    api_rig.routes.dispatch.failure = failure
    answer = post(api, EDITS, {"base_version": 3, "edits": [CANCEL]})
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize("path", [EDITS, TAPS])
def test_a_body_beyond_the_limit_is_refused(api, api_rig, path):
    answer = post(api, path, b'{"id": "' + b"x" * MAX_BODY_BYTES + b'"}')
    assert answer.status_code == 413
    assert not api_rig.routes.dispatch.taken


@pytest.mark.parametrize(
    ("word", "tap"),
    [
        ({"said": "arrived"}, {"said": Said.ARRIVED}),
        (
            {"said": "succeeded", "left_with": "neighbour", "time": NOW - 5},
            {"said": Said.SUCCEEDED, "left_with": LeftWith.NEIGHBOUR, "time": NOW - 5},
        ),
        ({"said": "failed", "reason": "absent"}, {"said": Said.FAILED, "reason": FailureReason.ABSENT}),
        ({"said": "arrived", "by": "driver"}, {"said": Said.ARRIVED, "by": Teller.DRIVER}),
        (
            {"said": "undone", "place": {"lat": 60.1, "lon": 24.9}, "accuracy": 12.5},
            {"said": Said.UNDONE, "place": Place(60.1, 24.9), "accuracy": 12.5},
        ),
        ({"said": "arrived", "time": NOW + MAX_AHEAD_MS}, {"said": Said.ARRIVED, "time": NOW + MAX_AHEAD_MS}),
    ],
)
def test_a_word_is_an_operators_unless_it_says_whose(api, api_rig, word, tap):
    answer = post(api, TAPS, {"id": "w-1", **word})
    assert (answer.status_code, answer.json()) == (202, {"id": "w-1"})
    assert api_rig.routes.dispatch.tapped == [
        (KEY, "s1", Tap(**{"id": "w-1", "time": NOW, "by": Teller.OPERATOR, **tap}))
    ]


@pytest.mark.parametrize(
    "word",
    [
        {"id": "w-1", "said": "failed"},
        {},
        {"said": "arrived", "id": ""},
        {"said": "arrived", "id": "a b"},
        {"said": "arrived", "id": "x" * 65},
        {"said": "eaten"},
        {"said": "arrived", "time": -1},
        {"said": "arrived", "time": 1.5},
        {"said": "arrived", "time": NOW + MAX_AHEAD_MS + 1},
        {"said": "succeeded", "time": NOW // 1000},
        {"said": "succeeded", "time": NOW - MAX_BEHIND_MS - 1},
        {"said": "failed", "left_with": "neighbour"},
        {"said": "succeeded", "reason": "absent"},
        {"said": "failed", "reason": "bored"},
        {"said": "arrived", "place": {"lat": 91, "lon": 0}},
        {"said": "arrived", "place": {"lat": 0}},
        {"said": "arrived", "accuracy": 3},
        {"said": "arrived", "place": {"lat": 0, "lon": 0}, "accuracy": 0},
        {"said": "arrived", "by": "nobody"},
    ],
)
def test_a_word_that_contradicts_itself_is_refused(api, api_rig, word):
    answer = post(api, TAPS, {"id": "w-1", **word})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")
    assert not api_rig.routes.dispatch.tapped


@pytest.mark.parametrize(
    ("failure", "code"), [(UnknownRoute("no r1"), "unknown_route"), (UnknownStop("no s1"), "unknown_stop")]
)
def test_a_word_on_what_there_is_not(api, api_rig, failure, code):
    api_rig.routes.dispatch.failure = failure
    answer = post(api, TAPS, {"id": "w-1", "said": "arrived"})
    assert (answer.status_code, answer.json()["error"]) == (404, {"code": code, "detail": str(failure)})
