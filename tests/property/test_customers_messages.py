"""Laws of messages: each once however events repeat, and no name, place or reference in any."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.events import EventKind, RouteEvent, StoredEvent
from gateway.domain.message import Contact, MessageKind
from gateway.domain.route import LegSource, RouteKey
from gateway.domain.stop import Execution, FailureReason, LeftWith, Outcome
from gateway.execution.view import RouteDetail
from gateway.links.words import Language
from gateway.messages.about import decode_about
from gateway.messages.decide import Sent, decide
from gateway.messages.drafts import drafts_of
from gateway.messages.promise import LATE_STEPS_MS
from gateway.messages.recipient import Recipient
from gateway.messages.write import Telling, write
from tests.fixtures.messages import a_case, eta_at, letter_about, some_rules
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route, a_stop

KEY = RouteKey("main", "r1")
STOPS = ("s1", "s2", "s3")
MOST_NEW_ETAS = len(LATE_STEPS_MS) + 1

times = st.integers(START - 600 * MINUTE, START + 900 * MINUTE)
shown_stops = st.builds(
    lambda stop, eta, window, execution, outcome, left_with, failure: a_stop(
        stop=stop, eta=eta_at(eta), window_start=window, window_end=window + 120 * MINUTE, execution=execution,
        outcome=outcome, left_with=left_with, failure=failure,
    ),
    st.sampled_from(STOPS), times, times, st.sampled_from(Execution), st.sampled_from(Outcome),
    st.none() | st.sampled_from(LeftWith), st.none() | st.sampled_from(FailureReason),
)  # fmt: skip
events = st.builds(
    lambda kind, stop, time, episode: _stored(RouteEvent(KEY, kind, time, stop, episode=episode)),
    st.sampled_from(EventKind), st.sampled_from(STOPS), times, st.integers(0, 50),
)  # fmt: skip


def _stored(event):
    return StoredEvent(event.id, event.key, event.kind, event.time, event.time, event.stop, None)


def _detail(stops):
    route = a_route()
    return RouteDetail(route=route, stops=stops, leg_source=LegSource.GIVEN, episodes=[], gaps=[], halts=[])


@given(st.lists(st.tuples(events, st.lists(shown_stops, max_size=3, unique_by=lambda stop: stop.stop)), max_size=60))
def test_each_stop_gets_at_most_one_letter_of_a_kind(happened):
    kept = {}
    for event, stops in happened:
        for draft in drafts_of(event, _detail(stops), MessageKind):
            kept.setdefault(draft.id, decode_about(draft.data))
    counted = [(about.stop, about.kind) for about in kept.values()]
    for stop, kind in set(counted):
        assert counted.count((stop, kind)) <= (MOST_NEW_ETAS if kind is MessageKind.NEW_ETA else 1)


@given(events, shown_stops)
def test_an_event_told_again_makes_the_same_letters(event, stop):
    assert drafts_of(event, _detail([stop]), MessageKind) == drafts_of(event, _detail([stop]), MessageKind)


@given(st.sampled_from(MessageKind), shown_stops, times, times)
def test_what_is_decided_is_sent_held_for_later_or_dropped_with_a_reason(kind, stop, said, now):
    case = a_case(kind, stop=stop)
    decision = decide(replace(case, letter=letter_about(case.about, time=said)), some_rules(), now)
    if isinstance(decision, Sent):
        assert kind not in {MessageKind.DELIVERED, MessageKind.FAILED} or stop.outcome is not Outcome.NONE
    elif hasattr(decision, "until"):
        assert decision.until > now
    else:
        assert decision.reason


@given(st.sampled_from(MessageKind), st.sampled_from(Language), st.sampled_from(Contact), shown_stops)
def test_no_text_holds_a_name_a_place_or_a_reference(kind, language, contact, own):
    """Not even the recipient's own: a message may be read by whoever has the phone."""
    own.order, own.stop, own.lat, own.lon = "ORDER-77", "STOP-77", 61.777, 25.777
    message = write(Telling(kind, own, "Europe/Helsinki", START, "Acme", "https://x/t/own"), language, contact)
    for secret in ("ORDER-77", "STOP-77", "61.777", "25.777"):
        assert secret not in message.title + message.text


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_in_a_plan_reaches_nobody_or_one(phone, email):
    decision = decide(
        a_case(MessageKind.NEXT, recipient=Recipient("R", phone, email, notify=True)), some_rules(), START
    )
    if isinstance(decision, Sent):
        assert not {",", ";", "\n", "\r", " ", "<"} & set(decision.to)
