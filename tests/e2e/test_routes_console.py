"""Routes as a manager works with them: what is worst, why, and how it was. On the fake gateway."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.bench import painting
from tests.e2e.fake_console import TOKEN, fake_console
from tests.fixtures.chromium import OpenPage, WatchedPage

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(120)]

ROUTES, STOPS = 24, 150
FIRST_PAINT_MS = 2_000
"""What the console promises with 300 vans of 150 stops."""
OFF_ROUTE, LATE, PLANNED, FAILED = "R-001", "R-002", "R-004", "R-005"
"""What the fake day of these routes is about."""


@pytest.fixture(scope="module")
def browser(mapless_browser: Browser) -> Browser:
    """No test here looks at the map."""
    return mapless_browser


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with fake_console(ROUTES, STOPS) as serving:
        yield serving


class RoutesPage:
    """The parts of the page by what they are to a person."""

    def __init__(self, watched: WatchedPage, port: int) -> None:
        self.watched = watched
        self.page: Page = watched.page
        self.origin = f"http://127.0.0.1:{port}"
        routes = self.page.get_by_role("region", name="Routes", exact=True)
        self.list = self.page.get_by_role("listbox", name="Routes")
        self.rows = self.list.get_by_role("option")
        self.search = self.page.get_by_role("searchbox", name="Search routes")
        self.count = routes.locator(".list-count")
        self.panel = self.page.get_by_role("region", name="Route details")
        self.stops = self.panel.get_by_role("listbox", name="Stops")
        self.evidence = self.panel.locator(".evidence")
        self.known = self.page.locator(".replay-known")

    def open(self, query: str = "") -> "RoutesPage":
        self.page.goto(f"{self.origin}/{query}#token={TOKEN}")
        expect(self.page.locator(".link")).to_have_text("Live")
        return self

    def names(self) -> list[str]:
        return self.rows.locator(".route-name").all_inner_texts()

    def row(self, route: str) -> Locator:
        return self.list.locator(f'[data-key="main/{route}"]')

    def expect_no_trouble(self) -> None:
        assert not self.watched.troubles, "\n".join(self.watched.troubles)


@pytest.fixture
def console(port: int, open_page: OpenPage) -> RoutesPage:
    return RoutesPage(open_page(width=1240, height=640), port)


def test_the_worst_route_comes_first_and_says_why(console: RoutesPage) -> None:
    console.open()
    expect(console.count).to_have_text(f"{ROUTES} routes")
    assert console.names()[0] == OFF_ROUTE
    first = console.rows.first
    expect(first.locator(".route-reason")).to_have_text(re.compile(r"Up to .+ off route for \d+ min"))
    expect(first.locator(".counts-bar")).to_have_attribute("aria-label", re.compile(r"Stops: .*\d+ completed"))
    done = re.fullmatch(r"(\d+)/150", first.locator(".route-done").inner_text())
    assert done is not None
    assert 0 < int(done[1]) < STOPS
    grades = console.rows.evaluate_all("rows => rows.map(row => row.dataset.grade)")
    assert [grade for grade in grades if grade == "bad"] == grades[: grades.count("bad")]
    console.expect_no_trouble()


def test_filters_stay_in_the_address(console: RoutesPage) -> None:
    console.open()
    console.page.keyboard.press("/")
    console.page.keyboard.type("korhonen")
    expect(console.count).to_have_text(f"3 of {ROUTES} routes")
    console.page.get_by_role("combobox", name="Phase").select_option("under_way")
    console.page.get_by_role("group", name="late or at risk").get_by_role("button", name="Late").click()
    console.page.get_by_role("button", name="Sort by name").click()
    console.page.wait_for_url("**/?q=korhonen&lateness=late&phase=under_way&by=name")
    shown = console.names()
    assert LATE in shown

    console.page.reload()
    expect(console.row(LATE)).to_be_visible()
    assert console.names() == shown
    console.page.get_by_role("button", name="Late", pressed=True).click()
    console.page.wait_for_url("**/?q=korhonen&phase=under_way&by=name")
    console.search.fill("nobody drives so")
    console.page.get_by_role("button", name="Show all routes").click()
    expect(console.count).to_have_text(f"{ROUTES} routes")


def test_everything_by_keyboard(console: RoutesPage) -> None:
    console.open()
    expect(console.rows.first).to_be_visible()
    first, second = console.names()[:2]
    console.page.keyboard.press("j")
    console.page.keyboard.press("j")
    console.page.keyboard.press("k")
    console.page.keyboard.press("j")
    console.page.keyboard.press("Enter")
    expect(console.panel.get_by_role("heading", level=2)).to_have_text(second)
    console.page.keyboard.press("k")
    console.page.keyboard.press("Enter")
    expect(console.panel.get_by_role("heading", level=2)).to_have_text(first)

    expect(console.stops).to_be_visible()
    console.stops.focus()
    console.page.keyboard.press("Home")
    console.page.keyboard.press("ArrowDown")
    console.page.keyboard.press("Enter")
    expect(console.evidence.get_by_role("heading")).to_contain_text("Stop 2")
    console.page.keyboard.press("Escape")
    expect(console.evidence).to_be_hidden()
    console.page.keyboard.press("Escape")
    expect(console.panel).to_be_hidden()
    console.expect_no_trouble()


def test_stops_stand_against_the_plan_and_open_their_evidence(console: RoutesPage) -> None:
    console.open(f"?route=main/{FAILED}")
    served = console.stops.locator('[data-label="completed"]').first
    expect(served.locator(".lane-actual")).to_be_visible()
    expect(console.stops.locator('[data-label="pending"] .lane-eta').first).to_be_visible()
    assert console.stops.get_by_role("option").count() < 40, "only stops in sight are drawn"

    console.panel.get_by_role("button", name="Incident").click()
    expect(console.stops.locator('[data-label="incident"]').first).to_be_visible()
    expect(console.stops.locator('[data-label="completed"]')).to_have_count(0)
    console.stops.get_by_role("option").first.click()
    for fact, told in {
        "state": "Failed: recipient absent",
        "tap": "by driver · the vehicle was",
        "dwell": "planned",
    }.items():
        expect(console.evidence.locator(f'[data-fact="{fact}"] dd')).to_contain_text(told)
    assert re.search(r"[?&]stops=incident&stop=s\d+", console.page.url)
    console.expect_no_trouble()


def test_a_delay_leads_to_the_stops_that_made_it(console: RoutesPage) -> None:
    console.open(f"?route=main/{LATE}")
    console.panel.locator('[data-fact="delay"]').click()
    console.page.wait_for_url("**stops=delay**")
    lost = console.stops.locator(".stop-where").first
    expect(lost).to_contain_text("lost")


def test_times_are_the_routes_and_a_browser_elsewhere_is_told(port: int, open_page: OpenPage) -> None:
    away = RoutesPage(open_page(timezone_id="America/New_York"), port).open(f"?route=main/{PLANNED}")
    expect(away.panel.locator(".round-zone")).to_contain_text("Europe/Helsinki")
    told = away.panel.locator(".round-reason").inner_text()
    home = RoutesPage(open_page(timezone_id="Europe/Helsinki"), port).open(f"?route=main/{PLANNED}")
    expect(home.panel.locator(".round-reason")).to_have_text(told)
    expect(home.panel.locator(".round-zone")).to_be_hidden()


def test_a_look_back_shows_what_was_known_then(console: RoutesPage) -> None:
    console.open(f"?route=main/{FAILED}")
    completed = console.panel.get_by_role("button", name="Completed").locator("b")
    now = int(completed.inner_text())
    console.page.get_by_role("button", name="Look back").click()
    expect(console.known).to_have_text(re.compile(r"As known at \d\d:\d\d"))
    slider = console.page.get_by_role("slider", name="Time looked at")
    expect(slider).to_be_focused()
    before = int(slider.input_value())
    for _ in range(3):
        console.page.keyboard.press("PageDown")
    console.page.keyboard.press("ArrowLeft")
    earlier = before - timedelta(minutes=31) // timedelta(milliseconds=1)
    expect(slider).to_have_value(str(earlier))
    then = datetime.fromtimestamp(earlier / 1_000, UTC)
    console.page.wait_for_url(f"**&at={then:%Y-%m-%dT%H:%M:%S}Z")
    console.page.wait_for_function(
        "([node, now]) => Number(node.textContent) < now", arg=[completed.element_handle(), now]
    )

    console.page.reload()  # the address leads to the same time
    expect(console.known).to_be_visible()
    expect(completed).not_to_have_text(str(now))
    console.page.get_by_role("button", name="Back to live").click()
    expect(console.known).to_be_hidden()
    assert "at=" not in console.page.url
    console.page.wait_for_function(
        "([node, now]) => Number(node.textContent) >= now", arg=[completed.element_handle(), now]
    )
    console.expect_no_trouble()


def test_a_look_back_plays(console: RoutesPage) -> None:
    started = datetime.now(UTC) - timedelta(minutes=40)
    console.open(f"?at={started:%Y-%m-%dT%H:%M:%S}Z")
    told = console.known.inner_text()
    console.page.get_by_role("button", name="Play").click()
    expect(console.known).not_to_have_text(told)
    console.page.get_by_role("button", name="Pause").click()
    expect(console.page.get_by_role("button", name="Play")).to_be_visible()
    console.expect_no_trouble()


def test_the_record_is_a_file_or_a_page(console: RoutesPage) -> None:
    console.open(f"?route=main/{FAILED}")
    console.panel.get_by_role("button", name="Record").click()
    with console.page.expect_download() as download:
        console.page.get_by_role("menuitem", name="JSON", exact=True).click()
    assert download.value.suggested_filename == f"main-{FAILED}.json"
    assert json.loads(Path(download.value.path()).read_text())["route"]["route"] == FAILED
    console.panel.get_by_role("button", name="Record").click()
    with console.page.expect_popup() as popup:
        console.page.get_by_role("menuitem", name="Printable page").click()
    heading = popup.value.get_by_role("heading", level=1)
    expect(heading).to_have_text(f"Record of {FAILED}")
    expect(heading).to_have_css("color", "rgb(15, 122, 90)")
    console.expect_no_trouble()


def test_the_first_paint_of_300_routes_of_150_stops(open_page: OpenPage) -> None:
    with fake_console(painting.ROUTES, painting.STOPS) as port:
        console = RoutesPage(open_page(**painting.SIZE), port)
        painted = painting.open_console(console.page, port)
        expect(console.count).to_have_text(f"{painting.ROUTES} routes")
    assert painted.first_ms < FIRST_PAINT_MS
    assert painted.rows_ms < FIRST_PAINT_MS
