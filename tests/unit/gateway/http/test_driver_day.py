"""What a driver's phone gets, and what becomes of what it sends."""

import json
from dataclasses import replace

import pytest

from gateway.domain.route import Place, RouteKey
from gateway.domain.stop import Execution, FailureReason, LeftWith, Said, Tap, Teller
from gateway.driving.taps import MAX_AGE_MS, MAX_TAPS
from gateway.execution.state import StopState
from gateway.http.driver_parts import CALLS_A_MINUTE, MISSES_A_MINUTE
from gateway.links.token import DRIVERS, make_token
from gateway.ports import Instruction, StopDetails, StoredTap
from gateway.stages.dispatch import RouteWithdrawn
from tests.fixtures.doorstep import KEY as LINK_KEY
from tests.fixtures.routes import MINUTE, START, plan

HOUR = 60 * MINUTE
KEY = RouteKey("main", "r1")
ANN = StopDetails(stop="s1", order="ORD-1", recipient="Ann", phone="+358401", address="Katu 1", parcels=2, notes="bell")


@pytest.fixture
def routes(api_rig):
    api_rig.clock.now = START + HOUR
    return api_rig.routes


@pytest.fixture
async def kim(api_rig):
    return await api_rig.drivers.path("Kim")


def tap(**changes):
    return {"id": "t-1", "route": "r1", "stop": "s1", "said": "succeeded", "time": START + HOUR - 5_000, **changes}


def send(api, path, *taps, sent=START + HOUR):
    return api.post(f"{path}/taps", content=json.dumps({"sent": sent, "taps": list(taps)}).encode())


def outcomes(answer):
    assert answer.status_code == 200, answer.text
    return [result["outcome"] for result in answer.json()["results"]]


async def test_the_day_has_all_that_is_needed_at_the_door(api, api_rig, routes, kim):
    routes.follow(plan("r1", driver="Kim"), ANN)
    await api_rig.drivers.instructions.write(
        RouteKey("main", "r1"), "s1", Instruction("main", "ORD-1", "ring twice", START)
    )
    day = api.get(f"{kim}/day").json()
    (route,) = day["routes"]
    assert (day["now"], day["driver"], day["company"]["name"]) == (START + HOUR, "Kim", "Acme")
    assert (route["left"], route["phase"]) == (["s1", "s2", "s3"], "planned")
    first = route["stops"][0]
    wanted = {"recipient": "Ann", "phone": "+358401", "address": "Katu 1", "parcels": 2, "notes": "bell"}
    assert {name: first[name] for name in wanted} == wanted
    assert first["instructions"] == "ring twice"
    assert day["shift"]["vehicle"] == "van"


async def test_nothing_new_costs_no_bytes(api, api_rig, routes, kim):
    routes.follow(plan("r1", driver="Kim"), ANN)
    etag = api.get(f"{kim}/day").headers["etag"]
    assert api.get(f"{kim}/day", headers={"If-None-Match": etag}).status_code == 304
    await api_rig.drivers.instructions.write(
        RouteKey("main", "r1"), "s1", Instruction("main", "ORD-1", "ring twice", START)
    )
    assert api.get(f"{kim}/day", headers={"If-None-Match": etag}).status_code == 200


async def test_a_tap_is_the_drivers_word(api, routes, kim):
    routes.plan(plan("r1", driver="Kim"))
    place = {"place": {"lat": 60.1, "lon": 24.9}, "accuracy": 12.0}
    answer = send(api, kim, tap(left_with="neighbour", **place))
    assert outcomes(answer) == ["taken"]
    assert answer.json()["now"] == START + HOUR
    word = Tap(
        "t-1",
        START + HOUR - 5_000,
        Said.SUCCEEDED,
        Teller.DRIVER,
        left_with=LeftWith.NEIGHBOUR,
        place=Place(60.1, 24.9),
        accuracy=12.0,
    )
    assert routes.dispatch.tapped == [(KEY, "s1", word)]


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"route": "r9"}, "unknown_route"),
        ({"stop": "s9"}, "unknown_stop"),
        ({"route": "r2"}, "not_yours"),
        ({"route": "r3"}, "route_withdrawn"),
        ({"time": START + HOUR - MAX_AGE_MS - 1}, "too_old"),
        ({"said": "failed"}, "reason_missing"),
        ({"left_with": "locker", "said": "arrived"}, "contradictory"),
        ({"reason": "absent"}, "contradictory"),
        ({"accuracy": 5.0}, "contradictory"),
        ({"said": "exploded"}, "malformed"),
        ({"time": None}, "malformed"),
        ({"stop": "a/b"}, "malformed"),
        ({"place": {"lat": 91, "lon": 0}}, "malformed"),
    ],
)
async def test_a_refusal_has_a_name_and_costs_no_other_tap(api, routes, kim, changes, outcome):
    routes.plan(plan("r1", driver="Kim"))
    routes.plan(plan("r2", driver="Lee"))
    routes.plan(plan("r3", driver="Kim", withdrawn=True))
    answer = send(api, kim, tap(**changes), tap(id="t-2", stop="s2"))
    assert outcomes(answer) == [outcome, "taken"]
    assert [result["id"] for result in answer.json()["results"]] == ["t-1", "t-2"]
    assert [stop for _, stop, _ in routes.dispatch.tapped] == ["s2"]


