"""Puts the endpoints together into one application."""

from http import HTTPStatus
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.params import FromPath
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin

from gateway.http import (
    company,
    driver_day,
    driver_page,
    driver_proofs,
    drivers,
    health,
    links_renew,
    notifications,
    pages,
    positions,
    quarantine,
    route_edits,
    route_import,
    route_proofs,
    route_record,
    routes,
    search,
    track,
    tracking,
    tracking_words,
    vehicles,
)
from gateway.http.auth import require_token
from gateway.http.description import DESCRIPTION, completed
from gateway.http.errors import (
    ApiError,
    on_api_error,
    on_http_error,
    on_journal_away,
    on_operations_away,
    on_state_away,
    on_unexpected,
)
from gateway.http.headers import adds, security_headers
from gateway.http.parts import ApiParts
from gateway.http.refusals import ON_REFUSAL
from gateway.ports import JournalUnavailable, OperationsAway, StateUnavailable

PREFIX = "/api/v1"

MAX_BODY_BYTES = 64 * 1024
"""The one endpoint that reads a body reads an envelope; nothing else needs more."""


class _Application(Litestar):
    """Litestar without its plugins for pydantic and attrs, which it loads wherever they are installed: 8 MB."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def build_api(parts: ApiParts) -> Litestar:
    """Return the application over `parts`; it holds no state of its own."""
    return _Application(
        [
            _api(),
            health.healthz,
            health.readyz,
            health.metrics,
            tracking.delivery,
            tracking.delivery_state,
            tracking.customer_file,
            tracking_words.write_instructions,
            tracking_words.choose_messages,
            company.company_logo,
            driver_page.driver_page,
            driver_page.driver_manifest,
            driver_page.driver_asset,
            driver_page.driver_worker,
            driver_day.driver_day,
            driver_day.driver_taps,
            driver_proofs.put_proof,
            pages.map_file,
            pages.console_page,
            pages.console_file,
        ],
        dependencies={"parts": Provide(_parts, sync_to_thread=False)},
        state=State({"parts": parts}),
        exception_handlers={
            ApiError: on_api_error,
            HTTPException: on_http_error,
            JournalUnavailable: on_journal_away,
            OperationsAway: on_operations_away,
            StateUnavailable: on_state_away,
            **ON_REFUSAL,
            Exception: on_unexpected,
        },
        debug=False,
        request_max_body_size=MAX_BODY_BYTES,
        before_send=[adds(security_headers(parts.about.style_url, parts.about.map_origins))],
        openapi_config=_openapi(parts.about.version),
        logging_config=None,
    )


def _parts(state: State) -> ApiParts:
    parts: ApiParts = state.parts
    return parts


def _api() -> Router:
    guarded = Router(
        "/",
        guards=[require_token],
        route_handlers=[
            vehicles.list_vehicles,
            vehicles.show_vehicle,
            vehicles.live,
            track.show_track,
            routes.list_routes,
            routes.show_one_route,
            routes.list_route_events,
            route_import.import_routes,
            route_edits.edit_route,
            route_edits.tap_stop,
            route_record.show_record,
            route_proofs.list_proofs,
            route_proofs.show_proof,
            drivers.list_drivers,
            drivers.show_driver_link,
            drivers.renew_driver_link,
            search.search,
            links_renew.renew_link,
            quarantine.list_quarantine,
            quarantine.show_quarantined,
            notifications.list_notifications,
            notifications.replay_notifications,
            pages.console_settings,
        ],
    )
    return Router(
        PREFIX,
        route_handlers=[guarded, positions.post_positions, route_import.routes_schema, openapi_document, unknown],
    )


@get("/openapi.json", include_in_schema=False)
async def openapi_document(request: Request[object, object, State]) -> dict[str, Any]:
    """Return the description of this API; it holds no secret."""
    return completed(request.app.openapi_schema.to_schema())


@get("/{path:path}", include_in_schema=False)
async def unknown(path: FromPath[str]) -> Response[None]:
    """Keep the console's page out of the API's paths."""
    raise ApiError(HTTPStatus.NOT_FOUND, "not_found", f"there is no {PREFIX}{path}")


def _openapi(version: str) -> OpenAPIConfig:
    schemes = {
        "token": SecurityScheme(type="http", scheme="bearer", description="An API token, as shown at the first start."),
        "vehicle": SecurityScheme(type="http", scheme="basic", description="A vehicle's name and secret."),
        "driver": SecurityScheme(type="http", scheme="bearer", description="The token of a driver's link."),
    }
    return OpenAPIConfig(
        title="Milepost gateway",
        version=version,
        description=DESCRIPTION,
        use_handler_docstrings=True,
        security=[{"token": []}],
        components=Components(security_schemes=dict(schemes)),
        tags=[
            Tag(name="vehicles"),
            Tag(name="routes"),
            Tag(name="drivers"),
            Tag(name="positions"),
            Tag(name="quarantine"),
            Tag(name="operation"),
        ],
        path=f"{PREFIX}/openapi",
        render_plugins=[JsonRenderPlugin(path="/schema.json")],
    )
