"""Puts a gateway together: opens its stores, builds its stages over them, and lists its tasks in the order to start."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import structlog

from gateway import wiring
from gateway.adapters.embedded.store import EmbeddedStore
from gateway.adapters.journal.journal import SqliteJournal
from gateway.adapters.mqtt.inboxes import FleetAnswers, native_sessions, phone_session, topics_of
from gateway.adapters.mqtt.session import BrokerSession, BrokerState
from gateway.adapters.offsets.ledger import Ledger, open_ledger
from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.tokens import TokenStore
from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.adapters.state.database import StateDatabase, open_state
from gateway.export.pool import ExportPool
from gateway.http.api import PREFIX, build_api
from gateway.http.feed import Feed
from gateway.http.files import read_tree
from gateway.http.inbox import HttpInbox
from gateway.http.parts import ApiParts, PartCondition
from gateway.http.server import Server, bind, make_server
from gateway.http.throttle import FailureThrottle
from gateway.metrics import Metrics
from gateway.ports import Clock, TelemetrySink
from gateway.settings import GatewaySettings
from gateway.stages.intake import IntakeStage, JournalState
from gateway.stages.reception import Reception
from gateway.stages.retention import JournalRetention, prune_regularly
from gateway.stages.tail import Tail
from gateway.stages.tracker import Tracker
from gateway.stages.writer import CONSUMER as TELEMETRY
from gateway.stages.writer import READY as WRITER_READY
from gateway.stages.writer import TelemetryWriter
from gateway.tracking.state import FleetState

log = structlog.get_logger(__name__)

REFRESH_S = 1.0
"""How soon a vehicle added, or a token revoked, by another process is noticed."""

BROKER_READY = frozenset({BrokerState.CONNECTED, BrokerState.PAUSED})
"""Paused is connected: what keeps it from reading is the journal, which says so itself."""


class Started(NamedTuple):
    """Where the gateway is reached; `token` only at the first start, to be shown this once."""

    console: str
    api: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A task: its name, what it does (most for ever), and how it is asked to end (None: it is cancelled)."""

    name: str
    run: Callable[[], Awaitable[None]]
    end: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """A gateway that is put together and not yet running."""

    parts: Sequence[Part]
    server: Server
    started: Started


@dataclass(frozen=True, slots=True)
class Stores:
    """What is durable, opened."""

    journal: SqliteJournal
    registry: VehicleRegistry
    tokens: TokenStore
    state: StateDatabase
    ledger: Ledger
    sink: TelemetrySink


@dataclass(frozen=True, slots=True)
class Stages:
    """What works on it."""

    tail: Tail
    fleet: FleetState
    tracker: Tracker
    feed: Feed
    writer: TelemetryWriter
    intake: IntakeStage
    sessions: Sequence[BrokerSession]
    exports: ExportPool


async def assemble(settings: GatewaySettings, clock: Clock, closing: AsyncExitStack) -> Assembled:
    """Open everything that must be there from the start; `closing` lets go of it. Raises what the adapters raise."""
    listener = closing.enter_context(bind(settings.http.host, settings.http.port, settings.http.port_search))
    stores = await _open_stores(settings, clock, closing)
    metrics = Metrics()
    stages = await _build_stages(settings, clock, stores, metrics)
    closing.push_async_callback(stages.exports.close)
    _declare(metrics, stages)
    server = make_server(build_api(_api_parts(settings, clock, stores, stages, metrics)))
    return Assembled(
        parts=[
            *_consumers(settings, clock, stores, stages),
            Part("export processes", stages.exports.start),
            Part("HTTP server", partial(server.serve, sockets=[listener]), partial(_end_http, server, stages.feed)),
            Part("intake", stages.intake.run),
        ],
        server=server,
        started=_addresses(settings, listener.getsockname()[1], stores.tokens.make_first(clock.now_ms())),
    )


async def _open_stores(settings: GatewaySettings, clock: Clock, closing: AsyncExitStack) -> Stores:
    journal = await SqliteJournal(settings.data_dir).open()
    closing.push_async_callback(journal.close)
    operations = open_operations(settings.data_dir)
    closing.callback(operations.close)
    state = open_state(settings.data_dir)
    closing.callback(state.close)
    ledger = open_ledger(settings.data_dir, clock)
    closing.callback(ledger.close)
    sink = wiring.sink_of(settings)
    closing.push_async_callback(sink.close)
    registry = VehicleRegistry(operations, wiring.registration_of(settings))
    return Stores(journal, registry, TokenStore(operations), state, ledger, sink)


async def _build_stages(settings: GatewaySettings, clock: Clock, stores: Stores, metrics: Metrics) -> Stages:
    tail = Tail(stores.journal)
    offset, fleet = await stores.state.load(wiring.patience_of(settings.tracking))
    offset = min(offset, await _agreed_offset(stores))
    feed = Feed(fleet, clock, metrics.observe)
    sessions = native_sessions(settings, clock)
    phones = [phone_session(settings, clock)] if settings.mqtt.owntracks else []
    topics = topics_of(settings)
    intake = IntakeStage(
        inboxes=[*sessions.values(), *phones],
        answers=FleetAnswers(sessions, topics),
        journal=stores.journal,
        tail=tail,
        reception=Reception(stores.journal, stores.registry, topics, settings.fleets[0]),
        topics=topics,
        clock=clock,
        group_ms=settings.journal.group_ms,
        tick_s=settings.tracking.tick_s,
    )
    writer = TelemetryWriter(
        tail,
        stores.sink,
        stores.ledger,
        stores.ledger,
        clock,
        batch_positions=settings.telemetry.batch_positions,
        linger_s=settings.telemetry.linger_s,
    )
    tracker = Tracker(tail, stores.state, feed, (offset, fleet), metrics.observe)
    exports = ExportPool(wiring.tracks_of(settings))
    return Stages(tail, fleet, tracker, feed, writer, intake, [*sessions.values(), *phones], exports)


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


