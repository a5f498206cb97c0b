"""The manager's day on the real demo, as pictures: kept for a look; those of docs/ only with MILEPOST_PICTURE=1."""

import json
import os
import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Demo
from tests.e2e.console_page import ConsolePage
from tests.fixtures.chromium import OpenPage
from tests.fixtures.require import ROOT
from tests.fixtures.waiting import until

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(180)]

WANTED = os.environ.get("MILEPOST_PICTURE") == "1"
FOLDER = ROOT / "docs/images" if WANTED else ROOT / "test-results"
WIDE = {"width": 1440, "height": 900, "timezone_id": "Europe/Helsinki"}
PHONE = {"width": 390, "height": 844, "timezone_id": "Europe/Helsinki"}


@pytest.fixture
def late_route(demo: Demo) -> str:
    """The route that runs late, once the gateway has found that out."""
    return str(until(lambda: _worst(demo), "a window at risk"))


def _worst(demo: Demo) -> str | None:
    headers = {"Authorization": f"Bearer {demo.token}"}
    request = urllib.request.Request(f"http://127.0.0.1:{demo.port}/api/v1/routes", headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        routes = json.load(answer)["routes"]
    late = (route for route in routes if route.get("worst", {}).get("kind") == "window_at_risk")
    return next((route["route"] for route in late), None)


def picture(page: Page, name: str) -> Path:
    """Take a picture once the map is drawn; nothing else tells that the names of its streets are."""
    page.wait_for_timeout(3_000)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file)
    return file


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("console", WIDE | {"color_scheme": "light"}),
        ("route-dark", WIDE | {"color_scheme": "dark"}),
        ("route-phone", PHONE | {"color_scheme": "light"}),
    ],
)
def test_a_late_route_says_why_and_when(
    demo: Demo, open_page: OpenPage, late_route: str, name: str, options: dict[str, object]
) -> None:
    console = ConsolePage(open_page(**options), demo.port).open(demo.token, f"?route=main/{late_route}")
    panel = console.page.get_by_role("region", name="Route details")
    expect(panel).to_contain_text(re.compile(r"(will|may) miss its window"))
    expect(panel).to_contain_text(re.compile(r"\d\d:\d\d–\d\d:\d\d"))
    assert picture(console.page, name).stat().st_size > 20_000
    console.expect_no_trouble()


def test_a_look_back_shows_what_was_known(demo: Demo, open_page: OpenPage, late_route: str) -> None:
    console = ConsolePage(open_page(**WIDE), demo.port).open(demo.token, f"?route=main/{late_route}")
    console.page.get_by_role("button", name="Look back").click()
    console.page.keyboard.press("Shift+ArrowLeft")
    expect(console.page.get_by_text(re.compile(r"As known at \d\d:\d\d"))).to_be_visible()
    picture(console.page, "look-back")
    console.expect_no_trouble()


def test_the_record_is_a_page_to_print(demo: Demo, open_page: OpenPage, late_route: str) -> None:
    console = ConsolePage(open_page(**WIDE), demo.port).open(demo.token, f"?route=main/{late_route}")
    console.page.get_by_role("button", name="Record").click()
    with console.page.expect_popup() as popup:
        console.page.get_by_role("menuitem", name="Printable page").click()
    expect(popup.value.get_by_role("heading", level=1)).to_contain_text(late_route)
    expect(popup.value.get_by_role("table").first).to_contain_text("Helsinki")
    picture(popup.value, "record")