async def test_what_nobody_can_read_is_answered_all_the_same(api, routes, kim):
    assert send(api, kim, 7, {"id": 7}).json()["results"] == [{"id": "", "outcome": "malformed"}] * 2


async def test_a_route_that_is_withdrawn_this_moment(api, routes, kim):
    routes.plan(plan("r1", driver="Kim"))
    routes.dispatch.failure = RouteWithdrawn("withdrawn")
    assert outcomes(send(api, kim, tap())) == ["route_withdrawn"]


def cancelled(made, **changes):
    stops = tuple(replace(each, cancelled=each.stop == "s1") for each in made.stops)
    return replace(made, stops=stops, version=made.version + 1, issued=made.issued + 1, **changes)


async def test_a_cancelled_stop_is_named_and_what_was_said_of_it_kept(api, routes, kim):
    routes.follow(cancelled(routes.follow(plan("r1", driver="Kim"))))
    assert outcomes(send(api, kim, tap(), tap(id="t-2", stop="s2"))) == ["stop_cancelled", "taken"]
    assert [(stop, word.id) for _, stop, word in routes.dispatch.tapped] == [("s1", "t-1"), ("s2", "t-2")]
    routes.book.words[KEY] = [StoredTap(stop, word, START + HOUR) for _, stop, word in routes.dispatch.tapped]
    assert outcomes(send(api, kim, tap())) == ["stop_cancelled"]
    assert len(routes.dispatch.tapped) == 2


async def test_where_the_van_was_before_it_was_cancelled_is_something_to_say(api, routes, kim):
    made = routes.follow(plan("r1", driver="Kim"))
    routes.rounds.rounds[KEY].state.stops["s1"] = StopState(Execution.DEPARTED)
    routes.follow(cancelled(made))
    assert outcomes(send(api, kim, tap())) == ["taken"]


async def test_a_stop_that_is_planned_again_is_delivered_anew(api, routes, kim):
    made = routes.plan(plan("r1", driver="Kim"))
    routes.plan(cancelled(made))
    routes.book.words[KEY] = [StoredTap("s1", Tap("other", START, Said.SUCCEEDED, Teller.DRIVER), START)]
    routes.plan(replace(made, version=3, issued=START + MINUTE))
    assert outcomes(send(api, kim, tap())) == ["taken"]
    assert [word.id for _, _, word in routes.dispatch.tapped] == ["t-1"]


def takes_note(routes, monkeypatch):
    """Let what is tapped be in the book, as it is received."""

    async def keep(key, stop, word):
        await routes.book.save_tap(key, stop, word, routes.clock.now)

    monkeypatch.setattr(routes.dispatch, "tap", keep)


async def test_a_word_that_changed_nothing_is_not_called_taken_when_its_answer_was_lost(
    api, api_rig, routes, kim, monkeypatch
):
    takes_note(routes, monkeypatch)
    made = routes.follow(plan("r1", driver="Kim"))
    routes.follow(cancelled(made))
    assert outcomes(send(api, kim, tap())) == ["stop_cancelled"]
    api_rig.clock.now += MINUTE
    routes.follow(replace(made, version=3, issued=api_rig.clock.now))
    again = send(api, kim, tap(), tap(id="t-2", time=START + HOUR + MINUTE), sent=START + HOUR + MINUTE)
    assert outcomes(again) == ["stop_cancelled", "taken"]


