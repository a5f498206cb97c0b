"""A tracker and a phone in one van, as timelines: whom the route follows, and since when."""

from dataclasses import replace

import pytest

from gateway.execution.leading import LEADS_FOR_MS, MAX_LEADS, MAX_SOURCES, leading, takes_lead
from gateway.execution.state import Lead, RouteState
from tests.fixtures.told_day import Timeline, row, stored_and_read, streets

PLAN = streets(*row(5, 4))
PHONE_FIRST = ("phone", "tracker")
SILENT_S = LEADS_FOR_MS // 1000


class Van(Timeline):
    """A van whose phone and tracker both report, 2 s apart, unless one of them is off."""

    def __init__(self, plan=PLAN, on=("tracker", "phone")):
        super().__init__(plan)
        self.on = on

    def _reports(self, place, speed):
        time = self.time
        for late, source in enumerate(("tracker", "phone")):
            if source in self.on:
                self.source, self.time = source, time + late * 2000
                super()._reports(place, speed)
        self.time = time

    def leads(self):
        return [lead.source for lead in self.state.leads]


def shown(day):
    return [(lead.source, lead.since) for lead in day.detail().leads]


def test_of_tracker_and_phone_at_once_the_tracker_is_followed_all_day():
    day = Van().stands(60).serves("s1", "s2", "s3")
    alone = Van(on=("tracker",)).stands(60).serves("s1", "s2", "s3")
    assert day.leads() == ["tracker"]
    assert day.line().source == "tracker"
    assert day.events == alone.events
    assert day.state.driven_m == alone.state.driven_m


def test_a_tracker_that_dies_in_the_middle_gives_the_lead_to_the_phone_and_takes_it_back():
    day = Van().stands(60).serves("s1")
    day.on = ("phone",)
    died = day.time
    day.serves("s2")
    assert day.line().source == "phone"
    _, (source, since) = shown(day)
    assert source == "phone"
    assert LEADS_FOR_MS < since - died <= LEADS_FOR_MS + 2 * day.every_s * 1000
    day.on = ("tracker", "phone")
    back = day.time
    day.drives_to("s3")
    assert day.leads() == ["tracker", "phone", "tracker"]
    assert back < shown(day)[-1][1] <= back + 2 * day.every_s * 1000
    assert list(day.arrivals()) == ["s1", "s2"]


def test_a_phone_that_is_there_first_is_followed_until_the_tracker_speaks():
    day = Van(on=("phone",)).stands(60)
    assert day.line().source == "phone"
    day.on = ("tracker", "phone")
    day.serves("s1")
    assert day.leads() == ["phone", "tracker"]


def test_the_plan_says_who_comes_first():
    day = Van(replace(PLAN, sources=PHONE_FIRST)).stands(60).serves("s1")
    assert day.leads() == ["tracker", "phone"]  # the tracker's first fix came two seconds before the phone's
    day.on = ("tracker",)
    day.stands(SILENT_S + 30)
    assert day.leads() == ["tracker", "phone", "tracker"]


def test_a_version_with_another_order_changes_the_lead_from_its_next_fix():
    day = Van().stands(60)
    day.replanned(sources=PHONE_FIRST)
    day.stands(60)
    assert day.leads() == ["tracker", "phone"]


def test_the_lead_of_another_vehicle_is_a_new_one():
    day = Van(on=("tracker",)).stands(60)
    day.replanned(vehicle="van-2")
    assert day.line().source is None
    day.stands(30)
    assert day.leads() == ["tracker", "tracker"]


def test_a_vehicle_that_was_not_heard_is_led_by_nobody():
    line = Timeline(PLAN).line()
    assert line.source is None
    assert leading(RouteState(1)) is None


def test_leads_outlive_a_restart():
    day = Van(on=("phone",)).stands(60)
    assert stored_and_read(day.state).leads == day.state.leads != []


def test_what_an_older_version_stored_has_a_lead_again_with_the_next_fix():
    state = RouteState(1, heard={"tracker": 5})
    assert leading(state) is None
    assert takes_lead(PLAN.sources, state, "tracker", 10)
    assert state.leads == [Lead(10, "tracker")]


def test_sources_that_are_not_listed_come_behind_by_name():
    state = RouteState(1)
    order = [("zulu", 0, True), ("alpha", 1, True), ("zulu", 2, False), ("phone", 3, True), ("tracker", 4, True)]
    for source, time, taken in order:
        assert takes_lead(PLAN.sources, state, source, time) is taken
    assert not takes_lead(PLAN.sources, state, "phone", 4 + LEADS_FOR_MS)
    assert takes_lead(PLAN.sources, state, "phone", 5 + LEADS_FOR_MS)


@pytest.mark.parametrize("sources", [(), ("phone",)])
def test_a_list_that_names_few_or_none_is_an_order_all_the_same(sources):
    state = RouteState(1)
    assert takes_lead(sources, state, "tracker", 0)
    assert takes_lead(sources, state, "phone", 1)
    assert not takes_lead(sources, state, "tracker", 2)


def test_sources_and_leads_are_bounded():
    state = RouteState(1)
    for number in range(3 * MAX_LEADS):
        takes_lead((), state, f"phone-{number}", number * (LEADS_FOR_MS + 1))
    assert len(state.heard) == MAX_SOURCES
    assert len(state.leads) == MAX_LEADS
    assert leading(state) == f"phone-{3 * MAX_LEADS - 1}"
