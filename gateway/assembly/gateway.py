"""From settings to a gateway that only has to be run."""

from contextlib import AsyncExitStack

from gateway.assembly.api import addresses, api_parts
from gateway.assembly.numbers import declare
from gateway.assembly.parts import Assembled
from gateway.assembly.stages import build_stages
from gateway.assembly.stores import open_stores
from gateway.assembly.tasks import consumers, producers
from gateway.http.api import build_api
from gateway.http.server import bind, make_room, make_server
from gateway.metrics import Metrics
from gateway.ports import Clock
from gateway.settings import GatewaySettings


async def assemble(settings: GatewaySettings, clock: Clock, closing: AsyncExitStack) -> Assembled:
    """Open everything that must be there from the start; `closing` lets go of it. Raises what the adapters raise."""
    make_room()
    listener = closing.enter_context(bind(settings.http.host, settings.http.port, settings.http.port_search))
    stores = await open_stores(settings, clock, closing)
    metrics = Metrics()
    stages = await build_stages(settings, clock, stores, metrics)
    closing.push_async_callback(stages.exports.close)
    declare(metrics, stages)
    application = build_api(api_parts(settings, clock, stores, stages, metrics))
    server = make_server(application, settings.http.trusted_proxies)
    token = stores.operations.tokens.make_first(clock.now_ms())
    return Assembled(
        parts=[*consumers(settings, clock, stores, stages), *producers(stages, server, listener)],
        server=server,
        started=addresses(settings, listener.getsockname()[1], token),
    )
