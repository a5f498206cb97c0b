"""Whatever is answered below a link, by an endpoint or by the framework: nobody keeps it, finds it or is told of it."""

import hashlib
import json

import pytest

from gateway.driving.evidence import MAX_PROOF_BYTES
from gateway.http.driver_day import MAX_TAPS_BYTES
from gateway.http.driver_parts import CALLS_A_MINUTE
from gateway.http.tracking_words import MAX_WORDS_BYTES
from gateway.ports import StopDetails
from tests.fixtures.routes import MINUTE, START, plan

PNG = b"\x89PNG\r\n\x1a\n"
ANN = StopDetails(stop="s1", order="ORD-1", recipient="Ann", phone="+358401")
HIDDEN = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow", "referrer-policy": "no-referrer"}


@pytest.fixture
async def links(api_rig):
    """Return the paths of a driver's and of a customer's page."""
    api_rig.clock.now = START + MINUTE
    api_rig.routes.follow(plan("r1", driver="Kim"), ANN)
    url = (await api_rig.routes.parts.links.urls("main", ["ORD-1"], "http://h"))["ORD-1"]
    return {"driver": await api_rig.drivers.path("Kim"), "t": url.removeprefix("http://h")}


def is_hidden(answer):
    return {name: answer.headers.get_list(name) for name in HIDDEN} == {name: [each] for name, each in HIDDEN.items()}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "{driver}/day", b"", 200),
        ("GET", "{driver}/manifest.webmanifest", b"", 200),
        ("POST", "{driver}/taps", json.dumps({"sent": START, "taps": []}).encode(), 200),
        ("POST", "{driver}/taps", b"", 400),
        ("PUT", "{driver}/proofs/r1/s1/x?kind=video", PNG, 400),
        ("PUT", "{driver}/proofs/r1/s1/x?kind=photo&taken=1", PNG, 400),
        ("GET", "{driver}", b"", 404),
        ("GET", "/driver/wrong", b"", 404),
        ("GET", "/driver/wrong/day", b"", 404),
        ("GET", "/driver/wrong/no/such/path", b"", 404),
        ("GET", "/driver/assets/nothing.js", b"", 404),
        ("GET", "/driver", b"", 404),
        ("PUT", "{driver}/proofs/r9/s1/x?kind=photo&taken=1", PNG, 404),
        ("DELETE", "{driver}/day", b"", 405),
        ("POST", "{driver}", b"", 405),
        ("POST", "{driver}/taps", bytes(MAX_TAPS_BYTES + 1), 413),
        ("PUT", "{driver}/proofs/r1/s1/x?kind=photo&taken=1", bytes(MAX_PROOF_BYTES + 1), 413),
        ("OPTIONS", "{driver}/day", b"", 204),
        ("GET", "{t}", b"", 200),
        ("GET", "{t}/state", b"", 200),
        ("POST", "{t}/instructions", b"{", 400),
        ("GET", "/t/wrong", b"", 404),
        ("GET", "/t/wrong/state", b"", 404),
        ("GET", "//t/wrong/state", b"", 404),
        ("GET", "/t/wrong/no/such/path", b"", 404),
        ("DELETE", "{t}", b"", 405),
        ("PATCH", "{t}/state", b"", 405),
        ("POST", "{t}/instructions", bytes(MAX_WORDS_BYTES + 1), 413),
        ("OPTIONS", "{t}", b"", 204),
    ],
)
async def test_every_answer_is_hidden(api, links, method, path, body, status):
    headers = {"Content-Type": "application/json"}
    answer = api.request(method, "http://testserver.local" + path.format(**links), content=body, headers=headers)
    assert (answer.status_code, is_hidden(answer)) == (status, True), answer.headers


async def test_too_many_requests_are_hidden(api, api_rig, links):
    link = await api_rig.drivers.links.get_or_make("main", "Kim")
    for _ in range(CALLS_A_MINUTE):
        api_rig.drivers.parts.calls.wait_ms(link.id, api_rig.clock.now)
    for path in ("", "/day"):
        answer = api.get(links["driver"] + path)
        assert (answer.status_code, is_hidden(answer)) == (429, True)


async def test_a_conflict_is_hidden(api, api_rig, links):
    api_rig.routes.plan(plan("r2", driver="Kim", withdrawn=True))
    path = f"{links['driver']}/proofs/r2/s1/{hashlib.sha256(PNG).hexdigest()}?kind=photo&taken={START}"
    answer = api.put(path, content=PNG)
    assert (answer.status_code, is_hidden(answer)) == (409, True)


async def test_what_cannot_be_read_now_is_hidden(api, api_rig, links):
    api_rig.routes.book.away = True
    for path in (links["t"], links["t"] + "/state", links["driver"] + "/day"):
        answer = api.get(path)
        assert (answer.status_code, is_hidden(answer)) == (503, True)


async def test_a_fault_of_ours_is_hidden(api, api_rig, links, monkeypatch):
    async def broken(_id):
        raise ValueError

    monkeypatch.setattr(api_rig.drivers.links, "by_id", broken)
    monkeypatch.setattr(api_rig.routes.links, "by_id", broken)
    for path in links.values():
        answer = api.get(path)
        assert (answer.status_code, is_hidden(answer)) == (500, True)


async def test_what_has_not_changed_is_hidden(api, links):
    for path in (links["driver"] + "/day", links["t"] + "/state"):
        answer = api.get(path, headers={"If-None-Match": api.get(path).headers["etag"]})
        assert (answer.status_code, is_hidden(answer)) == (304, True)


async def test_other_paths_keep_their_own(api):
    assert "x-robots-tag" not in api.get("/healthz").headers
    assert "x-robots-tag" not in api.get("/tracks").headers
