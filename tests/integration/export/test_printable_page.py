"""The printable page in a real browser: drawn as it is meant, at any width, on paper; it asks nobody for anything."""

import re

import pytest

from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.told import told
from gateway.ports import RecordFormat
from tests.fixtures.driven_day import driven_day

pytestmark = pytest.mark.heavy


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    day = driven_day()
    file = tmp_path_factory.mktemp("page") / "record.html"
    file.write_bytes(b"".join(DOCUMENTS[RecordFormat.HTML](told(day.compute(), day.details))))
    return file.as_uri()


@pytest.fixture
def opened(open_page, address):
    def open_one(**options):
        watched = open_page(**options)
        asked = []
        watched.page.on("request", lambda request: asked.append(request.url))
        watched.page.goto(address)
        assert asked == [address], "it asks for nothing but itself"
        return watched

    return open_one


def test_its_own_policy_lets_its_style_in(opened):
    watched = opened()
    assert watched.page.evaluate("getComputedStyle(document.querySelector('.driven')).fill") == "none"
    assert watched.troubles == []


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_nothing_sticks_out_at_any_width(opened, width):
    watched = opened(width=width, height=800)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    assert watched.troubles == []


def test_numbers_on_the_map_do_not_cover_each_other(opened):
    boxes = opened().page.evaluate(
        "[...document.querySelectorAll('#map .badge')].map(b => (r => [r.x + r.width / 2, r.y + r.height / 2, r.width])"
        "(b.getBoundingClientRect()))"
    )
    assert len(boxes) == 12
    for index, (x, y, width) in enumerate(boxes):
        for other_x, other_y, _ in boxes[:index]:
            assert (x - other_x) ** 2 + (y - other_y) ** 2 >= (0.85 * width) ** 2


def test_it_prints_on_a4(opened):
    paper = opened().page.pdf(prefer_css_page_size=True)
    sizes = {tuple(map(float, box)) for box in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)}
    assert sizes
    for width, height in sizes:
        assert (width, height) == (pytest.approx(595, abs=1.5), pytest.approx(842, abs=1.5))


def test_a_tile_leads_to_its_evidence(opened):
    page = opened().page
    targets = page.evaluate("[...document.querySelectorAll('a.tile')].map(tile => tile.getAttribute('href'))")
    known = page.evaluate("[...document.querySelectorAll('[id]')].map(part => '#' + part.id)")
    assert set(targets) - {"#deviations"} <= set(known)
