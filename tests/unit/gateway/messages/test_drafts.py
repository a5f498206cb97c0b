"""From events to letters: which, keyed by what, and until when."""

import msgspec
import pytest

from gateway.domain.estimate import Estimate, EtaReason
from gateway.domain.events import EventKind, Facts, RouteEvent, StopFacts, StoredEvent
from gateway.domain.letter import CUSTOMERS, letter_id
from gateway.domain.message import MessageKind
from gateway.domain.route import LegSource, RouteKey, TimeWindow
from gateway.domain.stop import Execution, Outcome
from gateway.execution.view import RouteDetail
from gateway.messages.about import About, decode_about
from gateway.messages.drafts import drafts_of
from gateway.messages.promise import EARLY, LATE_STEPS_MS, step_of
from tests.fixtures.messages import eta_at
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route, a_stop

KEY = RouteKey("main", "r1")
HOUR = 60 * MINUTE
MIDNIGHT = START + 16 * HOUR
"""The route starts at 08:00."""

WINDOW = TimeWindow(START, START + HOUR)


def event(kind, stop=None, time=START, facts=None, episode=0):
    told = RouteEvent(KEY, kind, time, stop, episode=episode)
    return StoredEvent(told.id, KEY, kind, time, time, stop, None, facts)


def detail(*stops):
    return RouteDetail(
        route=a_route(), stops=list(stops or [a_stop()]), leg_source=LegSource.GIVEN, episodes=[], gaps=[], halts=[]
    )


def kinds_of(drafts):
    return [(decode_about(draft.data).stop, decode_about(draft.data).kind) for draft in drafts]


def test_the_start_is_told_to_each_stop_that_is_left():
    stops = [a_stop(stop="done", outcome=Outcome.SUCCEEDED), a_stop(stop="gone", execution=Execution.DEPARTED),
             a_stop(stop="off", execution=Execution.CANCELLED), a_stop(stop="a"),
             a_stop(stop="b", execution=Execution.EN_ROUTE)]  # fmt: skip
    drafts = drafts_of(event(EventKind.ROUTE_STARTED), detail(*stops), MessageKind)
    assert kinds_of(drafts) == [("a", MessageKind.ON_THE_WAY), ("b", MessageKind.ON_THE_WAY)]
    assert {draft.expires for draft in drafts} == {START + 4 * HOUR}


@pytest.mark.parametrize(
    ("happened", "kind", "expires"),
    [
        (EventKind.STOP_EN_ROUTE, MessageKind.NEXT, START + 30 * MINUTE),
        (EventKind.STOP_APPROACHING, MessageKind.ARRIVING, START + 10 * MINUTE),
        (EventKind.STOP_SUCCEEDED, MessageKind.DELIVERED, MIDNIGHT),
        (EventKind.STOP_FAILED, MessageKind.FAILED, MIDNIGHT),
    ],
)
def test_what_happens_at_a_stop_is_told_there(happened, kind, expires):
    (draft,) = drafts_of(event(happened, "s1"), detail(), MessageKind)
    assert (draft.endpoint, draft.lane, draft.time) == (CUSTOMERS, f"main/r1/s1/{kind}", START)
    assert (draft.id, draft.expires) == (letter_id(CUSTOMERS, "main", "r1", "s1", kind), expires)
    assert decode_about(draft.data) == About("main", "r1", "s1", kind, order="ORD-1")


def test_a_letter_holds_a_stop_a_kind_and_no_person():
    (draft,) = drafts_of(event(EventKind.STOP_EN_ROUTE, "s1"), detail(), MessageKind)
    said = {"fleet": "main", "route": "r1", "stop": "s1", "kind": "next", "order": "ORD-1"}
    assert msgspec.json.decode(draft.data) == said


def test_the_order_is_the_one_that_the_stop_was_of_when_it_happened():
    facts = facts_of(START)
    former = facts._replace(stop=facts.stop._replace(order="FORMER"))
    (draft,) = drafts_of(event(EventKind.STOP_SUCCEEDED, "s1", facts=former), detail(), MessageKind)
    assert decode_about(draft.data).order == "FORMER"
    (draft,) = drafts_of(event(EventKind.STOP_SUCCEEDED, "s1"), None, MessageKind)
    assert decode_about(draft.data).order is None


def test_what_is_said_in_the_evening_is_told_in_the_morning():
    (draft,) = drafts_of(event(EventKind.STOP_FAILED, "s1", START + 13 * HOUR), detail(), MessageKind)
    assert draft.expires == START + 27 * HOUR


