"""WCAG 2.2 AA, as far as a machine can tell: axe-core in the page."""

from typing import Any

from playwright.sync_api import Page

from tests.fixtures.require import ROOT, cannot_run

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
"""The one that is named is off by default: what is read aloud has to hold what can be seen (2.5.3)."""


def violations(page: Page) -> list[str]:
    """Return what of the page breaks a rule, and where."""
    if not AXE.exists():
        cannot_run("axe-core is not installed (npm ci in web/)")
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", RULES)
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]
