"""What planners may do to routes, and what is refused with its reason."""

import msgspec
import pytest

from gateway.domain.route import MAX_STOPS, RouteKey
from gateway.planning.editing import edited, other_routes
from gateway.planning.edits import Add, Cancel, Edit, EditRefused, NewStop, Reassign, Refusal, Reorder, Replan, Withdraw
from gateway.planning.reading import read
from tests.fixtures.route_files import EIGHT, MINUTE_MS, json_file, route, stop

KEY, OTHER = RouteKey("main", "a"), RouteKey("main", "b")
PLACE = {"lat": 60.175, "lon": 24.95}


def drafts(*stops):
    reading = read(json_file(route(*stops, route="a"), route(stop(8), route="b")))
    assert reading.findings.faults == []
    return {draft.key: draft for draft in reading.drafts}


def names(draft):
    return [one.stop for one in draft.served]


def after(*edits, before=None):
    return edited(before or drafts(), KEY, edits)


def test_edits_are_read_by_their_kind():
    text = b"""[{"kind": "reassign", "vehicle": "v"}, {"kind": "reorder", "stops": []}, {"kind": "withdraw"},
        {"kind": "add", "stop": {"order": "X", "lat": 1, "lon": 2, "after": "A1"}}, {"kind": "cancel", "stop": "A"},
        {"kind": "replan", "stop": "A", "route": "b", "window_start": "17:00", "window_end": "18:00"}]"""
    kinds = [type(edit) for edit in msgspec.json.decode(text, type=list[Edit])]

    assert kinds == [Reassign, Reorder, Withdraw, Add, Cancel, Replan]
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'[{"kind": "cancel", "stop": "A", "stpo": 1}]', type=list[Edit])


def test_another_vehicle():
    draft = after(Reassign(vehicle="van-9", driver="Eero"))[KEY]

    assert (draft.vehicle, draft.driver) == ("van-9", "Eero")


def test_another_order_with_what_is_cancelled_behind():
    draft = after(Cancel(stop="A1"), Reorder(stops=["A3", "A2"]))[KEY]

    assert [(one.stop, one.cancelled) for one in draft.stops] == [("A3", False), ("A2", False), ("A1", True)]


def test_a_stop_more():
    new = NewStop(order="X", after="A1", window_start="09:00", window_end="10:00", service_s=60, recipient="R", **PLACE)
    draft = after(Add(stop=new))[KEY]

    assert names(draft) == ["A1", "X", "A2", "A3"]
    added = draft.stops[1]
    assert (added.place, added.service_ms, added.details.recipient) == ((60.175, 24.95), 60_000, "R")
    assert added.window == (EIGHT + 60 * MINUTE_MS, EIGHT + 120 * MINUTE_MS)


def test_a_stop_by_its_address_has_its_place_looked_up_later():
    draft = after(Add(stop=NewStop(order="X", address="Kaivokatu 1")))[KEY]

    assert draft.stops[-1].place is None


def test_a_second_and_a_third_attempt():
    first = after(Replan(stop="A1", window_start="17:00", window_end="18:00"))
    draft = after(Replan(stop="A1-2", after="A1"), before=first)[KEY]

    assert names(draft) == ["A1", "A1-3", "A2", "A3", "A1-2"]
    assert {one.order for one in draft.stops if one.stop.startswith("A1")} == {"A1"}
    again = draft.stops[-1]
    assert again.window == (EIGHT + 540 * MINUTE_MS, EIGHT + 600 * MINUTE_MS)
    assert (again.details.stop, again.details.order, again.place) == ("A1-2", "A1", draft.stops[0].place)


def test_a_second_attempt_in_another_route():
    edits = [Replan(stop="A1", route="b", after="A8")]
    found = after(*edits)

    assert other_routes(KEY, edits) == [OTHER]
    assert names(found[OTHER]) == ["A8", "A1-2"]
    assert found[KEY] == drafts()[KEY]


def test_an_attempt_at_a_stop_whose_order_ends_in_a_number():
    draft = after(Replan(stop="42-7"), before=drafts(stop(1, order="42-7")))[KEY]

    assert names(draft) == ["42-7", "42-7-2"]


def test_withdrawn_is_withdrawn():
    assert after(Withdraw())[KEY].withdrawn


@pytest.mark.parametrize(
    ("reason", "edits"),
    [
        (Refusal.TOO_MANY_EDITS, []),
        (Refusal.TOO_MANY_EDITS, [Withdraw()] * 101),
        (Refusal.WITHDRAWN, [Withdraw(), Cancel(stop="A1")]),
        (Refusal.NOT_A_NAME, [Reassign(vehicle="van 9")]),
        (Refusal.FAULTY_STOP, [Reassign(vehicle="v", driver="x" * 121)]),
        (Refusal.NOT_A_PERMUTATION, [Reorder(stops=["A1", "A2"])]),
        (Refusal.NOT_A_PERMUTATION, [Reorder(stops=["A1", "A2", "A2"])]),
        (Refusal.NOT_A_PERMUTATION, [Reorder(stops=["A1", "A2", "A3", "A9"])]),
        (Refusal.NOT_A_PERMUTATION, [Cancel(stop="A1"), Reorder(stops=["A1", "A2", "A3"])]),
        (Refusal.UNKNOWN_STOP, [Cancel(stop="A9")]),
        (Refusal.ALREADY_CANCELLED, [Cancel(stop="A1"), Cancel(stop="A1")]),
        (Refusal.LAST_STOP, [Cancel(stop="A1"), Cancel(stop="A2"), Cancel(stop="A3")]),
        (Refusal.UNKNOWN_STOP, [Replan(stop="A9")]),
        (Refusal.UNKNOWN_STOP, [Replan(stop="A1", after="A9")]),
        (Refusal.UNKNOWN_ROUTE, [Replan(stop="A1", route="z")]),
        (Refusal.FAULTY_STOP, [Replan(stop="A1", window_start="17:00")]),
        (Refusal.FAULTY_STOP, [Add(stop=NewStop(order="X"))]),
        (Refusal.FAULTY_STOP, [Add(stop=NewStop(order="", **PLACE))]),
        (Refusal.FAULTY_STOP, [Add(stop=NewStop(order="X", stop="a b", **PLACE))]),
        (Refusal.FAULTY_STOP, [Add(stop=NewStop(order="X", lat=91, lon=0))]),
        (Refusal.NAME_TAKEN, [Add(stop=NewStop(order="A1", **PLACE))]),
        (Refusal.UNKNOWN_STOP, [Add(stop=NewStop(order="X", after="A9", **PLACE))]),
    ],
)
def test_an_edit_that_makes_no_sense_is_refused_by_name(reason, edits):
    with pytest.raises(EditRefused) as refused:
        after(*edits)
    assert refused.value.reason is reason
    assert str(refused.value)


def test_a_full_route_takes_no_stop_more():
    full = drafts(*(stop(number) for number in range(MAX_STOPS)))

    with pytest.raises(EditRefused) as refused:
        after(Add(stop=NewStop(order="X", **PLACE)), before=full)
    assert refused.value.reason is Refusal.TOO_MANY_STOPS
