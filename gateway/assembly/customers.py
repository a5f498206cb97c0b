"""What the customers' page is given."""

from pathlib import Path

from gateway import wiring
from gateway.assembly.stores import Stores
from gateway.http.company import PATH as LOGO_PATH
from gateway.http.customer_desk import CustomerDesk, Rules
from gateway.http.customer_page_files import scripts_of
from gateway.http.customer_parts import CustomerParts
from gateway.http.files import read_tree
from gateway.http.logo import BadLogo, Logo, read_logo
from gateway.http.pages import BUILT_IN_STYLE
from gateway.http.past import RoutePast
from gateway.http.tracking_links import TrackingLinks
from gateway.links.house import House
from gateway.links.page import Frame
from gateway.links.style import policy_of, style_of
from gateway.settings import CompanySettings, CustomersSettings, GatewaySettings, SettingsError

HOUR_MS = 3_600_000


def customer_parts(settings: GatewaySettings, stores: Stores, links: TrackingLinks, past: RoutePast) -> CustomerParts:
    """Return everything behind the customers' page.

    Raises:
        SettingsError: the company's logo cannot be used.

    """
    company, page = settings.company, read_tree(wiring.CUSTOMER_FOLDER)
    style = style_of(company.colour)
    return CustomerParts(
        desk=CustomerDesk(links, stores.operations.book, past, _rules(settings.customers)),
        frame=Frame(_house(company), style, scripts_of(page), map_style_of(settings.map.style_url)),
        policy=policy_of(style),
        page=page,
        instructions=stores.operations.instructions,
        opt_outs=stores.operations.opt_outs,
        logo=_logo(company.logo_file),
    )


def map_style_of(style_url: str | None) -> str:
    """Return the map's style: one of another server would learn from each customer where they live."""
    own = style_url is not None and style_url.startswith("/") and not style_url.startswith("//")
    return style_url if own and style_url is not None else BUILT_IN_STYLE


def _rules(customers: CustomersSettings) -> Rules:
    return Rules(int(customers.link_hours * HOUR_MS), customers.map_within_stops)


def _house(company: CompanySettings) -> House:
    logo = None if company.logo_file is None else LOGO_PATH
    return House(company.name, company.phone, company.colour, logo)


def _logo(file: Path | None) -> Logo | None:
    try:
        return None if file is None else read_logo(file)
    except BadLogo as error:
        raise SettingsError(f"company.logo_file: {error}") from error
