"""From a stored event to what the world is told of it: nothing, one public event, or two.

| event | told as |
|---|---|
| route.dispatched, route.started, route.completed | the same |
| route.finished | route.returned |
| stop.en_route | stop.en_route, and the first time stop.next |
| stop.arrived, stop.skipped, stop.approaching, stop.eta_updated, stop.delayed | the same |
| stop.departed | stop.completed, unconfirmed, if nothing was said |
| stop.succeeded, stop.failed | stop.completed, confirmed; stop.failed |
| stop.reopened | stop.completed, unconfirmed, if the vehicle has left; else nothing until the next word |
| route.deviation_began, window at risk | stop.at_risk |
| route.deviation_began, route.deviation_ended of other kinds | route.deviated, unless another event says it |
| vehicle.silent, vehicle.resumed | the same |

The rest (route.changed, route.reopened, stop.resumed, stop.cancelled) is the gateway's own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from gateway.domain.events import DeviationKind, EventKind, Facts, StopFacts, StoredEvent
from gateway.domain.stop import Outcome
from gateway.publishing.data import DATA, Data, DeviationStatus, EtaWindow, StopData, Window
from gateway.publishing.kinds import PublicKind

TOLD_OTHERWISE = frozenset({DeviationKind.WINDOW_AT_RISK, DeviationKind.STOP_SKIPPED, DeviationKind.TRACKER_SILENT})
"""Deviations that stop.at_risk, stop.skipped and vehicle.silent tell."""


class Published(NamedTuple):
    """A public event: its name and what it carries."""

    kind: PublicKind
    data: Data


def published(event: StoredEvent) -> list[Published]:
    """Return what the world is told of an event; nothing of one whose facts are not kept (any more)."""
    if event.facts is None:
        return []
    values = _values(event, event.facts)
    told = [each for each in _told(event, event.facts) if not is_of_stop(each[0]) or event.facts.stop is not None]
    return [Published(kind, _filled(DATA[kind], {**values, **more})) for kind, more in told]


def is_of_stop(kind: PublicKind) -> bool:
    """Whether a public event is about one stop; the others are about the route or its vehicle."""
    return issubclass(DATA[kind], StopData)


_Told = Sequence[tuple[PublicKind, Mapping[str, Any]]]
_K = PublicKind

_AS_IT_IS: Mapping[str, PublicKind] = {
    EventKind.ROUTE_DISPATCHED: _K.ROUTE_DISPATCHED,
    EventKind.ROUTE_STARTED: _K.ROUTE_STARTED,
    EventKind.ROUTE_COMPLETED: _K.ROUTE_COMPLETED,
    EventKind.ROUTE_FINISHED: _K.ROUTE_RETURNED,
    EventKind.STOP_APPROACHING: _K.STOP_APPROACHING,
    EventKind.STOP_ARRIVED: _K.STOP_ARRIVED,
    EventKind.STOP_FAILED: _K.STOP_FAILED,
    EventKind.STOP_SKIPPED: _K.STOP_SKIPPED,
    EventKind.STOP_ETA_UPDATED: _K.STOP_ETA_UPDATED,
    EventKind.STOP_DELAYED: _K.STOP_DELAYED,
    EventKind.VEHICLE_SILENT: _K.VEHICLE_SILENT,
    EventKind.VEHICLE_RESUMED: _K.VEHICLE_RESUMED,
}


def _told(event: StoredEvent, facts: Facts) -> _Told:
    if event.kind in _AS_IT_IS:
        return ((_AS_IT_IS[event.kind], {}),)
    told = _BY_ITS_FACTS.get(event.kind)
    return () if told is None else told(event, facts)


def _en_route(_event: StoredEvent, facts: Facts) -> _Told:
    on_the_way: _Told = ((_K.STOP_EN_ROUTE, {}),)
    return (*on_the_way, (_K.STOP_NEXT, {})) if facts.episode == 0 else on_the_way


def _succeeded(_event: StoredEvent, _facts: Facts) -> _Told:
    return ((_K.STOP_COMPLETED, {"confirmed": True}),)


def _left(_event: StoredEvent, facts: Facts) -> _Told:
    """Tell that a stop was left: completed as far as one knows, unless somebody has said what became of it."""
    wordless = facts.stop is not None and facts.stop.outcome is Outcome.NONE and facts.stop.departed is not None
    return ((_K.STOP_COMPLETED, {"confirmed": False}),) if wordless else ()


def _began(event: StoredEvent, _facts: Facts) -> _Told:
    if event.deviation == DeviationKind.WINDOW_AT_RISK:
        return ((_K.STOP_AT_RISK, {}),)
    return _deviated(event, DeviationStatus.BEGAN)


def _ended(event: StoredEvent, _facts: Facts) -> _Told:
    return _deviated(event, DeviationStatus.ENDED)


def _deviated(event: StoredEvent, status: DeviationStatus) -> _Told:
    if event.deviation is None or event.deviation in TOLD_OTHERWISE:
        return ()
    return ((_K.ROUTE_DEVIATED, {"deviation": DeviationKind(event.deviation), "status": status}),)


_BY_ITS_FACTS: Mapping[str, Callable[[StoredEvent, Facts], _Told]] = {
    EventKind.STOP_EN_ROUTE: _en_route,
    EventKind.STOP_SUCCEEDED: _succeeded,
    EventKind.STOP_DEPARTED: _left,
    EventKind.STOP_REOPENED: _left,
    EventKind.DEVIATION_BEGAN: _began,
    EventKind.DEVIATION_ENDED: _ended,
}


def _values(event: StoredEvent, facts: Facts) -> Mapping[str, Any]:
    """Return all that can be said, by the names that the data has for it."""
    route = {name: value for name, value in facts._asdict().items() if name != "stop"}
    about = {"id": event.id, "fleet": event.key.fleet, "route": event.key.route, "stop": event.stop}
    return {**route, **(_stop_values(facts.stop) if facts.stop is not None else {}), **about}


def _stop_values(stop: StopFacts) -> Mapping[str, Any]:
    window = None if stop.window is None else Window(*stop.window)
    eta = None if stop.eta is None else EtaWindow(*stop.eta)
    return {**stop._asdict(), "window": window, "eta": eta, "stops_remaining": stop.remaining}


def _filled(data: type[Data], values: Mapping[str, Any]) -> Data:
    return data(**{name: values[name] for name in data.__struct_fields__ if name in values})
