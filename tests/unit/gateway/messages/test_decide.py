"""Whether a letter to a customer is sent: all kinds in all states, and who is not written to."""

from dataclasses import replace
from itertools import product

import msgspec
import pytest

from gateway.domain.message import Consent, MessageKind
from gateway.domain.stop import Execution, Outcome, Teller
from gateway.execution.view import TapShown
from gateway.messages.decide import ASK_AGAIN_MS, UNDO_MS, Dropped, Held, Reason, Sent, decide
from gateway.messages.quiet import parse_quiet
from gateway.messages.recipient import Recipient
from tests.fixtures.messages import ANN, EMAIL, PHONE, a_case, eta_at, some_rules, true_stop
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route

K, E, O, R = MessageKind, Execution, Outcome, Reason  # noqa: E741 - the table is read in columns
BEFORE = (K.ON_THE_WAY, K.NEXT, K.ARRIVING, K.NEW_ETA)
SENT = Sent(PHONE, "+358401234567")


def outcome_of(case, rules=None, now=START):
    decision = decide(case, rules or some_rules(), now)
    return "sent" if isinstance(decision, Sent) else decision.reason


@pytest.mark.parametrize("kind", K)
def test_what_is_true_and_wanted_is_sent(kind):
    assert decide(a_case(kind), some_rules(), START) == SENT


# What becomes of each kind when the stop stands so: (execution, outcome, phase).
TABLE = {
    (E.PENDING, O.NONE, "under_way"): ("sent", R.PUT_OFF, "sent", "sent", R.UNDO, R.UNDO),
    (E.EN_ROUTE, O.NONE, "under_way"): (R.SUPERSEDED, "sent", "sent", "sent", R.UNDO, R.UNDO),
    (E.ARRIVED, O.NONE, "under_way"): (R.SUPERSEDED, R.SUPERSEDED, R.SUPERSEDED, R.STOP_OVER, R.UNDO, R.UNDO),
    (E.DEPARTED, O.NONE, "under_way"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.UNDO, R.UNDO),
    (E.SKIPPED, O.NONE, "under_way"): (R.PUT_OFF, R.PUT_OFF, R.PUT_OFF, R.PUT_OFF, R.UNDO, R.UNDO),
    (E.CANCELLED, O.NONE, "under_way"): (R.WITHDRAWN, R.WITHDRAWN, R.WITHDRAWN, R.WITHDRAWN, R.UNDO, R.UNDO),
    (E.PENDING, O.NONE, "withdrawn"): (R.WITHDRAWN, R.WITHDRAWN, R.WITHDRAWN, R.WITHDRAWN, R.UNDO, R.UNDO),
    (E.PENDING, O.NONE, "finished"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.UNDO, R.UNDO),
    (E.PENDING, O.SUCCEEDED, "under_way"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, "sent", R.SUPERSEDED),
    (E.ARRIVED, O.SUCCEEDED, "under_way"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, "sent", R.SUPERSEDED),
    (E.DEPARTED, O.FAILED, "under_way"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.SUPERSEDED, "sent"),
    (E.DEPARTED, O.FAILED, "finished"): (R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.STOP_OVER, R.SUPERSEDED, "sent"),
}


@pytest.mark.parametrize("state", TABLE, ids=str)
def test_each_kind_in_each_state(state):
    execution, outcome, phase = state
    found = tuple(
        outcome_of(a_case(kind, route=a_route(phase=phase), stop=true_stop(kind, execution=execution, outcome=outcome)))
        for kind in K
    )
    assert found == TABLE[state]


@pytest.mark.parametrize("kind", K)
def test_a_letter_goes_to_its_own_order_alone(kind):
    case = a_case(kind)
    assert outcome_of(replace(case, about=replace_order(case, "FORMER"))) == R.OTHER_ORDER
    assert outcome_of(replace(case, about=replace_order(case, case.stop.order))) == "sent"


def replace_order(case, order):
    return msgspec.structs.replace(case.about, order=order)


