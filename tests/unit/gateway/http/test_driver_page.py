"""The drivers' page: its files, who gets it, and what its answers forbid."""

import dataclasses

import pytest

from gateway.http.files import read_tree
from gateway.logs import REDACTED, redact
from gateway.ports import OperationsAway


@pytest.fixture
async def kim(api_rig):
    return await api_rig.drivers.path("Kim")


@pytest.fixture
def built(api_rig, tmp_path):
    """Build a page of a few files."""
    files = {"index.html": "<p>page", "sw.js": "1", "assets/main-a1b2c3d4.js": "2", "assets/icon-192.png": "3"}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    with api_rig.client(drivers=dataclasses.replace(api_rig.drivers.parts, page=read_tree(tmp_path))) as client:
        yield client


async def test_whoever_has_the_link_gets_the_page(built, kim):
    answer = built.get(kim)
    assert (answer.status_code, answer.text) == (200, "<p>page")
    assert answer.headers["cache-control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    assert "img-src 'self' blob:" in answer.headers["content-security-policy"]
    assert "geolocation=(self), camera=(self)" in answer.headers["permissions-policy"]
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_link_that_is_none_says_so_plainly(api_rig, built, kim):
    await api_rig.drivers.links.renew("main", "Kim")
    revoked, unknown = built.get(kim), built.get("/driver/nothing")
    assert (revoked.status_code, revoked.content) == (404, unknown.content)
    assert "This link leads nowhere" in revoked.text
    assert revoked.headers["cache-control"] == "no-store"
    assert "script-src" not in revoked.headers["content-security-policy"]


async def test_a_page_that_cannot_be_looked_up(api_rig, built, kim, monkeypatch):
    async def away(_id):
        raise OperationsAway("no disk")

    monkeypatch.setattr(api_rig.drivers.links, "by_id", away)
    answer = built.get(kim)
    assert (answer.status_code, answer.headers["content-type"][:9]) == (503, "text/html")


async def test_a_page_that_was_not_built_says_what_to_run(api, kim):
    assert "npm run build" in api.get(kim).json()["error"]["detail"]


@pytest.mark.parametrize("path", ["/driver/sw.js", "/driver/assets/sw.js"])
async def test_the_service_worker_serves_the_whole_page_and_is_never_stale(built, path):
    answer = built.get(path)
    assert (answer.status_code, answer.text) == (200, "1")
    assert answer.headers["service-worker-allowed"] == "/driver/"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(("name", "kept"), [("main-a1b2c3d4.js", "immutable"), ("icon-192.png", "no-cache")])
async def test_what_carries_its_hash_is_kept_for_ever(built, name, kept):
    assert kept in built.get(f"/driver/assets/{name}").headers["cache-control"]


async def test_no_file_beyond_the_page_is_served(built):
    assert built.get("/driver/assets/../index.html").status_code == 404
    assert built.get("/driver/assets/nothing.js").status_code == 404


async def test_the_installed_page_opens_its_own_link(built, kim):
    manifest = built.get(f"{kim}/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert (manifest.json()["start_url"], manifest.json()["scope"]) == (kim, "/driver/")
    assert manifest.json()["name"] == "Acme"
    assert [icon["src"] for icon in manifest.json()["icons"]] == ["/driver/assets/icon-192.png"]
    assert built.get("/driver/nothing/manifest.webmanifest").status_code == 404


async def test_no_log_keeps_the_link(kim):
    assert redact(f"GET https://fleet.example.org{kim}/day") == f"GET https://fleet.example.org/driver/{REDACTED}/day"
