"""The customer's page in a real browser: it renews itself, asks nobody else, and can be read and used by everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from gateway import wiring
from gateway.domain.route import Place
from gateway.domain.stop import FailureReason, LeftWith, Said
from gateway.http.customer_page_files import scripts_of
from gateway.http.files import read_tree
from gateway.links.token import make_token
from gateway.ports import Link, StopDetails
from tests.e2e.accessibility import violations
from tests.fixtures.api import ApiRig
from tests.fixtures.chromium import WatchedPage
from tests.fixtures.customers import FRAME
from tests.fixtures.require import cannot_run
from tests.fixtures.routes import MINUTE, START, plan, stop
from tests.fixtures.served_api import served

pytestmark = pytest.mark.heavy

PHONE = {"width": 390, "height": 844}
PEOPLE = [StopDetails(stop=f"s{number}", order=f"ORD-{number}", phone=f"+35840{number}") for number in (1, 2, 3)]
DEPOT = Place(60.17, 24.94)
APPROACH = Place(60.1693, 24.9443)
"""In the middle of the built-in map, more than 200 m from all stops."""
BEYOND_THE_MAP = 0.2
"""Degrees north, 22 km."""


@dataclass
class Doorstep:
    """A gateway's HTTP side with one route, and the address of the third customer's page."""

    rig: ApiRig
    route: Any
    url: str
    north: float = 0.0

    def approach(self) -> None:
        """Let the van set out, and come near."""
        self.drive(2, DEPOT)
        self.drive(3, APPROACH)

    def drive(self, minute: int, place: Place) -> None:
        where = place._replace(lat=place.lat + self.north)
        self.rig.routes.report(self.route, START + minute * MINUTE, *where, speed=8.0)
        self.rig.clock.now = START + minute * MINUTE + 1_000

    def say(self, stop_name: str, said: Said, minute: int, **more: Any) -> None:
        self.rig.routes.tap(self.route, stop_name, said, START + minute * MINUTE, **more)
        self.rig.clock.now = START + minute * MINUTE + 1_000


@pytest.fixture
def doorstep() -> Iterator[Doorstep]:
    with at_the_door_of() as opened:
        yield opened


@contextmanager
def at_the_door_of(north: float = 0.0) -> Iterator[Doorstep]:
    """Serve the page, with everything so many degrees further north."""
    files = read_tree(wiring.CUSTOMER_FOLDER)
    if not scripts_of(files):
        cannot_run("the customers' page is not built (npm run build in web/)")
    rig = ApiRig()
    frame = replace(FRAME, scripts=scripts_of(files))
    customers = replace(rig.parts.customers, page=files, frame=frame)
    parts = replace(rig.parts, customers=customers, basemap=read_tree(wiring.BASEMAP_FOLDER))
    stops = tuple(stop(number, place=Place(60.163 + north + 0.005 * number, 24.938)) for number in (1, 2, 3))
    route = rig.routes.follow(replace(plan("r1"), stops=stops, depot=DEPOT._replace(lat=DEPOT.lat + north)), *PEOPLE)
    rig.clock.now = START + MINUTE
    link = rig.routes.links.links["main", "ORD-3"] = Link("main", "ORD-3", "id-of-the-third", 1)
    with served(parts) as address:
        yield Doorstep(rig, route, f"{address}/t/{make_token(bytes(range(32)), link.id, link.generation)}", north)


@pytest.fixture
def page(browser: Browser) -> Iterator[WatchedPage]:
    context = browser.new_context(viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    yield WatchedPage(context.new_page())
    context.close()


def open_at(page: Page, url: str) -> None:
    """Open the page, and wait until its script has asked once."""
    with page.expect_response(f"{url}/state"):
        page.goto(url)
    page.wait_for_load_state("networkidle")


def look_again(page: Page) -> None:
    """Come back to the page, which then asks at once."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_it_renews_itself_from_the_plan_to_the_outcome(doorstep: Doorstep, page: WatchedPage) -> None:
    shown = page.page
    open_at(shown, doorstep.url)
    expect(shown.locator("#count")).to_have_text("2 deliveries before yours")
    shown.evaluate("window.sameDocument = true")
    doorstep.approach()
    doorstep.say("s1", Said.SUCCEEDED, 6)
    look_again(shown)
    expect(shown.locator("#eyebrow")).to_have_text("Your delivery is on its way")
    expect(shown.locator("#count")).to_have_text("1 delivery before yours")
    doorstep.say("s3", Said.SUCCEEDED, 20, left_with=LeftWith.NEIGHBOUR)
    look_again(shown)
    expect(shown.locator("h1")).to_have_text("Delivered")
    expect(shown.locator("#line")).to_contain_text("Left with a neighbour.")
    expect(shown.locator("#writing")).to_be_hidden()
    assert shown.evaluate("window.sameDocument")
    assert page.troubles == []


