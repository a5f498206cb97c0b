"""The console as a manager uses it."""

import re

from playwright.sync_api import Locator, expect

from tests.fixtures.chromium import WatchedPage

LIVE = re.compile(r"Live")
FLEET_WITHIN_MS = 30_000
"""The demo's vans wake up one by one once its routes have been imported."""


class ConsolePage:
    """The parts of the page by what they are to a person."""

    def __init__(self, watched: WatchedPage, port: int) -> None:
        self.watched = watched
        self.page = watched.page
        self.origin = f"http://127.0.0.1:{port}"
        self.list = self.page.get_by_role("region", name="Vehicles", exact=True)
        self.rows = self.list.get_by_role("option")
        self.search = self.page.get_by_role("searchbox", name="Search vehicles")
        self.details = self.page.get_by_role("region", name="Vehicle details")
        self.map = self.page.get_by_role("region", name="Map of the fleet")
        self.banner = self.page.locator(".banner")
        self.count = self.list.locator(".list-count")

    def open(self, token: str | None, query: str = "?tab=vehicles") -> "ConsolePage":
        fragment = "" if token is None else f"#token={token}"
        self.page.goto(f"{self.origin}/{query}{fragment}")
        return self

    def wait_for_fleet(self, vehicles: int) -> "ConsolePage":
        expect(self.count).to_have_text(f"{vehicles} vehicles", timeout=FLEET_WITHIN_MS)
        expect(self.page.locator(".link")).to_have_text("Live")
        return self

    def wait_for_map(self) -> "ConsolePage":
        """Wait until the street map's attribution is there: the style has been loaded and drawn."""
        expect(self.map.get_by_text("OpenStreetMap contributors")).to_be_visible()
        return self

    def row(self, vehicle: str) -> Locator:
        return self.page.locator(f'[role="option"][data-key="main/{vehicle}"]')

    def name_in(self, row: Locator) -> str:
        return row.locator(".row-name").inner_text()

    def fact(self, name: str) -> Locator:
        return self.details.locator(f'[data-fact="{name}"] dd')

    def picture_of_map(self) -> bytes:
        return self.map.screenshot()

    def expect_no_trouble(self) -> None:
        assert not self.watched.troubles, "\n".join(self.watched.troubles)
