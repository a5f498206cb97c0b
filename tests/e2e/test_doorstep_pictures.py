"""Both pages in every state, as their people see them: what they say, whether everybody can use them, and a picture.

The sheets in docs/images are made with MILEPOST_PICTURE=1; else they are kept for a look in test-results.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import violations
from tests.e2e.contact_sheet import PHONE, ContactSheet
from tests.e2e.doorstep_pages import Doorstep, staged
from tests.e2e.driver_moments import DRIVER_MOMENTS, ON_THE_ROUND, DriverMoment
from tests.e2e.scenes import SCENES, Scene
from tests.fixtures.require import ROOT

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(180)]

WANTED = os.environ.get("MILEPOST_PICTURE") == "1"
FOLDER = ROOT / ("docs/images" if WANTED else "test-results")
LOCALES = {"en": "en-GB", "es": "es-ES"}
SPANISH_TOO = frozenset({"two-before", "failed"})
"""Scenes that are opened in both languages also when no sheets are wanted: their words are tables elsewhere."""
DRAWN_MS = 2_500
"""Of a page with a map: nothing tells from outside that its streets are drawn."""

SAYS = {
    "scheduled": "planned",
    "out-for-delivery": "on its way",
    "two-before": "2 deliveries before yours",
    "next": "next",
    "arrived": "at your door",
    "delivered": "Delivered",
    "to-a-neighbour": "neighbour",
    "failed": "could not deliver",
    "unconfirmed": "was at your address",
    "delayed": "delayed",
    "van-silent": "heard",
    "cancelled": "does not come",
    "expired": "leads nowhere",
}


@pytest.fixture(scope="module")
def sheets(browser: Browser) -> Iterator[dict[str, ContactSheet]]:
    """One sheet for each page and language, kept when all scenes are on them."""
    kept = {f"{whose}-{language}": ContactSheet() for whose in ("customer", "driver") for language in LOCALES}
    yield kept
    for name, sheet in kept.items():
        sheet.save(browser, FOLDER / f"{name}.png")


def open_page(browser: Browser, language: str) -> Page:
    """Open a page on a phone; the content security policy is left out because axe has to run in it."""
    context = browser.new_context(
        viewport=PHONE, locale=LOCALES[language], timezone_id="Europe/Helsinki", bypass_csp=True
    )
    return context.new_page()


def drawn(page: Page) -> bytes:
    """Return a picture of the page once nothing is loaded any more and a map is drawn."""
    page.wait_for_load_state("networkidle")
    if page.locator("canvas.maplibregl-canvas").count():
        page.wait_for_timeout(DRAWN_MS)
    return page.screenshot()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_everybody_sees_how_it_is(browser: Browser, scene: Scene, sheets: dict[str, ContactSheet]) -> None:
    with staged(scene) as doorstep:
        for name, sheet in sheets.items():
            whose, language = name.split("-")
            if language == "es" and not WANTED and scene.name not in SPANISH_TOO:
                continue
            page = open_page(browser, language)
            page.goto(getattr(doorstep, whose))
            expect(page.locator("html")).to_have_attribute("lang", language)
            if name == "customer-en":
                expect(page.locator("main")).to_contain_text(SAYS[scene.name])
            sheet.add(scene.name, drawn(page))
            assert violations(page) == []
            page.context.close()


@pytest.mark.parametrize("moment", DRIVER_MOMENTS, ids=lambda moment: moment.name)
@pytest.mark.parametrize("language", LOCALES if WANTED else ["en"])
def test_the_driver_is_told_what_hinders(
    browser: Browser, moment: DriverMoment, language: str, sheets: dict[str, ContactSheet]
) -> None:
    with staged(ON_THE_ROUND) as doorstep:
        page = open_page(browser, language)
        if moment.before is not None:
            moment.before(page.context)
        _open_at_the_scenes_time(page, doorstep)
        if moment.after is not None:
            moment.after(doorstep, page)
        expect(page.locator(".banners")).to_contain_text(moment.says[language])
        page.evaluate("scrollTo(0, 0)")  # what is told is at the top
        sheets[f"driver-{language}"].add(moment.name, page.screenshot())
        assert violations(page) == []
        page.context.close()


def _open_at_the_scenes_time(page: Page, doorstep: Doorstep) -> None:
    """Let the phone's clock show the scene's time, and stand: what fades in a second is looked at by nobody."""
    page.clock.install(time=doorstep.rig.clock.now / 1000)
    page.goto(doorstep.driver)
    expect(page.locator(".card")).to_be_visible()
