"""What is durable, and what is outside: opened before anything else."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from gateway import wiring
from gateway.adapters.doorstep.driver_links import SqlDriverLinks
from gateway.adapters.doorstep.instructions import SqlInstructions
from gateway.adapters.doorstep.opt_outs import SqlOptOuts
from gateway.adapters.doorstep.proofs import FileProofs
from gateway.adapters.journal.journal import SqliteJournal
from gateway.adapters.link_key import load_or_make_key
from gateway.adapters.offsets.ledger import Ledger, open_ledger
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.registry.tokens import TokenStore
from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.links import SqlLinks
from gateway.adapters.routes.people import SqlPeople
from gateway.adapters.routes.places import SqlPlaceCache
from gateway.adapters.state.database import StateDatabase, open_state
from gateway.domain.calibration import Calibration
from gateway.ports import Clock, Geocoder, Post, RoadRouter, TelemetrySink
from gateway.settings import GatewaySettings
from gateway.stages.customer_post import Channel


@dataclass(frozen=True, slots=True)
class Operations:
    """What `operations.db` holds."""

    registry: VehicleRegistry
    tokens: TokenStore
    book: SqlRouteBook
    links: SqlLinks
    places: SqlPlaceCache
    people: SqlPeople
    driver_links: SqlDriverLinks
    proofs: FileProofs
    opt_outs: SqlOptOuts
    instructions: SqlInstructions


@dataclass(frozen=True, slots=True)
class Services:
    """What a route is planned with: who is asked from outside (None: nobody), and what makes its windows."""

    geocoder: Geocoder | None
    router: RoadRouter | None
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Stores:
    """What is durable, opened, and who is asked outside. `link_key` is the key of the tracking links.

    `webhooks` are the receivers of events, by name; `apprise` the channels to customers that go by Apprise.
    """

    journal: SqliteJournal
    operations: Operations
    state: StateDatabase
    ledger: Ledger
    sink: TelemetrySink
    services: Services
    link_key: bytes
    webhooks: Mapping[str, Post]
    apprise: Mapping[str, Channel]


async def open_stores(settings: GatewaySettings, clock: Clock, closing: AsyncExitStack) -> Stores:
    """Open all of it; `closing` lets go of it in the other order. Raises what the adapters raise."""
    journal = await SqliteJournal(settings.data_dir).open()
    closing.push_async_callback(journal.close)
    link_key = load_or_make_key(settings.data_dir)
    operations = _open_operations(settings, clock, link_key, closing)
    state = open_state(settings.data_dir)
    closing.callback(state.close)
    ledger = open_ledger(settings.data_dir, clock)
    closing.callback(ledger.close)
    sink = wiring.sink_of(settings)
    closing.push_async_callback(sink.close)
    services = _services(settings, clock, operations, closing)
    webhooks, apprise = _open_webhooks(settings, closing), _open_apprise(settings, closing)
    return Stores(journal, operations, state, ledger, sink, services, link_key, webhooks, apprise)


def _open_operations(settings: GatewaySettings, clock: Clock, link_key: bytes, closing: AsyncExitStack) -> Operations:
    database = open_operations(settings.data_dir)
    closing.callback(database.close)
    thread = OperationsThread(database)
    closing.callback(thread.close)
    registry = VehicleRegistry(database, wiring.registration_of(settings))
    return Operations(
        registry=registry,
        tokens=TokenStore(database),
        book=SqlRouteBook(thread),
        links=SqlLinks(thread),
        places=SqlPlaceCache(thread, clock),
        people=SqlPeople(thread),
        driver_links=SqlDriverLinks(thread),
        proofs=FileProofs(thread, settings.data_dir),
        opt_outs=SqlOptOuts(thread, link_key, settings.messages.calling_code),
        instructions=SqlInstructions(thread),
    )


def _open_webhooks(settings: GatewaySettings, closing: AsyncExitStack) -> Mapping[str, Post]:
    webhooks = wiring.webhooks_of(settings)
    for post in webhooks.values():
        closing.push_async_callback(post.close)
    return webhooks


def _open_apprise(settings: GatewaySettings, closing: AsyncExitStack) -> Mapping[str, Channel]:
    channels = wiring.apprise_of(settings)
    for channel in channels.values():
        closing.push_async_callback(channel.close)
    return channels


def _services(settings: GatewaySettings, clock: Clock, operations: Operations, closing: AsyncExitStack) -> Services:
    geocoder = wiring.geocoder_of(settings.geocoding, operations.places, clock)
    router = wiring.router_of(settings.routing)
    for service in (geocoder, router):
        if service is not None:
            closing.push_async_callback(service.close)
    return Services(geocoder, router, wiring.calibration_of(settings.routes))
