"""Who drives, and the link that a phone is paired with."""

import io
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
import segno

from gateway.http.drivers import qr_svg
from tests.fixtures.api import BEARER
from tests.fixtures.routes import DAY, MINUTE, START, plan

LINK, RENEW = "/api/v1/drivers/link", "/api/v1/drivers/link/renew"


@pytest.fixture
def routes(api_rig):
    api_rig.clock.now = START + MINUTE
    return api_rig.routes


def link(api, driver="Kim", **query):
    answer = api.get(LINK, params={"driver": driver, **query}, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def opens(api, url):
    return api.get(urlsplit(url).path + "/day").status_code == 200


async def test_todays_drivers_have_their_addresses(api, routes):
    routes.follow(plan("r1", driver="Kim"))
    routes.follow(plan("r2", vehicle="van-2"))
    routes.follow(plan("r3", driver="Lee", withdrawn=True))
    drivers = api.get("/api/v1/drivers", headers=BEARER).json()
    assert [(each["driver"], each["vehicle"], each["route"]) for each in drivers] == [
        ("Kim", "van", "r1"),
        ("van-2", "van-2", "r2"),
    ]
    assert all(opens(api, each["url"]) for each in drivers)


@pytest.mark.parametrize(
    ("query", "found"), [({"date": DAY}, ["r1"]), ({"date": "2026-03-11"}, []), ({"fleet": "south"}, [])]
)
async def test_of_a_date_or_a_fleet(api, routes, query, found):
    routes.follow(plan("r1", driver="Kim"))
    routes.plan(plan("r2", driver="Lee", withdrawn=True))
    drivers = api.get("/api/v1/drivers", params=query, headers=BEARER).json()
    assert [each["route"] for each in drivers] == found


async def test_a_link_stays_and_is_a_picture_for_a_phone(api):
    shown = link(api, "Kim Å. Laine")
    assert link(api, "Kim Å. Laine") == shown
    assert opens(api, shown["url"])
    assert ET.fromstring(shown["svg"]).tag.endswith("svg")
    assert link(api, "Lee")["url"] != shown["url"]
    assert link(api, "Kim Å. Laine", fleet="south")["url"] != shown["url"]


def test_the_code_says_the_address():
    picture = io.BytesIO()
    segno.make("https://fleet.example.org/driver/abc", error="m", micro=False).save(
        picture, kind="svg", border=4, omitsize=True, xmldecl=False, light="#fff", nl=False
    )
    assert qr_svg("https://fleet.example.org/driver/abc") == picture.getvalue().decode()


async def test_a_lost_phone_is_locked_out(api):
    before = link(api)
    answer = api.post(RENEW, json={"driver": "Kim"}, headers=BEARER)
    assert (answer.status_code, answer.json()["driver"]) == (200, "Kim")
    assert not opens(api, before["url"])
    assert opens(api, answer.json()["url"])
    assert link(api) == answer.json()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"driver": ""}', b'{"driver": "x", "fleet": "a/b"}', b'{"driver": 1}'])
async def test_a_renewal_without_a_driver_is_refused(api, body):
    answer = api.post(RENEW, content=body, headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_body")


@pytest.mark.parametrize("path", ["/api/v1/drivers", f"{LINK}?driver=Kim"])
async def test_only_the_office_may_ask_and_no_cache_keeps_it(api, path):
    assert api.get(path).status_code == 401
    assert api.get(path, headers=BEARER).headers["cache-control"] == "no-store"


async def test_a_link_needs_a_name(api):
    assert api.get(LINK, headers=BEARER).status_code == 400
    assert api.get(LINK, params={"driver": "x" * 201}, headers=BEARER).status_code == 400
