"""The customer's page where the network is poor: read within two seconds, and light until there is a van to show."""

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.e2e.contact_sheet import PHONE
from tests.e2e.doorstep_pages import staged
from tests.e2e.scenes import SCENES

pytestmark = [pytest.mark.serial]

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s with 400 ms there and back: Lighthouse's slow mobile network, the common yardstick."""

USABLE_WITHIN_MS = 2_000
MAX_BYTES_BEFORE_MAP = 100_000
PAINTED = """
new Promise((resolve) => new PerformanceObserver((list) => {
  for (const { name, startTime } of list.getEntries()) if (name === "first-contentful-paint") resolve(startTime);
}).observe({ type: "paint", buffered: true }))
"""
BY_NAME = {scene.name: scene for scene in SCENES}


def slowed(session: CDPSession) -> list[float]:
    """Slow the network down, and return where the bytes of each answer are noted."""
    received: list[float] = []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    return received


@pytest.mark.parametrize("name", ["out-for-delivery", "two-before"])
def test_it_is_read_within_two_seconds(browser: Browser, name: str) -> None:
    with staged(BY_NAME[name]) as doorstep:
        context = browser.new_context(viewport=PHONE, locale="en-GB")
        page = context.new_page()
        slowed(context.new_cdp_session(page))
        page.goto(doorstep.customer, wait_until="commit")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate(PAINTED) < USABLE_WITHIN_MS
        context.close()


def test_it_is_light_and_loads_no_map_while_no_van_is_shown(browser: Browser) -> None:
    with staged(BY_NAME["out-for-delivery"]) as doorstep:
        context = browser.new_context(viewport=PHONE, locale="en-GB")
        page = context.new_page()
        received = slowed(context.new_cdp_session(page))
        page.goto(doorstep.customer, wait_until="networkidle")
        assert 0 < sum(received) < MAX_BYTES_BEFORE_MAP
        assert page.locator("canvas").count() == 0
        context.close()
