"""Setting InfluxDB 2 up, against a stand-in that answers as the documentation of its HTTP API says."""

import json
import stat

import pytest
from aiohttp import web

from milepost.installation import database
from milepost.installation.database import SetUpFailed, TokenFiles, set_up
from tests.fixtures.require import free_port


class StandIn:
    """Enough of InfluxDB 2's API: set-up once, then everything with the administrator's token only."""

    def __init__(self) -> None:
        self.administrator: str | None = None
        self.setups: list[dict] = []
        self.authorizations: list[dict] = []
        self.fail_after_setup = False

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/v2/setup", self.may_set_up)
        app.router.add_post("/api/v2/setup", self.do_set_up)
        app.router.add_get("/api/v2/{kind:orgs|buckets}", self.find)
        app.router.add_post("/api/v2/authorizations", self.authorize)
        return app

    async def may_set_up(self, _request: web.Request) -> web.Response:
        return web.json_response({"allowed": self.administrator is None})

    async def do_set_up(self, request: web.Request) -> web.Response:
        order = await request.json()
        if self.administrator is not None:
            return web.json_response({"code": "conflict", "message": "already set up"}, status=422)
        self.administrator = order["token"]
        self.setups.append(order)
        if self.fail_after_setup:
            request.transport.abort()
        return web.json_response({"org": {"id": "o1"}, "bucket": {"id": "b1"}}, status=201)

    async def find(self, request: web.Request) -> web.Response:
        self._check(request)
        kind = request.match_info["kind"]
        return web.json_response({kind: [{"id": {"orgs": "o1", "buckets": "b1"}[kind], "name": "milepost"}]})

    async def authorize(self, request: web.Request) -> web.Response:
        self._check(request)
        self.authorizations.append(await request.json())
        return web.json_response({"token": f"token-{len(self.authorizations)}"}, status=201)

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Token {self.administrator}":
            raise web.HTTPUnauthorized(text=json.dumps({"code": "unauthorized", "message": "unauthorized access"}))


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
async def url(stand_in):
    runner = web.AppRunner(stand_in.application())
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
def files(tmp_path) -> TokenFiles:
    for name in ("database", "gateway", "grafana"):
        (tmp_path / name).mkdir()
    return TokenFiles(tmp_path / "database", tmp_path / "gateway" / "token", tmp_path / "grafana" / "token")


async def test_each_gets_a_token_of_its_own_for_the_bucket_alone(stand_in, url, files):
    await set_up(url, files)
    assert [path.read_text() for path in (files.gateway, files.grafana)] == ["token-1\n", "token-2\n"]
    assert stat.S_IMODE(files.gateway.stat().st_mode) == 0o600
    granted = [
        [(p["action"], p["resource"]["type"], p["resource"]["id"]) for p in order["permissions"]]
        for order in stand_in.authorizations
    ]
    assert granted == [[("read", "buckets", "b1"), ("write", "buckets", "b1")], [("read", "buckets", "b1")]]
    [owner] = stand_in.setups
    assert owner["password"] == (files.administrator / "password").read_text().strip()
    assert (owner["org"], owner["bucket"]) == ("milepost", "milepost")


async def test_repeating_it_makes_nothing_new(stand_in, url, files):
    await set_up(url, files)
    await set_up(url, files)
    assert len(stand_in.setups) == 1
    assert len(stand_in.authorizations) == 2


async def test_cut_off_after_the_set_up_it_goes_on(stand_in, url, files):
    stand_in.fail_after_setup = True
    with pytest.raises(SetUpFailed, match="cannot be set up"):
        await set_up(url, files)
    await set_up(url, files)
    assert files.grafana.read_text() == "token-2\n"


async def test_a_database_that_somebody_else_set_up_is_named(stand_in, url, files):
    stand_in.administrator = "somebody else's"
    with pytest.raises(SetUpFailed, match="401 at /api/v2/orgs"):
        await set_up(url, files)
    assert not files.gateway.exists()


async def test_a_database_that_does_not_come_is_named(files, monkeypatch):
    monkeypatch.setattr(database, "READY_ATTEMPTS", 2)
    monkeypatch.setattr(database, "READY_PAUSE_S", 0.01)
    with pytest.raises(SetUpFailed, match="cannot be set up"):
        await set_up(f"http://127.0.0.1:{free_port()}", files)