def test_movement_alone_never_says_delivered():
    for execution, kind in product(E, (K.DELIVERED, K.FAILED)):
        case = a_case(kind, stop=true_stop(kind, execution=execution, outcome=O.NONE))
        assert not isinstance(decide(case, some_rules(), START), Sent)


def test_next_gives_way_to_arriving_when_that_is_due():
    near = true_stop(K.NEXT, eta=eta_at(START + 10 * MINUTE))
    assert outcome_of(a_case(K.NEXT, stop=near)) is R.SUPERSEDED
    assert outcome_of(a_case(K.NEXT, stop=near), some_rules(kinds=frozenset(K) - {K.ARRIVING})) == "sent"
    assert outcome_of(a_case(K.NEXT, stop=true_stop(K.NEXT, eta=eta_at(START + 10 * MINUTE + 1)))) == "sent"


def test_on_the_way_says_nothing_more_to_who_is_next_unless_next_is_off():
    stop = true_stop(K.NEXT)
    assert outcome_of(a_case(K.ON_THE_WAY, stop=stop)) is R.SUPERSEDED
    assert outcome_of(a_case(K.ON_THE_WAY, stop=stop), some_rules(kinds={K.ON_THE_WAY})) == "sent"


def test_where_doors_are_close_together_arriving_comes_before_next_and_says_it_all():
    near = {"execution": E.PENDING, "eta": eta_at(START + 9 * MINUTE)}
    assert outcome_of(a_case(K.ARRIVING, stop=true_stop(K.ARRIVING, **near))) == "sent"
    for kind in (K.ON_THE_WAY, K.NEXT):
        assert outcome_of(a_case(kind, stop=true_stop(kind, **near))) is R.SUPERSEDED


@pytest.mark.parametrize(
    ("expected_min", "found"), [(119, R.SUPERSEDED), (121, "sent"), (150, "sent"), (151, R.SUPERSEDED)]
)
def test_a_new_time_is_told_as_long_as_it_is_that_far_outside(expected_min, found):
    stop = true_stop(K.NEW_ETA, eta=eta_at(START + expected_min * MINUTE))
    assert outcome_of(a_case(K.NEW_ETA, stop=stop)) == found


@pytest.mark.parametrize(
    ("changes", "rules", "reason"),
    [
        ({}, {"kinds": frozenset()}, R.KIND_OFF),
        ({"stop": None}, {}, R.UNKNOWN_STOP),
        ({"route": None, "stop": None}, {}, R.UNKNOWN_STOP),
        ({"recipient": Recipient()}, {"consent": Consent.ASSUMED}, R.NOBODY),
        ({"recipient": Recipient(notify=True)}, {}, R.NOBODY),
        ({"recipient": ANN._replace(notify=None)}, {}, R.NO_CONSENT),
        ({"recipient": ANN._replace(notify=False)}, {}, R.NO_CONSENT),
        ({"recipient": ANN._replace(notify=False)}, {"consent": Consent.ASSUMED}, R.NO_CONSENT),
        ({"opted_out": True}, {}, R.OPTED_OUT),
        ({"opted_out": True}, {"consent": Consent.ASSUMED}, R.OPTED_OUT),
        ({"recipient": ANN._replace(phone=None, email=None)}, {}, R.NO_CONTACT),
        ({"recipient": ANN._replace(phone="12", email=None)}, {}, R.NO_CONTACT),
        ({"recipient": ANN._replace(email=None)}, {"ways": (EMAIL,)}, R.NO_CONTACT),
    ],
)
@pytest.mark.parametrize("kind", K)
def test_who_is_not_written_to(kind, changes, rules, reason):
    assert decide(a_case(kind, **changes), some_rules(**rules), START) == Dropped(reason)


def test_who_has_not_said_no_is_written_to_where_consent_is_assumed():
    case = a_case(K.NEXT, recipient=ANN._replace(notify=None))
    assert decide(case, some_rules(consent=Consent.ASSUMED), START) == SENT


