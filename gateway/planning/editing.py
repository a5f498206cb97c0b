"""What becomes of routes when a planner edits them. All edits of a request are made in their order, or none.

Whether a stop was served already is not known here: the plan says what shall be, the fold what was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from msgspec.structs import asdict
from msgspec.structs import replace as changed

from gateway.domain.route import MAX_STOPS, RouteKey, TimeWindow
from gateway.planning.draft import RouteDraft, StopDraft
from gateway.planning.drafting import Base, stop_of, window_of
from gateway.planning.edits import (
    MAX_EDITS,
    Add,
    Cancel,
    Edit,
    EditRefused,
    NewStop,
    Reassign,
    Refusal,
    Reorder,
    Replan,
    Withdraw,
)
from gateway.planning.findings import NOWHERE, Findings
from gateway.planning.limits import DRIVER
from gateway.planning.naming import Names, attempt_name
from gateway.planning.raw import RawStop
from gateway.planning.times import Day
from gateway.planning.values import Row
from wire.names import is_name

Drafts = dict[RouteKey, RouteDraft]


def other_routes(key: RouteKey, edits: Sequence[Edit]) -> list[RouteKey]:
    """Return the routes beside `key` that the edits touch."""
    named = {edit.route for edit in edits if isinstance(edit, Replan) and edit.route is not None}
    return sorted(RouteKey(key.fleet, route) for route in named - {key.route})


def edited(drafts: Mapping[RouteKey, RouteDraft], key: RouteKey, edits: Sequence[Edit]) -> Drafts:
    """Return the drafts after the edits of the route `key`; `drafts` holds `other_routes`, too, as far as known.

    Raises:
        EditRefused: one of the edits makes no sense.

    """
    if not 0 < len(edits) <= MAX_EDITS:
        raise EditRefused(Refusal.TOO_MANY_EDITS, f"{len(edits)} edits: give from 1 to {MAX_EDITS}")
    after = dict(drafts)
    for edit in edits:
        _refuse_withdrawn(after[key])
        _EDITS[type(edit)](after, key, edit)
    return after


def _reassign(drafts: Drafts, key: RouteKey, edit: Reassign) -> None:
    if not is_name(edit.vehicle):
        raise EditRefused(Refusal.NOT_A_NAME, f"{edit.vehicle!r} is no vehicle's name")
    findings = Findings()
    driver = Row({"driver": edit.driver}, NOWHERE, findings).text("driver", DRIVER)
    _refuse_faults(findings)
    drafts[key] = replace(drafts[key], vehicle=edit.vehicle, driver=driver)


def _reorder(drafts: Drafts, key: RouteKey, edit: Reorder) -> None:
    draft = drafts[key]
    stops = {stop.stop: stop for stop in draft.served}
    if len(edit.stops) != len(stops) or set(edit.stops) != stops.keys():
        missing = ", ".join(sorted(stops.keys() - set(edit.stops))[:5])
        strange = ", ".join(sorted(set(edit.stops) - stops.keys())[:5])
        detail = f"missing: {missing or 'none'}; not of the route, or cancelled: {strange or 'none'}"
        raise EditRefused(Refusal.NOT_A_PERMUTATION, f"name each stop that is served once ({detail})")
    cancelled = tuple(stop for stop in draft.stops if stop.cancelled)
    drafts[key] = replace(draft, stops=(*(stops[name] for name in edit.stops), *cancelled))


def _add(drafts: Drafts, key: RouteKey, edit: Add) -> None:
    drafts[key] = _with(drafts[key], _new_stop(drafts[key], edit.stop), edit.stop.after)


def _cancel(drafts: Drafts, key: RouteKey, edit: Cancel) -> None:
    draft = drafts[key]
    stop = _stop(draft, edit.stop)
    if stop.cancelled:
        raise EditRefused(Refusal.ALREADY_CANCELLED, f"stop {edit.stop!r} is cancelled already")
    if len(draft.served) == 1:
        raise EditRefused(Refusal.LAST_STOP, f"stop {edit.stop!r} is the last one: withdraw the route instead")
    stops = (replace(other, cancelled=True) if other is stop else other for other in draft.stops)
    drafts[key] = replace(draft, stops=tuple(stops))


def _replan(drafts: Drafts, key: RouteKey, edit: Replan) -> None:
    stop = _stop(drafts[key], edit.stop)
    target = key if edit.route is None else RouteKey(key.fleet, edit.route)
    if target not in drafts:
        raise EditRefused(Refusal.UNKNOWN_ROUTE, f"there is no route {edit.route!r}")
    draft = drafts[target]
    _refuse_withdrawn(draft)
    name = attempt_name(stop.stop, {other.stop for other in draft.stops} | {stop.stop})
    attempt = replace(
        stop,
        stop=name,
        details=changed(stop.details, stop=name),
        window=_attempt_window(draft, edit),
        arrival=None,
        cancelled=False,
    )
    drafts[target] = _with(draft, attempt, edit.after)


def _withdraw(drafts: Drafts, key: RouteKey, _: Withdraw) -> None:
    drafts[key] = replace(drafts[key], withdrawn=True)


_EDITS: Mapping[type, Callable[..., None]] = {
    Reassign: _reassign,
    Reorder: _reorder,
    Add: _add,
    Cancel: _cancel,
    Replan: _replan,
    Withdraw: _withdraw,
}


def _new_stop(draft: RouteDraft, new: NewStop) -> StopDraft:
    """Return the stop to add; its place may still have to be looked up."""
    findings = Findings()
    values = {field: value for field, value in asdict(new).items() if field != "after"}
    stop = stop_of(RawStop(NOWHERE, values), _base(draft), Names(), findings)
    _refuse_faults(findings)
    assert stop is not None, "a stop without faults has an order"
    if stop.stop in {other.stop for other in draft.stops}:
        raise EditRefused(
            Refusal.NAME_TAKEN, f"stop {stop.stop!r} is in the route already: replan it, or name the new one"
        )
    return stop


def _attempt_window(draft: RouteDraft, edit: Replan) -> TimeWindow | None:
    findings = Findings()
    values = {"window_start": edit.window_start, "window_end": edit.window_end}
    window = window_of(Row(values, NOWHERE, findings), _base(draft))
    _refuse_faults(findings)
    return window


def _with(draft: RouteDraft, stop: StopDraft, after: str | None) -> RouteDraft:
    """Return the draft with a stop more, behind `after` or at the end."""
    if len(draft.stops) >= MAX_STOPS:
        raise EditRefused(Refusal.TOO_MANY_STOPS, f"a route has at most {MAX_STOPS} stops")
    at = len(draft.stops) if after is None else draft.stops.index(_stop(draft, after)) + 1
    return replace(draft, stops=(*draft.stops[:at], stop, *draft.stops[at:]))


def _stop(draft: RouteDraft, name: str) -> StopDraft:
    found = next((stop for stop in draft.stops if stop.stop == name), None)
    if found is None:
        raise EditRefused(Refusal.UNKNOWN_STOP, f"route {draft.key.route!r} has no stop {name!r}")
    return found


def _base(draft: RouteDraft) -> Base:
    return Base(Day(date.fromisoformat(draft.date), ZoneInfo(draft.zone)), draft.start)


def _refuse_withdrawn(draft: RouteDraft) -> None:
    if draft.withdrawn:
        raise EditRefused(Refusal.WITHDRAWN, f"route {draft.key.route!r} is withdrawn: import it again")


def _refuse_faults(findings: Findings) -> None:
    if not findings.spotless:
        detail = "; ".join(f"{fault.field} {fault.problem}" for fault in findings.faults)
        raise EditRefused(Refusal.FAULTY_STOP, detail)
