"""Who gets in, what an error looks like, and which headers every answer carries."""

from dataclasses import replace

import pytest

from gateway.http.throttle import MAX_FAILURES, WINDOW_MS
from tests.fixtures.api import BEARER, NOW
from tests.fixtures.routes import plan

GUARDED = [
    "/api/v1/vehicles",
    "/api/v1/vehicles/van",
    "/api/v1/vehicles/van/track",
    "/api/v1/live",
    "/api/v1/quarantine",
    "/api/v1/quarantine/1",
    "/api/v1/console",
    "/api/v1/routes",
    "/api/v1/routes/r1",
    "/api/v1/routes/r1/events",
    "/api/v1/routes/r1/record",
    "/api/v1/search?q=x",
    "/metrics",
]
GUARDED_POSTS = ["/api/v1/routes", "/api/v1/routes/r1/edits", "/api/v1/routes/r1/stops/s1/taps"]
OPEN = ["/healthz", "/readyz", "/api/v1/openapi.json", "/api/v1/routes/schema"]


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Basic dmFuOng=", "nonsense"])
def test_without_the_token_nothing_is_told(api, path, header):
    answer = api.get(path, headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "unauthorized"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", GUARDED_POSTS)
def test_without_the_token_nothing_is_taken(api, api_rig, path):
    answer = api.post(path, content=b"{}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert not api_rig.routes.dispatch.taken


@pytest.mark.parametrize("path", [path for path in GUARDED if path != "/api/v1/live"])
def test_with_the_token_it_is(api, api_rig, path):
    api_rig.put()
    api_rig.routes.follow(plan())
    assert api.get(path, headers=BEARER).status_code == 200


@pytest.mark.parametrize("path", OPEN)
def test_what_needs_no_token(api, path):
    assert api.get(path).status_code == 200


def test_who_fails_too_often_waits(api, api_rig):
    for _ in range(MAX_FAILURES):
        assert api.get("/api/v1/vehicles").status_code == 401
    refused = api.get("/api/v1/vehicles")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(WINDOW_MS // 1000)
    assert refused.json()["error"]["code"] == "too_many_failures"
    api_rig.clock.now = NOW + WINDOW_MS
    assert api.get("/api/v1/vehicles").status_code == 401


def test_a_right_token_never_waits(api):
    for _ in range(MAX_FAILURES + 1):
        api.get("/api/v1/vehicles")
    assert api.get("/api/v1/vehicles", headers=BEARER).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/nothing", 404, "not_found"),
        ("DELETE", "/api/v1/vehicles", 405, "method_not_allowed"),
        ("GET", "/api/v1/vehicles?fleet=no%20name", 400, "bad_parameter"),
        ("GET", "/api/v1/quarantine?limit=0", 400, "bad_parameter"),
        ("GET", "/api/v1/quarantine?limit=x", 400, "bad_parameter"),
        ("GET", "/api/v1/quarantine/99", 404, "unknown_item"),
        ("GET", "/api/v1/vehicles/nobody", 404, "unknown_vehicle"),
        ("GET", "/api/v1/routes/none", 404, "unknown_route"),
        ("GET", f"/api/v1/routes/none?at={NOW}", 404, "unknown_route"),
        ("GET", "/api/v1/routes/none/events", 404, "unknown_route"),
        ("GET", "/api/v1/routes/none/record", 404, "unknown_route"),
        ("GET", "/api/v1/routes/no%20name", 400, "bad_parameter"),
        ("GET", "/api/v1/routes?date=today", 400, "bad_parameter"),
        ("GET", "/api/v1/routes?date=2026-02-30", 400, "bad_parameter"),
        ("GET", "/api/v1/routes?at=noon", 400, "bad_parameter"),
        ("GET", "/api/v1/routes?at=-1", 400, "bad_parameter"),
        ("GET", "/api/v1/routes?fleet=a/b", 400, "bad_parameter"),
        ("GET", "/api/v1/routes/r1/record?format=pdf", 400, "bad_parameter"),
        ("GET", "/api/v1/search", 400, "bad_parameter"),
        ("GET", "/api/v1/search?q=", 400, "bad_parameter"),
        ("GET", "/api/v1/search?q=" + "x" * 201, 400, "bad_parameter"),
        ("POST", "/api/v1/routes?format=xml", 400, "bad_parameter"),
        ("POST", "/api/v1/routes?dry_run=perhaps", 400, "bad_parameter"),
        ("POST", "/api/v1/routes?vehicle=a%20van", 400, "bad_parameter"),
        ("POST", "/api/v1/routes/r1/stops/no%20name/taps", 400, "bad_parameter"),
        ("DELETE", "/api/v1/routes", 405, "method_not_allowed"),
    ],
)
def test_every_error_has_one_shape(api, method, path, status, code):
    answer = api.request(method, path, headers=BEARER)
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["code"] == code
    assert answer.json()["error"]["detail"]


def test_an_unexpected_error_gives_nothing_away(api_rig):
    def broken():
        raise RuntimeError("password=hunter2")

    with api_rig.client(metrics=broken) as client:
        answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/vehicles", "/nothing", "/api/v1/nothing"])
def test_security_headers_are_on_every_answer(api, path):
    headers = api.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert [part.split()[0] for part in policy.split("; ") if "blob:" in part] == ["img-src"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_only_the_configured_basemap_is_let_in(api_rig):
    about = replace(
        api_rig.parts.about,
        style_url="https://tiles.example.org/style.json?key=1",
        map_origins=("https://fonts.example.org",),
    )
    with api_rig.client(about=about) as client:
        policy = client.get("/healthz").headers["content-security-policy"]
    assert "connect-src 'self' https://tiles.example.org https://fonts.example.org;" in policy
    assert "key=1" not in policy