def test_the_first_channel_whose_contact_is_known_is_taken():
    assert decide(a_case(K.NEXT), some_rules(ways=(EMAIL, PHONE)), START) == Sent(EMAIL, "ann@example.org")
    case = a_case(K.NEXT, recipient=ANN._replace(phone=None))
    assert decide(case, some_rules(), START) == Sent(EMAIL, "ann@example.org")


@pytest.mark.parametrize("kind", K)
def test_what_is_too_late_is_dropped(kind):
    case = a_case(kind)
    for now, found in ((START + 1, R.EXPIRED), (START, R.EXPIRED)):
        assert outcome_of(replace(case, letter=case.letter._replace(expires=START)), now=now) is found


@pytest.mark.parametrize("kind", [K.DELIVERED, K.FAILED])
def test_an_outcome_waits_until_it_cannot_be_undone_any_more(kind):
    case = a_case(kind)
    fresh = replace(case, letter=case.letter._replace(time=START))
    assert decide(fresh, some_rules(), START) == Held(R.UNDO, START + UNDO_MS)
    assert decide(fresh, some_rules(), START + UNDO_MS) == SENT


@pytest.mark.parametrize("kind", [K.DELIVERED, K.FAILED])
def test_an_outcome_that_was_undone_is_told_only_when_it_is_said_again(kind):
    undone = a_case(kind, stop=true_stop(kind, outcome=O.NONE))
    assert decide(undone, some_rules(), START) == Held(R.UNDO, START + ASK_AGAIN_MS)
    late = replace(undone, letter=undone.letter._replace(expires=START))
    assert decide(late, some_rules(), START) == Dropped(R.EXPIRED)


@pytest.mark.parametrize("kind", [K.DELIVERED, K.FAILED])
def test_an_outcome_that_is_said_again_can_be_undone_again(kind):
    """The letter is of the first word; the one that stands came after it was taken back."""
    again = TapShown(time=START + 5 * MINUTE, by=Teller.DRIVER)
    case = a_case(kind, stop=true_stop(kind, tap=again))
    assert decide(case, some_rules(), again.time) == Held(R.UNDO, again.time + UNDO_MS)
    assert decide(case, some_rules(), again.time + UNDO_MS) == SENT


QUIET = parse_quiet("21:00-08:00")
NIGHT = START + 14 * 60 * MINUTE  # 22:00 in Helsinki
MORNING = START + 24 * 60 * MINUTE  # 08:00


@pytest.mark.parametrize("kind", sorted(set(K) - {K.ARRIVING}))
def test_in_quiet_hours_a_message_waits_for_the_morning(kind):
    case = a_case(kind)
    lasting = replace(case, letter=case.letter._replace(expires=MORNING + 1), stop=_moved(case.stop))
    assert decide(lasting, some_rules(quiet=QUIET), NIGHT) == Held(R.QUIET_HOURS, MORNING)


@pytest.mark.parametrize("kind", sorted(set(K) - {K.ARRIVING}))
def test_what_would_be_too_late_in_the_morning_is_dropped_at_once(kind):
    case = a_case(kind)
    ending = replace(case, letter=case.letter._replace(expires=MORNING), stop=_moved(case.stop))
    assert decide(ending, some_rules(quiet=QUIET), NIGHT) == Dropped(R.QUIET_HOURS)


def test_who_is_rung_out_of_bed_in_ten_minutes_is_told_before():
    case = a_case(K.ARRIVING, stop=true_stop(K.ARRIVING, eta=eta_at(NIGHT + 8 * MINUTE)))
    ending = replace(case, letter=case.letter._replace(expires=NIGHT + 10 * MINUTE))
    assert decide(ending, some_rules(quiet=QUIET), NIGHT) == SENT


def _moved(stop):
    """Return the stop with its times at night, too."""
    shift = NIGHT - START
    if stop.eta is not None:
        stop.eta = eta_at(stop.eta.p50 + shift)
    if stop.window_end is not None:
        stop.window_start, stop.window_end = stop.window_start + shift, stop.window_end + shift
    return stop
