"""What the HTTP side is given: what is shown, and how each part of the gateway is."""

from collections.abc import Callable, Mapping, Sequence

from gateway import wiring
from gateway.adapters.mqtt.session import BrokerSession, BrokerState
from gateway.assembly.customers import customer_parts
from gateway.assembly.doorstep import driver_parts
from gateway.assembly.parts import Started
from gateway.assembly.stages import Stages
from gateway.assembly.stores import Stores
from gateway.http.api import PREFIX
from gateway.http.files import read_tree
from gateway.http.inbox import HttpInbox
from gateway.http.parts import ApiParts, PartCondition, RouteParts
from gateway.http.past import RoutePast
from gateway.http.throttle import FailureThrottle
from gateway.http.tracking_links import TrackingLinks
from gateway.metrics import Metrics
from gateway.ports import Clock
from gateway.settings import GatewaySettings
from gateway.stages.intake import JournalState
from gateway.stages.writer import READY as WRITER_READY

BROKER_READY = frozenset({BrokerState.CONNECTED, BrokerState.PAUSED})
"""Paused is connected: what keeps it from reading is the journal, which says so itself."""


def api_parts(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages, metrics: Metrics) -> ApiParts:
    """Return everything behind the endpoints."""
    routes = _route_parts(settings, clock, stores, stages)
    return ApiParts(
        clock=clock,
        feed=stages.feed,
        tokens=stores.operations.tokens,
        registry=stores.operations.registry,
        inbox=HttpInbox(stages.intake.stage.submit),
        tracks=stages.exports,
        routes=routes,
        drivers=driver_parts(settings, stores),
        customers=customer_parts(settings, stores, routes.links, routes.past),
        quarantine=stores.journal,
        desk=stores.state.desk.among(wiring.endpoints_of(settings)),
        conditions=conditions(stages),
        metrics=metrics.exposition,
        throttle=FailureThrottle(),
        about=wiring.about(settings),
        console=read_tree(wiring.CONSOLE_FOLDER),
        basemap=read_tree(wiring.BASEMAP_FOLDER),
    )


def _route_parts(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages) -> RouteParts:
    book, states = stores.operations.book, stores.state.routes
    return RouteParts(
        board=stages.board,
        past=RoutePast(stages.board, book, states, clock),
        book=book,
        states=states,
        dispatch=stages.dispatch,
        records=stages.exports,
        links=TrackingLinks(stores.operations.links, stores.link_key, settings.http.public_url),
    )


def conditions(stages: Stages) -> Mapping[str, Callable[[], PartCondition]]:
    """Return how to ask each part for its condition."""
    intake = stages.intake
    return {
        "broker": lambda: _broker(intake.sessions),
        "journal": lambda: PartCondition(
            intake.stage.condition, ready=intake.stage.condition.state == JournalState.READY
        ),
        "store": lambda: PartCondition(stages.writer.condition, ready=stages.writer.condition.state in WRITER_READY),
    }


def _broker(sessions: Sequence[BrokerSession]) -> PartCondition:
    """Return how the session is that is not well, or the first if all are."""
    found = [session.condition for session in sessions]
    worst = next((condition for condition in found if condition.state not in BROKER_READY), found[0])
    return PartCondition(worst, ready=worst.state in BROKER_READY)


def addresses(settings: GatewaySettings, port: int, token: str | None) -> Started:
    """Return where the gateway is reached."""
    http = settings.http
    host = f"[{http.host}]" if ":" in http.host else http.host
    base = (http.public_url or f"http://{host}:{port}").rstrip("/")
    return Started(f"{base}/#token={token}" if token else f"{base}/", f"{base}{PREFIX}", token)
