"""What the drivers' page is given."""

from gateway import wiring
from gateway.assembly.stores import Stores
from gateway.driving.shift import Allowance
from gateway.driving.view import Company
from gateway.http.driver_links import DriverAddresses
from gateway.http.driver_parts import DriverParts
from gateway.http.files import read_tree
from gateway.settings import GatewaySettings
from gateway.settings.people import CompanySettings, DriversSettings

MINUTE_MS = 60_000
LOGO = "/company/logo"


def driver_parts(settings: GatewaySettings, stores: Stores) -> DriverParts:
    """Return everything behind the drivers' page."""
    operations = stores.operations
    return DriverParts(
        links=DriverAddresses(operations.driver_links, stores.link_key, settings.http.public_url),
        proofs=operations.proofs,
        instructions=operations.instructions,
        allowance=_allowance(settings.drivers),
        company=_company(settings.company),
        page=read_tree(wiring.DRIVER_FOLDER),
    )


def _allowance(drivers: DriversSettings) -> Allowance:
    return Allowance(drivers.before_min * MINUTE_MS, drivers.after_min * MINUTE_MS)


def _company(company: CompanySettings) -> Company:
    logo = None if company.logo_file is None else LOGO
    return Company(name=company.name, phone=company.phone, colour=company.colour, logo=logo)
