"""The demo's office speaks the API's words."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from milepost.demo.office import Office, Refused, office


class Gateway:
    """Remembers what it was asked, and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, object]] = []
        self.looks = 0
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.heard.append((request.path_qs, request.headers["Authorization"], json.loads(body) if body else None))
        if request.method == "POST":
            return web.json_response({"error": {"code": "no", "detail": "not today"}}, status=self.status)
        self.looks += 1
        seen = {"routes": [{"route": f"r{number}"} for number in range(self.looks)]}
        if "/routes/" in request.path:
            seen = {"stops": [{"stop": "s1", "tracking_url": "http://here/t/1"}, {"stop": "s2", "tracking_url": "x"}]}
        if request.path.endswith("/drivers/link"):
            seen = {"driver": "Anni 2", "url": "http://here/driver/d", "svg": "<svg/>"}
        if request.path.endswith("/vehicles"):
            seen = {"vehicles": [{"time": 1_000 * self.looks}, {"time": 5_000}]}
        return web.json_response(seen)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
async def desk(gateway: Gateway) -> AsyncIterator[Office]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", gateway.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with office(f"http://127.0.0.1:{port}/api/v1", "secret") as opened:
        yield opened
    await runner.cleanup()


async def test_it_imports_with_the_token(gateway, desk):
    await desk.bring(b'{"routes": []}')
    assert gateway.heard == [("/api/v1/routes?format=json", "Bearer secret", {"routes": []})]


async def test_it_waits_until_its_routes_and_vans_are_known(gateway, desk):
    await desk.knows_routes({"r0", "r1"})
    assert gateway.looks == 2
    await desk.hears_vehicles(2, since_ms=4_000)
    assert gateway.looks == 4


async def test_a_customers_link_is_found(desk):
    assert await desk.tracking_url("r1", "s1") == "http://here/t/1"
    assert await desk.tracking_url("r1", "s9") is None


async def test_a_drivers_link_is_asked_for_by_name(gateway, desk):
    assert await desk.driver_url("Anni 2") == "http://here/driver/d"
    assert gateway.heard[0][0] == "/api/v1/drivers/link?driver=Anni%202"


async def test_what_is_refused_is_said_in_the_gateways_words(gateway, desk):
    gateway.status = 422
    with pytest.raises(Refused, match=r"422.*not today"):
        await desk.bring(b"{}")
