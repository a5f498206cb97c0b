"""Whether everybody can use the console, on a screen and on a phone: axe on its lists and on an open stop."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.accessibility import violations
from tests.e2e.fake_console import TOKEN, fake_console
from tests.fixtures.chromium import OpenPage

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(120)]

SIZES = {"screen": (1440, 900), "phone": (390, 844)}
VIEWS = {"routes": "", "vehicles": "?tab=vehicles", "a-stop": "?route=main/R-008&stop=s1"}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with fake_console(8, 30) as port:
        yield port


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("scheme", "view"), [("light", view) for view in VIEWS] + [("dark", "a-stop")])
def test_everybody_can_use_it(port: int, open_page: OpenPage, size: str, scheme: str, view: str) -> None:
    width, height = SIZES[size]
    page = open_page(width=width, height=height, color_scheme=scheme, reduced_motion="reduce").page
    page.goto(f"http://127.0.0.1:{port}/{VIEWS[view]}#token={TOKEN}")
    expect(page.get_by_role("option").locator("visible=true").first).to_be_visible()
    if view == "a-stop":
        expect(page.get_by_role("region", name="Stop 1", exact=True)).to_be_visible()
    assert violations(page) == []
