"""Pictures of a page in all its states, side by side on one sheet."""

import base64
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

PHONE = {"width": 390, "height": 844}
SHOWN_WIDTH = 260
COLUMNS = 5
STYLE = f"""
body {{ margin: 0; padding: 24px; background: #d9dee7; font: 15px system-ui, sans-serif; color: #14213d;
  display: grid; grid-template-columns: repeat({COLUMNS}, {SHOWN_WIDTH}px); gap: 24px; width: max-content }}
figure {{ margin: 0 }}
img {{ width: {SHOWN_WIDTH}px; border-radius: 14px; display: block; box-shadow: 0 2px 10px #0003 }}
figcaption {{ padding-top: 8px; text-align: center }}
"""


class ContactSheet:
    """Collects pictures, and makes one of them."""

    def __init__(self) -> None:
        self._pictures: list[tuple[str, bytes]] = []

    def add(self, name: str, png: bytes) -> None:
        self._pictures.append((name, png))

    def save(self, browser: Browser, file: Path) -> None:
        """Write the sheet; its folder is made."""
        figures = "".join(
            f'<figure><img src="data:image/png;base64,{base64.b64encode(png).decode()}">'
            f"<figcaption>{escape(name)}</figcaption></figure>"
            for name, png in self._pictures
        )
        page = browser.new_page(viewport={"width": COLUMNS * (SHOWN_WIDTH + 24) + 24, "height": 800})
        page.set_content(f"<style>{STYLE}</style>{figures}")
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, full_page=True)
        page.close()
