"""The tasks of a gateway, in the order to start."""

import asyncio
import socket
from functools import partial

import structlog

from gateway.adapters.embedded.store import EmbeddedStore
from gateway.adapters.routes.places import KEPT_MS as PLACES_KEPT_MS
from gateway.assembly.parts import Part
from gateway.assembly.stages import Stages
from gateway.assembly.stores import Operations, Stores
from gateway.http.feed import Feed
from gateway.http.server import Server
from gateway.ports import Clock, PointSink
from gateway.settings import GatewaySettings
from gateway.stages.retention import DAY_MS, ROUNDS, TRACKER, JournalRetention, forget_regularly
from gateway.stages.route_points import RoutePoints

REFRESH_S = 1.0
"""How soon a vehicle added, or a token revoked, by another process is noticed."""


log = structlog.get_logger(__name__)


def consumers(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages) -> list[Part]:
    """Return what reads the journal, and what keeps the stores in bounds."""
    return [
        Part("live state", stages.tracker.keep),
        Part("routes' states", stages.rounds.keep),
        Part("tracker", stages.tracker.run),
        Part("rounds", stages.rounds.run),
        Part("live feed", stages.feed.run),
        Part("telemetry writer", stages.writer.run),
        Part("posting", stages.posting.run),
        Part("composing", stages.composing.run),
        Part("credentials", partial(_refresh, stores.operations)),
        *_reports(clock, stores, stages),
        *_retention(settings, clock, stores, stages),
    ]


def producers(stages: Stages, server: Server, listener: socket.socket) -> list[Part]:
    """Return what feeds the journal, and what people use."""
    return [
        Part("export processes", stages.exports.start),
        Part("journalling", stages.journalling.run),
        Part("HTTP server", partial(server.serve, sockets=[listener]), partial(_end_http, server, stages.feed)),
        Part("intake", stages.intake.stage.run),
    ]


def _reports(clock: Clock, stores: Stores, stages: Stages) -> list[Part]:
    """Return what reports on routes, where the database takes other points than positions."""
    if not isinstance(stores.sink, PointSink):
        return []
    book, rounds = stores.operations.book, stages.rounds.rounds
    return [Part("route reports", RoutePoints(stores.sink, stores.state.routes, book, rounds, clock).run)]


def _retention(settings: GatewaySettings, clock: Clock, stores: Stores, stages: Stages) -> list[Part]:
    journal = JournalRetention(
        journal=stores.journal,
        offsets=stores.ledger,
        lagging=stores.ledger,
        saved={TRACKER: lambda: stages.tracker.saved_offset, ROUNDS: lambda: stages.rounds.saved_offset},
        clock=clock,
        keep_hours=settings.journal.keep_hours,
    )
    kept_ms = settings.routes.keep_days * DAY_MS
    forget_routes = partial(forget_regularly, stores.state.routes.forget, clock, kept_ms)
    people_ms = settings.customers.keep_days * DAY_MS
    forget_people = partial(forget_regularly, partial(_forget_people, stores.operations, clock), clock, people_ms)
    forget_places = partial(forget_regularly, stores.operations.places.forget, clock, min(PLACES_KEPT_MS, people_ms))
    parts = [
        Part("journal retention", journal.run),
        Part("routes' retention", forget_routes),
        Part("places' retention", forget_places),
        Part("people's retention", forget_people),
        Part("outbox's retention", partial(forget_regularly, partial(_forget_letters, stores, stages), clock, 0)),
    ]
    if isinstance(stores.sink, EmbeddedStore):
        kept_ms = settings.telemetry.keep_days * DAY_MS
        parts.append(Part("store retention", partial(forget_regularly, stores.sink.prune, clock, kept_ms)))
    return parts


async def _forget_people(operations: Operations, clock: Clock, before: int) -> int:
    """Erase the recipients of routes that are older than that (Unix ms), and their photos and signatures.

    Pictures that nobody knows of, which a crash left behind, go with them.
    """
    now, proofs = clock.now_ms(), operations.proofs
    return await proofs.erase(before, now) + await operations.people.forget(before, now) + await proofs.sweep(now)


async def _forget_letters(stores: Stores, stages: Stages, now: int) -> int:
    """Give up the letters that nobody sends any more, and forget what was settled long ago."""
    orphans = await stores.state.outbox.give_up_orphans(stages.posting.endpoints, now)
    for endpoint, letters in orphans.items():
        log.error(
            "letters are given up: their endpoint is not in the settings; replay them when it is back",
            endpoint=endpoint,
            letters=letters,
        )
    return await stores.state.outbox.forget(now)


async def _refresh(operations: Operations) -> None:
    while True:
        operations.registry.refresh()
        operations.tokens.refresh()
        await asyncio.sleep(REFRESH_S)


def _end_http(server: Server, feed: Feed) -> None:
    feed.close()
    server.should_exit = True
