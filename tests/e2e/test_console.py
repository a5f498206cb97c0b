"""The console in a real browser, on the real demo: vans that the real agents report through the real gateway."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.conftest import Demo
from tests.e2e.console_page import ConsolePage
from tests.e2e.picture import GRADES, MOVING, MOVING_AT_NIGHT, SILENT, STALE, STOPPED, TRACK, Eye, Patch
from tests.fixtures.chromium import OpenPage
from tests.fixtures.relay import Relay
from tests.fixtures.require import ROOT

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(180)]

VANS = 12
DEADLINE_S = 30.0
TEST_RESULTS = ROOT / "test-results"


@pytest.fixture
def eye(browser: Browser) -> Iterator[Eye]:
    looking = Eye(browser)
    yield looking
    looking.close()


@pytest.fixture
def console(demo: Demo, open_page: OpenPage) -> ConsolePage:
    return ConsolePage(open_page(), demo.port).open(demo.token).wait_for_fleet(VANS).wait_for_map()


Seen = TypeVar("Seen")


def wait_until(look: Callable[[], Seen | None], what: str) -> Seen:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if seen := look():
            return seen
    pytest.fail(f"not within {DEADLINE_S:.0f} s: {what}")


def vehicles_on_map(console: ConsolePage, eye: Eye) -> list[Patch]:
    return eye.find(console.picture_of_map(), MOVING, STOPPED, SILENT, *GRADES)


def age_in(banner: Locator) -> int:
    """Return the age of the data that the banner tells, in seconds."""
    told = re.search(r"What you see is (\d+) s old", banner.inner_text())
    assert told is not None
    return int(told[1])


def test_vehicles_appear_and_move(console: ConsolePage, eye: Eye) -> None:
    first = wait_until(lambda: vehicles_on_map(console, eye), "vehicles on the map")

    def moved() -> list[Patch]:
        places = {(round(patch.x), round(patch.y)) for patch in first}
        now = vehicles_on_map(console, eye)
        return [patch for patch in now if not any(abs(patch.x - x) + abs(patch.y - y) < 6 for x, y in places)]

    wait_until(moved, "a vehicle elsewhere on the map")
    ages = console.page.locator(".row-age").all_inner_texts()
    assert len(ages) == VANS
    assert all(re.fullmatch(r"\d+ (s|min)", age) for age in ages)
    console.expect_no_trouble()


def test_a_click_shows_details_and_the_track_of_the_last_hours(console: ConsolePage, eye: Eye) -> None:
    assert not eye.find(console.picture_of_map(), *TRACK)
    console.row("van-03").click()
    expect(console.details.get_by_role("heading", name="van-03")).to_be_visible()
    expect(console.details).to_contain_text(re.compile(r"\d+ positions, top speed \d+ km/h"))
    for fact in ("since", "speed", "odometer", "place", "accuracy", "satellites", "fix", "source", "time", "received"):
        expect(console.fact(fact)).not_to_be_empty()
    wait_until(lambda: eye.find(console.picture_of_map(), *TRACK), "the track on the map")
    assert "vehicle=main/van-03" in console.page.url
    console.page.keyboard.press("Escape")
    expect(console.details).to_be_hidden()
    wait_until(lambda: not eye.find(console.picture_of_map(), *TRACK), "a map without the track")
    console.expect_no_trouble()


def test_a_click_on_the_map_selects(console: ConsolePage, eye: Eye) -> None:
    def pick() -> bool:
        for patch in vehicles_on_map(console, eye)[:3]:
            console.map.click(position={"x": patch.x, "y": patch.y})
            if console.details.is_visible():
                return True
        return False

    wait_until(pick, "details after a click on a vehicle on the map")
    name = console.details.get_by_role("heading", level=2).inner_text()
    expect(console.row(name)).to_have_attribute("aria-selected", "true")
    console.expect_no_trouble()


def test_the_track_can_be_saved(console: ConsolePage) -> None:
    console.row("van-03").click()
    for label, start in (("GPX", "<?xml"), ("CSV", "time"), ("GeoJSON", '{"type"')):
        with console.page.expect_download() as download:
            console.details.get_by_role("button", name=label, exact=True).click()
        saved = Path(download.value.path()).read_text()
        assert saved.lstrip("\ufeff").startswith(start)
        assert re.fullmatch(rf"main-van-03_[-T\d]+_3h\.{label.lower()}", download.value.suggested_filename)
    console.expect_no_trouble()


def test_filter_order_and_keys(console: ConsolePage, demo: Demo) -> None:
    console.page.keyboard.press("/")
    expect(console.search).to_be_focused()
    console.page.keyboard.type("van-1")
    expect(console.rows).to_have_count(3)
    expect(console.count).to_have_text("3 of 12 vehicles")
    console.page.get_by_role("button", name="Sort by name").click()
    assert [console.name_in(row) for row in console.rows.all()] == ["van-12", "van-11", "van-10"]
    console.search.focus()
    console.page.keyboard.press("ArrowDown")
    console.page.keyboard.press("ArrowDown")
    console.page.keyboard.press("Enter")
    expect(console.details.get_by_role("heading", name="van-11")).to_be_visible()
    console.page.wait_for_url("**/?q=van-1&sort=-name&vehicle=main/van-11&tab=vehicles")

    console.page.reload()  # the address shows the same view again
    expect(console.rows).to_have_count(3)
    expect(console.row("van-11")).to_have_attribute("aria-selected", "true")
    assert console.name_in(console.rows.first) == "van-12"
    console.page.keyboard.press("Escape")
    expect(console.details).to_be_hidden()


NO_TRY_BUT_A_CLICKS = """
const ask = window.fetch;
let clicked = false;
addEventListener("click", () => { clicked = true; setTimeout(() => { clicked = false; }); }, true);
window.fetch = (asked, ...rest) => window.onlyClicks && !clicked && String(asked.url ?? asked).includes("/api/v1/live")
  ? Promise.reject(new TypeError("refused by the test")) : ask(asked, ...rest);