def test_the_map_comes_with_the_van_and_from_nowhere_else(doorstep: Doorstep, page: WatchedPage) -> None:
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    open_at(page.page, doorstep.url)
    expect(page.page.locator("#count")).to_be_visible()
    assert not any("van-map" in url or "/map/" in url for url in asked)
    doorstep.approach()
    look_again(page.page)
    expect(page.page.locator("#map canvas")).to_be_visible()
    expect(page.page.locator(".home-mark")).to_have_text("You")
    expect(page.page.locator("#map .maplibregl-ctrl-scale")).to_contain_text("m")
    expect(page.page.locator("#seen")).to_contain_text("The van is in this area")
    expect(page.page.locator("#map .maplibregl-ctrl-attrib")).to_be_visible()
    expect(page.page.locator("#map .no-streets")).to_be_hidden()
    origin = doorstep.url.partition("/t/")[0]
    assert [url for url in asked if not url.startswith((origin, f"blob:{origin}", "data:"))] == []
    assert page.troubles == []


def test_where_no_street_is_drawn_that_is_said_and_nobody_is_credited(page: WatchedPage) -> None:
    with at_the_door_of(north=BEYOND_THE_MAP) as doorstep:
        doorstep.approach()
        open_at(page.page, doorstep.url)
        expect(page.page.locator("#map .no-streets")).to_have_text("No streets are drawn here.")
        expect(page.page.locator("#map .maplibregl-ctrl-attrib")).to_be_hidden()
        expect(page.page.locator("#map .maplibregl-ctrl-scale")).to_be_visible()
        expect(page.page.locator("#seen")).to_contain_text("About 1 km from you, as the crow flies.")
    assert [trouble for trouble in page.troubles if "/state" not in trouble] == []


def test_a_link_that_ends_is_told_by_the_server(doorstep: Doorstep, page: WatchedPage) -> None:
    open_at(page.page, doorstep.url)
    doorstep.say("s3", Said.SUCCEEDED, 5)
    doorstep.rig.clock.now += 49 * 60 * MINUTE
    look_again(page.page)
    expect(page.page.locator("h1")).to_have_text("This link leads nowhere")


def test_the_answer_to_a_form_renews_itself_from_the_delivery(doorstep: Doorstep, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE)
    shown = context.new_page()
    open_at(shown, doorstep.url)
    shown.locator("details summary").click()
    shown.locator("textarea").evaluate("(area) => { area.maxLength = 10_000; area.value = 'x'.repeat(2_000); }")
    with shown.expect_request(lambda request: request.url.endswith("/state")) as asked:
        shown.locator("form button.main").click()
    expect(shown.get_by_role("alert")).to_be_visible()
    assert shown.url == f"{doorstep.url}/instructions"
    assert asked.value.url == f"{doorstep.url}/state"
    context.close()


def test_without_a_script_it_is_whole(doorstep: Doorstep, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, locale="es-ES", java_script_enabled=False)
    page = context.new_page()
    page.goto(doorstep.url)
    expect(page.locator("#count")).to_have_text("2 entregas antes de la suya")
    page.get_by_text("Escribir al conductor").click()
    page.locator("#words").fill("Portal 4711")
    page.get_by_text("Enviar al conductor").click()
    expect(page.locator("blockquote")).to_have_text("El conductor lee: «Portal 4711»")
    page.get_by_text("No quiero más mensajes").click()
    expect(page.get_by_text("Volver a recibir mensajes")).to_be_visible()
    assert page.url == doorstep.url
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_use_it(doorstep: Doorstep, browser: Browser, scheme: Any) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, bypass_csp=True)  # axe is put into the page
    page = context.new_page()
    open_at(page, doorstep.url)
    page.get_by_text("Write to the driver").click()
    found = violations(page)
    doorstep.approach()
    look_again(page)
    expect(page.locator("#map canvas")).to_be_visible()
    found += violations(page)
    doorstep.say("s3", Said.FAILED, 20, reason=FailureReason.ABSENT)
    look_again(page)
    expect(page.locator("#calls a")).to_be_visible()
    found += violations(page)
    page.goto(doorstep.url + "x")
    assert found + violations(page) == []
    context.close()
