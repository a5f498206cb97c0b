"""The driver's page as a driver uses it, on a phone of its own."""

import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.fixtures.chromium import PATIENCE_MS
from tests.fixtures.gateway import Gateway
from tests.fixtures.relay import Relay
from tests.fixtures.waiting import until

PHONE = {"viewport": {"width": 390, "height": 844}, "locale": "en-GB", "has_touch": True, "is_mobile": True}
UNDO_MS = 10_000
NEXT_STOP = re.compile(r"Next stop|Chosen stop|Próxima parada")


class DriverPhone:
    """One phone with one driver's link, on a network that may fail."""

    def __init__(self, context: BrowserContext, gateway: Gateway, driver: str, network: Relay) -> None:
        self.context, self.network = context, network
        shown = gateway.get(f"/api/v1/drivers/link?driver={quote(driver)}")
        self.address = f"http://127.0.0.1:{network.port}{urlsplit(shown['url']).path}"
        self.page = self.new_page()

    def lose_network(self) -> None:
        """Cut it for the page, and for the worker as well: what the browser sends by itself no context holds back."""
        self.network.cut()
        self.context.set_offline(True)

    def find_network(self) -> None:
        self.network.mend()
        self.context.set_offline(False)

    def new_page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.clock.install()
        return page

    def open(self) -> "DriverPhone":
        self.page.goto(self.address)
        expect(self.card).to_be_visible()
        return self

    @property
    def card(self) -> Locator:
        return self.page.get_by_role("region", name=NEXT_STOP)

    @property
    def done(self) -> Locator:
        return self.page.get_by_role("button", name="Done", exact=True)

    @property
    def sync(self) -> Locator:
        return self.page.locator(".sync")

    @property
    def banners(self) -> Locator:
        return self.page.locator(".banners")

    def press(self, name: str) -> "DriverPhone":
        self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def expect_at(self, address: str) -> None:
        expect(self.card.get_by_role("heading", level=1)).to_have_text(address)

    def let_undo_pass(self) -> "DriverPhone":
        """Let the page's clock run past the time in which a tap can be undone."""
        self.page.clock.run_for(UNDO_MS + 1_500)
        return self

    def let_time_pass_until(self, place: Locator, words: str) -> None:
        """Let the page's clock run until the words are there."""
        until(lambda: self._passed_s(5) and words in "".join(place.all_text_contents()), words)

    def _passed_s(self, seconds: int) -> bool:
        self.page.clock.run_for(seconds * 1_000)
        return True

    def expect_sent(self) -> None:
        expect(self.sync).to_have_text("All sent")

    def with_camera(self, press: Callable[[], object], picture: bytes) -> None:
        """Answer the camera that `press` opens with a picture."""
        with self.page.expect_file_chooser() as chosen:
            press()
        chosen.value.set_files({"name": "door.png", "mimeType": "image/png", "buffer": picture})

    def wait_until_installed(self) -> None:
        """Wait until the page would open without a network."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")