"""
"""Once `onlyClicks` is set, the stream is asked for by a click alone: the page's own tries are refused."""


def test_a_stream_that_drops_is_said_and_comes_back(demo: Demo, open_page: OpenPage, eye: Eye) -> None:
    relay, watched = Relay(demo.port), open_page()
    watched.page.add_init_script(NO_TRY_BUT_A_CLICKS)
    console = ConsolePage(watched, relay.port).open(demo.token).wait_for_fleet(VANS).wait_for_map()
    wait_until(lambda: vehicles_on_map(console, eye), "vehicles on the map")
    console.expect_no_trouble()

    relay.cut()
    expect(console.banner).to_be_visible()
    expect(console.banner.get_by_role("alert")).to_contain_text("Live data stopped")
    first = age_in(console.banner)
    wait_until(lambda: age_in(console.banner) > first, "an age that counts up")
    wait_until(lambda: eye.find(console.picture_of_map(), STALE), "greyed vehicles on the map")
    assert not vehicles_on_map(console, eye)
    assert all("/api/v1/live" in trouble for trouble in console.watched.troubles)

    console.page.evaluate("window.onlyClicks = true")
    relay.mend()
    console.banner.get_by_role("button", name="Try now").click()
    expect(console.banner).to_be_hidden()
    wait_until(lambda: vehicles_on_map(console, eye), "vehicles in colour again")
    relay.cut()


def test_it_turns_dark_when_the_evening_comes(console: ConsolePage, eye: Eye) -> None:
    console.page.emulate_media(color_scheme="dark")
    first = wait_until(lambda: eye.find(console.picture_of_map(), MOVING_AT_NIGHT), "vehicles in the night's colours")

    def moved() -> bool:
        return {patch.x for patch in eye.find(console.picture_of_map(), MOVING_AT_NIGHT)} != {
            patch.x for patch in first
        }

    wait_until(moved, "a vehicle that moves on in the dark")
    console.expect_no_trouble()


def test_it_comes_back_by_itself(demo: Demo, open_page: OpenPage) -> None:
    relay = Relay(demo.port)
    console = ConsolePage(open_page(), relay.port).open(demo.token).wait_for_fleet(VANS)
    relay.cut()
    expect(console.banner).to_be_visible()
    relay.mend()
    expect(console.banner).to_be_hidden()
    console.wait_for_fleet(VANS)
    relay.cut()


def test_a_wrong_token_is_asked_for_again(demo: Demo, open_page: OpenPage) -> None:
    console = ConsolePage(open_page(), demo.port).open("mp_not-the-token")
    page = console.page
    expect(page.get_by_role("alert")).to_contain_text("did not accept this token")
    assert "not-the-token" not in page.url
    page.get_by_label("API token").fill(demo.token)
    page.get_by_role("button", name="Open the console").click()
    console.wait_for_fleet(VANS)
    assert demo.token not in page.url
    page.reload()  # kept in the tab
    console.wait_for_fleet(VANS)


def test_without_a_token_it_says_so(demo: Demo, open_page: OpenPage) -> None:
    console = ConsolePage(open_page(), demo.port).open(None)
    expect(console.page.get_by_role("alert")).to_contain_text("needs an API token")
    console.expect_no_trouble()


def test_without_webgl_the_list_and_the_details_work(demo: Demo, open_page: OpenPage) -> None:
    watched = open_page()
    watched.page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    console = ConsolePage(watched, demo.port).open(demo.token).wait_for_fleet(VANS)
    expect(console.map).to_contain_text("no WebGL")
    console.row("van-03").click()
    expect(console.details).to_contain_text(re.compile(r"\d+ positions"))
    assert not [trouble for trouble in watched.troubles if trouble.startswith("uncaught")]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vehicles", {"width": 1440, "height": 900, "color_scheme": "light"}),
        ("vehicles-dark", {"width": 1440, "height": 900, "color_scheme": "dark"}),
        ("vehicles-phone", {"width": 390, "height": 844, "color_scheme": "light"}),
    ],
)
def test_pictures(demo: Demo, open_page: OpenPage, name: str, options: dict[str, object]) -> None:
    """Kept for a look."""
    console = (
        ConsolePage(open_page(**options), demo.port)
        .open(demo.token, "?sort=-speed&hours=1&tab=vehicles")
        .wait_for_fleet(VANS)
    )
    console.rows.first.click()
    expect(console.details).to_contain_text(re.compile(r"\d{3} positions, top speed"))
    console.wait_for_map()
    console.page.get_by_role("button", name="Show the whole fleet").click()
    console.page.wait_for_timeout(3_000)  # names of streets are drawn when the rest is there: nothing else tells
    file = TEST_RESULTS / f"{name}.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    console.page.screenshot(path=file)
    console.expect_no_trouble()
