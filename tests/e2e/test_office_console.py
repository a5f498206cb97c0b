"""What the office does in the console, in a real browser on the fake gateway of `web/dev`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.fake_console import TOKEN, fake_console
from tests.fixtures.chromium import OpenPage

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(120)]

TABLE = "van;order;lat;lon;Kunde\nvan-1;A-1;60.17;24.93;Aino\nvan-2;A-2;{lat};24.94;Eino\n"


@pytest.fixture(scope="module")
def browser(mapless_browser: Browser) -> Browser:
    """No test here looks at the map."""
    return mapless_browser


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with fake_console(4, 30) as port:
        yield port


@pytest.fixture
def page(port: int, open_page: OpenPage) -> Page:
    page = open_page().page
    page.goto(f"http://127.0.0.1:{port}/#token={TOKEN}")
    expect(page.locator(".route-row").first).to_be_visible()
    return page


def test_an_order_is_found_and_shown_in_its_route(page: Page) -> None:
    page.keyboard.press("o")
    page.keyboard.type("hel-001030")
    expect(page.locator(".found")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**route=main/R-001&stop=s30")
    expect(page.get_by_role("region", name="Stop 30")).to_be_visible()


def test_nothing_is_imported_while_faults_remain(page: Page) -> None:
    page.get_by_role("button", name="Import routes").click()
    _choose(page, TABLE.format(lat="sixty"))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="1 fault")).to_contain_text("sixty")
    expect(dialog.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="Another file").click()
    _choose(page, TABLE.format(lat="60.18"))
    dialog.get_by_label("Read as: Kunde").select_option("recipient")
    dialog.get_by_role("button", name="Import 2 routes").click()
    expect(dialog.get_by_role("status")).to_contain_text("Imported.")


def test_stops_are_put_into_another_order_by_keys(page: Page) -> None:
    page.locator(".route-row").first.click()
    page.get_by_role("button", name="Reorder").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    page.keyboard.press("ArrowDown")
    expect(dialog.locator(".edit-does")).to_contain_text("2 stops get another place")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".round-meta")).to_contain_text("Version 2")


def _choose(page: Page, table: str) -> None:
    page.set_input_files("#import-file", {"name": "day.csv", "mimeType": "text/csv", "buffer": table.encode()})