@pytest.mark.parametrize("happened", sorted(set(EventKind) - {
    EventKind.ROUTE_STARTED, EventKind.STOP_EN_ROUTE, EventKind.STOP_APPROACHING, EventKind.STOP_ETA_UPDATED,
    EventKind.STOP_SUCCEEDED, EventKind.STOP_FAILED}))  # fmt: skip
def test_nothing_else_is_told_not_even_that_the_van_has_left(happened):
    assert drafts_of(event(happened, "s1"), detail(), MessageKind) == []


def test_kinds_that_nobody_wants_make_no_letters():
    assert drafts_of(event(EventKind.STOP_EN_ROUTE, "s1"), detail(), {MessageKind.DELIVERED}) == []


def facts_of(expected, window=WINDOW):
    eta = Estimate(expected, expected, expected, START, EtaReason.TRAFFIC)
    stop = StopFacts("o", 1, START, window=window, eta=eta)
    return Facts(1, "van", "2026-11-24", "Europe/Helsinki", START, START, 1, 1, 0, 0, stop=stop)


def new_eta(expected, window=WINDOW, episode=0):
    told = event(EventKind.STOP_ETA_UPDATED, "s1", facts=facts_of(expected, window), episode=episode)
    return drafts_of(told, detail(), MessageKind)


def test_a_new_time_within_the_promised_window_is_no_news():
    assert new_eta(START) == new_eta(START + HOUR) == []
    assert new_eta(START + HOUR, window=None) == []


def test_a_new_time_outside_of_it_is_told_once_a_step():
    lates = (1, 30 * MINUTE, 30 * MINUTE + 1, 29 * MINUTE, 500 * MINUTE, 900 * MINUTE)
    ids = [[draft.id for draft in new_eta(WINDOW.end + late, episode=at)] for at, late in enumerate(lates)]
    assert ids[0] == ids[1] == ids[3] != ids[2]
    assert ids[4] == ids[5] != ids[2]
    assert new_eta(START - 1)[0].expires == MIDNIGHT


def test_a_stop_hears_of_few_new_times_however_late_it_gets():
    ids = {draft.id for late in range(-90, 1500) for draft in new_eta(WINDOW.end + late * MINUTE)}
    assert len(ids) == len(LATE_STEPS_MS) + 1


def test_without_the_facts_of_the_moment_those_of_now_count():
    stop = a_stop(eta=eta_at(WINDOW.end + MINUTE), window_start=WINDOW.start, window_end=WINDOW.end)
    (draft,) = drafts_of(event(EventKind.STOP_ETA_UPDATED, "s1"), detail(stop), MessageKind)
    assert decode_about(draft.data).step == 0
    assert drafts_of(event(EventKind.STOP_ETA_UPDATED, "other"), detail(stop), MessageKind) == []


@pytest.mark.parametrize(
    ("late_min", "step"), [(-61, EARLY), (-60, None), (0, None), (1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (121, 3)]
)
def test_steps(late_min, step):
    assert step_of(WINDOW.end + late_min * MINUTE, WINDOW, WINDOW.end) == step


def test_a_van_that_is_planned_to_wait_for_the_window_is_not_early():
    planned = WINDOW.start - 10 * MINUTE
    assert step_of(planned, WINDOW, planned) is None
    assert step_of(planned - 1, WINDOW, planned) == EARLY


def test_of_a_route_that_is_not_followed_any_more_only_words_are_told():
    told = event(EventKind.STOP_FAILED, "s1", facts=facts_of(START))
    assert kinds_of(drafts_of(told, None, MessageKind)) == [("s1", MessageKind.FAILED)]
    for kind in (EventKind.ROUTE_STARTED, EventKind.STOP_ETA_UPDATED):
        assert drafts_of(event(kind, "s1", facts=facts_of(START + 5 * HOUR)), None, MessageKind) == []


def test_data_that_is_none_of_ours_is_about_nothing():
    assert decode_about(b"{}") is decode_about(b"x") is None


def test_what_waits_holds_up_none_of_another_kind():
    """`on_the_way` may wait for the morning; `arriving` must not wait behind it."""
    happened = (EventKind.ROUTE_STARTED, EventKind.STOP_EN_ROUTE, EventKind.STOP_APPROACHING, EventKind.STOP_SUCCEEDED)
    drafts = [draft for kind in happened for draft in drafts_of(event(kind, "s1"), detail(), MessageKind)]
    assert len({draft.lane for draft in drafts}) == len(happened)
