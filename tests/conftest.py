"""Fixtures shared by all suites; one module a server under tests/fixtures."""

import importlib.util
from pathlib import Path

import pytest

pytest.register_assert_rewrite("tests.fixtures")

FIXTURES = Path(__file__).parent / "fixtures"

pytest_plugins = [f"tests.fixtures.{file.stem}" for file in sorted(FIXTURES.glob("*.py")) if file.stem != "__init__"]
assert importlib.util.find_spec("tests.fixtures"), "run pytest at the top of the checkout"

LONGEST = "test_pulled_plugs.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: of two processes none shall wait for the other's last test."""
    items.sort(key=lambda item: LONGEST not in item.nodeid)
