"""`milepost drivers`: who drives, and the link that pairs a driver's phone."""

import asyncio
import io
import time
from collections.abc import Coroutine
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

import segno
import typer

from gateway.adapters.doorstep.driver_links import SqlDriverLinks
from gateway.adapters.link_key import LinkKeyUnusable, load_or_make_key
from gateway.adapters.operations.database import OperationsDatabase
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.domain.route import RoutePlan
from gateway.driving.today import driver_of
from gateway.http.driver_links import DriverAddresses
from gateway.ports import DriverLink
from gateway.settings import GatewaySettings
from milepost.errors import CommandError
from milepost.operations import opened, table

app = typer.Typer(help="List drivers; show, and make anew, the link of a driver's phone.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]
Fleet = Annotated[str | None, typer.Option(help="The driver's fleet; the first one of the settings if absent.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="As plans name the driver; without one, the vehicle.")]

Result = TypeVar("Result")


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="drivers")


@app.command("list")
def list_(
    config: Config,
    fleet: Annotated[str | None, typer.Option(help="Of this fleet only.")] = None,
    date: Annotated[str | None, typer.Option(help="Of this date (ISO 8601); yesterday to tomorrow if absent.")] = None,
) -> None:
    """Print who drives which route. Links are secrets: `link` shows one."""
    days = _days_around() if date is None else [date]
    with opened(config) as (_, database):
        plans = _run(_plans(database, fleet, days))
    rows = [(driver_of(plan), plan.key.fleet, plan.vehicle, plan.key.route, plan.date) for plan in _in_order(plans)]
    typer.echo(table(("driver", "fleet", "vehicle", "route", "date"), rows))


@app.command()
def link(name: Name, config: Config, fleet: Fleet = None) -> None:
    """Print the address of a driver's page, and its QR code to pair a phone with. Whoever has it is that driver."""
    with opened(config) as (settings, database):
        key, of_fleet = _key(settings), fleet or settings.fleets[0]
        url = _run(_url(settings, database, key, of_fleet, name))
        known = _run(_plans(database, of_fleet, _days_around()))
    if all(driver_of(plan) != name for plan in known):
        typer.echo(f"note: no route of these days is driven by {name!r} in fleet {of_fleet}", err=True)
    typer.echo(f"{_code(url)}\n{url}")


@app.command()
def revoke(name: Name, config: Config, fleet: Fleet = None) -> None:
    """Make a driver's link lead nowhere, for a phone that was lost; `link` then shows the new one."""
    with opened(config) as (settings, database):
        of_fleet = fleet or settings.fleets[0]
        if _run(_renew(database, of_fleet, name)) is None:
            raise CommandError(f"{name!r} has no link in fleet {of_fleet}: nothing is revoked (milepost drivers list)")
    typer.echo(f"the link of {name!r} leads nowhere any more; pair the phone anew: milepost drivers link")


def _in_order(plans: list[RoutePlan]) -> list[RoutePlan]:
    """Return plans by fleet, driver and start."""
    return sorted(plans, key=lambda plan: (plan.key.fleet, driver_of(plan), plan.start))


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    return asyncio.run(work)


def _days_around() -> list[str]:
    today = datetime.fromtimestamp(time.time(), UTC).date()
    return [(today + timedelta(days=days)).isoformat() for days in (-1, 0, 1)]


async def _plans(database: OperationsDatabase, fleet: str | None, days: list[str]) -> list[RoutePlan]:
    with closing(OperationsThread(database)) as thread:
        book = SqlRouteBook(thread)
        keys = [key for day in days for key in await book.keys(fleet, day)]
        plans = [await book.newest(key) for key in keys]
    return [plan for plan in plans if plan is not None and not plan.withdrawn]


async def _url(settings: GatewaySettings, database: OperationsDatabase, key: bytes, fleet: str, name: str) -> str:
    with closing(OperationsThread(database)) as thread:
        links = DriverAddresses(SqlDriverLinks(thread), key, settings.http.public_url)
        return await links.url(fleet, name, _own_address(settings))


async def _renew(database: OperationsDatabase, fleet: str, name: str) -> DriverLink | None:
    with closing(OperationsThread(database)) as thread:
        return await SqlDriverLinks(thread).renew_known(fleet, name)


def _own_address(settings: GatewaySettings) -> str:
    """Return where the gateway serves; a phone needs `public_url`, with TLS."""
    if settings.http.public_url is None:
        typer.echo("note: [http] public_url is not set: a phone cannot reach this address", err=True)
    return f"http://{settings.http.host}:{settings.http.port}"


def _key(settings: GatewaySettings) -> bytes:
    try:
        return load_or_make_key(settings.data_dir)
    except LinkKeyUnusable as error:
        raise CommandError(str(error)) from error


def _code(url: str) -> str:
    """Return the QR code in half blocks: it fits into 80 columns, and a phone reads it off the screen."""
    printed = io.StringIO()
    segno.make(url, error="l", micro=False).terminal(printed, border=2, compact=True)
    return printed.getvalue().rstrip("\n")
