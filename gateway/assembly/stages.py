"""What works on the stores: the stages of the data's way, from the broker to the live state."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from gateway import wiring
from gateway.adapters.mqtt.inboxes import FleetAnswers, native_sessions, phone_session, topics_of
from gateway.adapters.mqtt.session import BrokerSession
from gateway.assembly.composing import build_composing
from gateway.assembly.posting import build_posting
from gateway.assembly.stores import Stores
from gateway.export.pool import ExportPool
from gateway.http.board import RouteBoard
from gateway.http.feed import Feed
from gateway.metrics import Metrics
from gateway.ports import Clock
from gateway.settings import GatewaySettings, TrackingSettings
from gateway.stages.composing import Composing
from gateway.stages.dispatch import Dispatch
from gateway.stages.intake import IntakeStage
from gateway.stages.journalling import Journalling
from gateway.stages.posting import Posting
from gateway.stages.reception import Reception
from gateway.stages.rounds import RoundsTracker
from gateway.stages.rounds_start import take_up
from gateway.stages.tail import Tail
from gateway.stages.tracker import Tracker
from gateway.stages.writer import CONSUMER as TELEMETRY
from gateway.stages.writer import TelemetryWriter
from gateway.tracking.state import FleetState

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """From the broker into the journal."""

    stage: IntakeStage
    sessions: Sequence[BrokerSession]


@dataclass(frozen=True, slots=True)
class Stages:
    """What works on the stores."""

    tail: Tail
    intake: Intake
    fleet: FleetState
    tracker: Tracker
    rounds: RoundsTracker
    board: RouteBoard
    feed: Feed
    writer: TelemetryWriter
    journalling: Journalling
    dispatch: Dispatch
    exports: ExportPool
    posting: Posting
    composing: Composing


async def build_stages(settings: GatewaySettings, clock: Clock, stores: Stores, metrics: Metrics) -> Stages:
    """Build them over the opened stores, each where it stood. Raises what the stores raise."""
    newest = await _agreed_offset(stores)
    tail = Tail(stores.journal)
    offset, fleet = await stores.state.load(wiring.patience_of(settings.tracking))
    limits = wiring.limits_of(settings)
    followed = await take_up(stores.state.routes, stores.operations.book, stores.journal, clock.now_ms(), limits)
    board = RouteBoard(followed.rounds, clock)
    feed = Feed(fleet, board, clock, metrics.observe)
    intake = _build_intake(settings, clock, stores, tail)
    journalling = Journalling(stores.operations.book, intake.stage.record)
    posting = build_posting(settings, clock, stores, board)
    composing = build_composing(settings, clock, stores, board, posting.poke)
    return Stages(
        tail=tail,
        intake=intake,
        fleet=fleet,
        tracker=Tracker(tail, stores.state, feed, (min(offset, newest), fleet), metrics.observe),
        rounds=RoundsTracker(tail, stores.state.routes, followed, feed.routes_changed, composing.poke),
        board=board,
        feed=feed,
        writer=_build_writer(settings, clock, stores, tail),
        journalling=journalling,
        dispatch=_build_dispatch(settings.tracking, clock, stores, journalling),
        exports=ExportPool(wiring.tracks_of(settings)),
        posting=posting,
        composing=composing,
    )


def _build_intake(settings: GatewaySettings, clock: Clock, stores: Stores, tail: Tail) -> Intake:
    sessions = native_sessions(settings, clock)
    phones = [phone_session(settings, clock)] if settings.mqtt.owntracks else []
    topics = topics_of(settings)
    stage = IntakeStage(
        inboxes=[*sessions.values(), *phones],
        answers=FleetAnswers(sessions, topics),
        journal=stores.journal,
        tail=tail,
        reception=Reception(stores.journal, stores.operations.registry, topics, settings.fleets[0]),
        topics=topics,
        clock=clock,
        group_ms=settings.journal.group_ms,
        tick_s=settings.tracking.tick_s,
    )
    return Intake(stage, [*sessions.values(), *phones])


def _build_writer(settings: GatewaySettings, clock: Clock, stores: Stores, tail: Tail) -> TelemetryWriter:
    return TelemetryWriter(
        tail,
        stores.sink,
        stores.ledger,
        stores.ledger,
        clock,
        batch_positions=settings.telemetry.batch_positions,
        linger_s=settings.telemetry.linger_s,
    )


def _build_dispatch(tracking: TrackingSettings, clock: Clock, stores: Stores, journalling: Journalling) -> Dispatch:
    services = stores.services
    return Dispatch(
        stores.operations.book,
        services.geocoder,
        services.router,
        clock,
        journalling.poke,
        calibration=services.calibration,
        sources=tracking.sources,
    )


async def _agreed_offset(stores: Stores) -> int:
    """Return the newest offset that the journal can vouch for, and take the telemetry writer back to it.

    A journal that was moved away or restored counts from an earlier offset again. A consumer that waited for its old
    offset to come round would pass over everything until then.
    """
    newest, finished = await stores.journal.last_offset(), await stores.ledger.load(TELEMETRY)
    if finished > newest:
        log.warning(
            "the journal is older than what was read of it: going on from its end", newest=newest, read=finished
        )
        await stores.ledger.store(TELEMETRY, newest)
    return newest
