"""The printable page says whose positions the route followed, where it was not the tracker's all day."""

from dataclasses import replace

import pytest

from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.told import told
from gateway.ports import RecordFormat
from tests.fixtures.driven_day import DrivenDay, Van, corner, grid_plan

CORNERS = ((2, 1), (4, 1), (6, 1))


def page_of(*vans, plan=None, versions=None):
    """Return the page of a day that one van's sources, told one by one, reported."""
    points = {}
    for vehicle, van in vans:
        points.setdefault(vehicle, []).extend(van.points)
    day = DrivenDay(versions or [plan or grid_plan(CORNERS)], [], [], points)
    return b"".join(DOCUMENTS[RecordFormat.HTML](told(day.compute(), []))).decode()


def at(van, source):
    return Van(van.here, van.time, source=source)


def a_morning():
    """Return the tracker until it dies, the phone from then on, and the tracker when it is back."""
    tracker = Van().stand(120).drive(corner(*CORNERS[0])).stand(180)
    phone = at(tracker, "phone").drive(corner(*CORNERS[1])).stand(600)
    back = at(phone, "tracker").drive(corner(*CORNERS[2])).stand(180)
    return tracker, phone, back


def test_a_tracker_that_falls_silent_and_comes_back_is_told_in_one_line():
    page = page_of(*[("van-1", van) for van in a_morning()])
    [line] = [part.split("</p>")[0] for part in page.split('<p class="small">')[1:]]
    assert line == (
        "Position from the tracker since 08:00, from the driver&#x27;s phone since 08:09 (tracker silent), "
        "from the tracker since 08:18 (tracker heard)."
    )


def test_each_change_is_marked_on_the_day():
    page = page_of(*[("van-1", van) for van in a_morning()])
    assert page.count('<path class="lead" d="M') == 3, "two changes, and the key"
    assert "<title>position from the driver&#x27;s phone since 08:09 (tracker silent)</title>" in page


@pytest.mark.parametrize(("source", "says"), [("tracker", False), ("phone", True), ('<b>"', True)])
def test_one_source_all_day_is_told_only_if_it_is_not_the_first(source, says):
    page = page_of(("van-1", Van(source=source).stand(120).drive(corner(*CORNERS[0])).stand(180)))
    assert ("Position from" in page) is says
    assert '<path class="lead" d="M' not in page
    assert "<b>&quot;" not in page
    assert '<b>"' not in page


def test_another_vehicle_is_no_silent_tracker():
    plan = grid_plan(CORNERS)
    tracker, phone, _ = a_morning()
    other = replace(plan, version=2, issued=tracker.time + 1_000, vehicle="van-2")
    page = page_of(("van-1", tracker), ("van-2", phone), versions=[plan, other])
    assert "from the driver&#x27;s phone since 08:07 (another vehicle)" in page
