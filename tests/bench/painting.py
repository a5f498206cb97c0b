"""`python -m tests.bench.painting`: how long a browser takes to show the console with a large day.

The built console in headless Chromium, on the fake gateway: what is measured is the page, not the server behind it.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, sync_playwright

from tests.e2e.fake_console import TOKEN, fake_console
from tests.fixtures.chromium import ARGUMENTS
from tests.fixtures.require import require_program

ROUTES, STOPS = 300, 150
SIZE = {"width": 1440, "height": 900}

NOTE_FIRST_ROW = """
const look = () => {
  if (document.querySelector(".route-row") === null) requestAnimationFrame(look);
  else window.firstRow = performance.now();
};
requestAnimationFrame(look);
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class Painted:
    """Since the navigation began, ms: the first contentful paint, and the first row of the list of routes."""

    first_ms: float
    rows_ms: float


def open_console(page: Page, port: int) -> Painted:
    """Open the console and wait for its list."""
    page.add_init_script(NOTE_FIRST_ROW)
    page.goto(f"http://127.0.0.1:{port}/#token={TOKEN}", wait_until="commit")
    page.wait_for_function("window.firstRow !== undefined")
    return Painted(page.evaluate(PAINTED), page.evaluate("window.firstRow"))


def measure() -> Painted:
    """Return the better of two visits, each with an empty cache: other programs only ever add to it."""
    with fake_console(ROUTES, STOPS) as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=require_program("chromium"), args=ARGUMENTS)
        visits = [open_console(browser.new_context(viewport=SIZE).new_page(), port) for _ in range(2)]
        browser.close()
    return min(visits, key=lambda visit: visit.rows_ms)


if __name__ == "__main__":
    print(measure())