def _consumers(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages) -> list[Part]:
    retention = JournalRetention(
        journal=stores.journal,
        offsets=stores.ledger,
        lagging=stores.ledger,
        tracker_offset=lambda: stages.tracker.saved_offset,
        clock=clock,
        keep_hours=settings.journal.keep_hours,
    )
    parts = [
        Part("live state", stages.tracker.keep),
        Part("tracker", stages.tracker.run),
        Part("live feed", stages.feed.run),
        Part("telemetry writer", stages.writer.run),
        Part("journal retention", retention.run),
        Part("credentials", partial(_refresh, stores)),
    ]
    if isinstance(stores.sink, EmbeddedStore):
        prune = partial(prune_regularly, stores.sink.prune, clock, settings.telemetry.keep_days)
        parts.append(Part("store retention", prune))
    return parts


async def _refresh(stores: Stores) -> None:
    while True:
        stores.registry.refresh()
        stores.tokens.refresh()
        await asyncio.sleep(REFRESH_S)


def _end_http(server: Server, feed: Feed) -> None:
    feed.close()
    server.should_exit = True


def _api_parts(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages, metrics: Metrics) -> ApiParts:
    return ApiParts(
        clock=clock,
        feed=stages.feed,
        tokens=stores.tokens,
        registry=stores.registry,
        inbox=HttpInbox(stages.intake.submit),
        tracks=stages.exports,
        quarantine=stores.journal,
        conditions=_conditions(stages),
        metrics=metrics.exposition,
        throttle=FailureThrottle(),
        about=wiring.about(settings),
        console=read_tree(wiring.CONSOLE_FOLDER),
        basemap=read_tree(wiring.BASEMAP_FOLDER),
    )


def _conditions(stages: Stages) -> Mapping[str, Callable[[], PartCondition]]:
    return {
        "broker": lambda: _broker(stages.sessions),
        "journal": lambda: PartCondition(
            stages.intake.condition, ready=stages.intake.condition.state == JournalState.READY
        ),
        "store": lambda: PartCondition(stages.writer.condition, ready=stages.writer.condition.state in WRITER_READY),
    }


def _broker(sessions: Sequence[BrokerSession]) -> PartCondition:
    """Return how the session is that is not well, or the first if all are."""
    conditions = [session.condition for session in sessions]
    worst = next((condition for condition in conditions if condition.state not in BROKER_READY), conditions[0])
    return PartCondition(worst, ready=worst.state in BROKER_READY)


def _addresses(settings: GatewaySettings, port: int, token: str | None) -> Started:
    http = settings.http
    host = f"[{http.host}]" if ":" in http.host else http.host
    base = (http.public_url or f"http://{host}:{port}").rstrip("/")
    return Started(f"{base}/#token={token}" if token else f"{base}/", f"{base}{PREFIX}", token)


def _declare(metrics: Metrics, stages: Stages) -> None:
    """Say which numbers the stages keep; each is read only when somebody looks."""
    received, written = stages.intake.counts, stages.writer.counts
    metrics.counter("received_positions", "Positions admitted.", lambda: received.positions)
    metrics.counter("lost_positions", "Positions that devices could no longer send.", lambda: received.lost)
    metrics.counters("batches", "Batches by their place in the spool.", "case", lambda: received.cases)
    metrics.counters("quarantined", "Inputs rejected since the start.", "reason", lambda: received.quarantined)
    metrics.counters("ignored", "Messages let go since the start.", "reason", lambda: received.ignored)
    metrics.gauge("pending_bytes", "Received and not yet durable.", lambda: stages.intake.pending_bytes)
    metrics.counter("written_positions", "Positions stored.", lambda: written.positions)
    metrics.counter("set_aside_positions", "Positions that the store refused.", lambda: written.set_aside)
    metrics.counter("failed_writes", "Writes that were tried again.", lambda: written.attempts_failed)
    metrics.gauges("offset", "How far each consumer has come.", "consumer", lambda: _offsets(stages))
    metrics.gauge("vehicles", "Vehicles followed.", lambda: len(stages.fleet.vehicles))
    metrics.gauge("silent_vehicles", "Vehicles that are silent.", lambda: _silent(stages.fleet))
    metrics.counter("vehicles_not_followed", "Records beyond the bound.", lambda: stages.fleet.not_followed)
    metrics.gauge("live_readers", "Readers of the live feed.", lambda: stages.feed.readers)
    conditions = _conditions(stages)
    metrics.gauges(
        "ready", "1 if the part works.", "part", lambda: {name: float(ask().ready) for name, ask in conditions.items()}
    )


def _offsets(stages: Stages) -> dict[str, float]:
    return {
        "journal": stages.tail.newest,
        "tracker": stages.tracker.offset,
        "state": stages.tracker.saved_offset,
        "telemetry": stages.writer.counts.offset,
    }


def _silent(fleet: FleetState) -> int:
    return sum(vehicle.silent_since is not None for vehicle in fleet.vehicles.values())