@pytest.mark.parametrize(("off", "set_by", "slow"), [(-119_500, 0, 2_000), (0, -110_000, 100)])
async def test_what_is_undone_stays_undone_though_the_clock_is_off_or_was_set(
    api, api_rig, routes, kim, monkeypatch, off, set_by, slow
):
    takes_note(routes, monkeypatch)
    routes.follow(plan("r1", driver="Kim"))
    first = START + HOUR
    api_rig.clock.now = first + 10_000 + slow
    assert outcomes(send(api, kim, tap(time=first + off), sent=first + 10_000 + off)) == ["taken"]
    api_rig.clock.now, off = first + 25_100, off + set_by
    undone = tap(id="t-2", said="undone", time=first + 15_000 + off)
    again = tap(id="t-3", time=first + 15_001 + off)
    assert outcomes(send(api, kim, undone, again, sent=first + 25_000 + off)) == ["taken"] * 2
    words = sorted((stored.tap for stored in routes.book.words[KEY]), key=lambda word: word.time)
    assert [word.id for word in words] == ["t-1", "t-2", "t-3"]


async def test_two_phones_make_one_outcome(api, routes, kim):
    routes.plan(plan("r1", driver="Kim"))
    routes.book.words[KEY] = [StoredTap("s1", Tap("other", START, Said.SUCCEEDED, Teller.DRIVER), START)]
    assert outcomes(send(api, kim, tap(), tap(id="t-2", said="undone"), tap(id="t-3"))) == ["taken"] * 3
    assert [word.id for _, _, word in routes.dispatch.tapped] == ["t-2", "t-3"]


@pytest.mark.parametrize("ahead_ms", [-5 * HOUR, 3 * HOUR, 26 * HOUR])
async def test_a_clock_that_is_wrong_by_hours_is_put_right(api, routes, kim, ahead_ms):
    routes.plan(plan("r1", driver="Kim"))
    now = START + HOUR
    failed = tap(id="t-2", stop="s2", said="failed", reason="absent", time=now + ahead_ms - 60_000)
    send(api, kim, tap(time=now + ahead_ms - 90_000), failed, sent=now + ahead_ms)
    assert [word.time for _, _, word in routes.dispatch.tapped] == [now - 90_000, now - 60_000]
    assert routes.dispatch.tapped[1][2].reason is FailureReason.ABSENT


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"sent": -1, "taps": []}', b'{"sent": 1, "taps": 1}'])
async def test_a_body_that_is_no_batch_is_refused(api, kim, body):
    answer = api.post(f"{kim}/taps", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")


async def test_more_taps_than_a_batch_holds_are_refused(api, kim):
    assert send(api, kim, *[tap()] * (MAX_TAPS + 1)).status_code == 400


@pytest.mark.parametrize("what", ["day", "taps"])
async def test_unknown_and_revoked_links_look_alike(api, api_rig, kim, what):
    await api_rig.drivers.links.renew("main", "Kim")
    ask = api.get if what == "day" else lambda path: send(api, path.removesuffix("/taps"))
    revoked, unknown = ask(f"{kim}/{what}"), ask(f"/driver/{'x' * 40}/{what}")
    assert (revoked.status_code, revoked.content) == (404, unknown.content)
    assert revoked.json()["error"]["code"] == "unknown_link"


async def test_who_keeps_guessing_waits(api):
    answers = [api.get("/driver/unknown/day").status_code for _ in range(MISSES_A_MINUTE + 1)]
    assert answers[-2:] == [404, 429]


async def test_a_phone_that_asks_without_end_waits(api, api_rig, kim):
    link = await api_rig.drivers.links.get_or_make("main", "Kim")
    for _ in range(CALLS_A_MINUTE):
        api_rig.drivers.parts.calls.wait_ms(link.id, api_rig.clock.now)
    answer = api.get(f"{kim}/day")
    assert (answer.status_code, "retry-after" in answer.headers) == (429, True)


async def test_a_customers_link_opens_no_drivers_page_nor_the_reverse(api, api_rig, routes, kim):
    routes.follow(plan("r1"), ANN)
    url = (await routes.parts.links.urls("main", ["ORD-1"], "http://h"))["ORD-1"]
    assert api.get(url.replace("/t/", "/driver/") + "/day").status_code == 404
    assert api.get(kim.replace("/driver/", "/t/")).status_code == 404


async def test_the_word_for_a_customer_is_none_for_a_driver_though_their_links_had_one_id(api, api_rig, kim):
    link = await api_rig.drivers.links.get_or_make("main", "Kim")
    assert api.get(f"/driver/{make_token(LINK_KEY, link.id, link.generation, DRIVERS)}/day").status_code == 200
    assert api.get(f"/driver/{make_token(LINK_KEY, link.id, link.generation)}/day").status_code == 404
