"""`milepost routes`: brings files of routes into the gateway's data, and shows what is there."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import typer

from gateway import wiring
from gateway.adapters.operations.database import OperationsDatabase
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.places import SqlPlaceCache
from gateway.clock import SystemClock
from gateway.domain.calibration import Calibration
from gateway.domain.route import PlannedStop, RouteKey, RoutePlan
from gateway.planning.document import MAX_DOCUMENT_BYTES, ImportDocument, ImportFormat
from gateway.planning.report import Doubt, ImportOutcome, ImportReport, RouteImported
from gateway.planning.schema import json_schema
from gateway.ports import OperationsAway, StopDetails, VersionTaken
from gateway.settings import GatewaySettings, SettingsError
from gateway.stages.dispatch import Dispatch
from milepost.errors import CommandError
from milepost.operations import opened, table

Result = TypeVar("Result")

app = typer.Typer(help="Import, list and show routes.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]
Fleet = Annotated[str | None, typer.Option(help="The routes' fleet; the first of the settings if absent.")]
FileFormat = Annotated[
    ImportFormat | None, typer.Option("--format", help="How the file is written; else told from it (docs/routes.md).")
]
Zone = Annotated[str | None, typer.Option(help="IANA time zone, where the file says none.")]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help="Read a column as a field; empty: leave it out."),
]

_DECIDED = {
    ImportOutcome.IMPORTED: "imported",
    ImportOutcome.UNCHANGED: "nothing changes: the routes are known as they are",
    ImportOutcome.PREVIEW: "a preview: nothing was kept",
    ImportOutcome.REJECTED: "rejected: nothing of the file was kept",
}


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="routes")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSON, CSV, or a solution of VROOM; - is standard input.")
    ],
    config: Config,
    *,
    fleet: Fleet = None,
    format_: FileFormat = None,
    date: Annotated[str | None, typer.Option(help="YYYY-MM-DD, where the file says none.")] = None,
    zone: Zone = None,
    vehicle: Annotated[str | None, typer.Option(help="The vehicle, where the file says none.")] = None,
    mapped: Mapped = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would become of it.")] = False,
    accept_doubtful: Annotated[
        bool, typer.Option("--accept-doubtful", help="Take the places that the geocoder is not sure of.")
    ] = False,
) -> None:
    """Bring the routes of a file into the gateway's data; a running gateway follows them within seconds.

    Prints how columns were read, every fault, doubtful places and what became of each route. With a fault, or a
    doubtful place that was not accepted, nothing is kept and the exit code is 1.
    """
    content = _content(file)
    with opened(config) as (settings, database):
        document = ImportDocument(
            content=content,
            format=format_ or told_format(file, content),
            fleet=fleet or settings.fleets[0],
            date=date,
            zone=zone,
            vehicle=vehicle,
            mapping=_mapping(mapped or []),
            dry_run=dry_run,
            accept_doubtful=accept_doubtful,
        )
        report = _run(_bring(settings, database, document))
    for line in _lines(report):
        typer.echo(line)
    if report.outcome is ImportOutcome.REJECTED:
        raise typer.Exit(1)


@app.command("list")
def list_(
    date: Annotated[str, typer.Argument(metavar="DATE", help="YYYY-MM-DD")], config: Config, fleet: Fleet = None
) -> None:
    """Print the routes of a date."""
    with opened(config) as (_, database):
        plans = _run(_plans(database, fleet, date))
    head = ("fleet", "route", "version", "vehicle", "driver", "start", "stops", "ways", "")
    typer.echo(table(head, [_row(plan) for plan in plans]))


@app.command()
def show(route: Annotated[str, typer.Argument(metavar="ROUTE")], config: Config, fleet: Fleet = None) -> None:
    """Print the newest version of a route with its stops."""
    with opened(config) as (settings, database):
        key = RouteKey(fleet or settings.fleets[0], route)
        plan, details = _run(_route(database, key))
    if plan is None:
        raise CommandError(f"there is no route {key}")
    people = {stop.stop: stop for stop in details}
    zone = ZoneInfo(plan.zone)
    typer.echo(table(("fleet", "route", "version", "vehicle", "driver", "start", "stops", "ways", ""), [_row(plan)]))
    typer.echo()
    head = ("", "stop", "order", "arrival", "window", "recipient", "address", "")
    typer.echo(table(head, [_stop_row(stop, people.get(stop.stop), zone) for stop in plan.stops]))


@app.command()
def schema() -> None:
    """Print the JSON Schema of our JSON."""
    typer.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2).decode())


def told_format(file: Path, content: bytes) -> ImportFormat:
    """Return the format that a file's name and content tell: VROOM's solutions have a summary or their problem."""
    text = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if file.suffix.lower() == ".csv" or not text.startswith((b"{", b"[")):
        return ImportFormat.CSV
    try:
        keys = msgspec.json.decode(text, type=dict[str, msgspec.Raw]).keys()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ImportFormat.JSON
    return ImportFormat.VROOM if keys & {"solution", "summary", "unassigned"} else ImportFormat.JSON


def _run(work: Coroutine[object, object, Result]) -> Result:
    try:
        return asyncio.run(work)
    except (OperationsAway, VersionTaken) as error:
        raise CommandError(str(error)) from error


@asynccontextmanager
async def _book(database: OperationsDatabase) -> AsyncIterator[tuple[SqlRouteBook, OperationsThread]]:
    thread = OperationsThread(database)
    try:
        yield SqlRouteBook(thread), thread
    finally:
        thread.close()


async def _bring(settings: GatewaySettings, database: OperationsDatabase, document: ImportDocument) -> ImportReport:
    clock = SystemClock()
    async with _book(database) as (book, thread), AsyncExitStack() as closing:
        geocoder = wiring.geocoder_of(settings.geocoding, SqlPlaceCache(thread, clock), clock)
        router = wiring.router_of(settings.routing)
        for service in (geocoder, router):
            if service is not None:
                closing.push_async_callback(service.close)
        dispatch = Dispatch(
            book,
            geocoder,
            router,
            clock,
            _nobody_waits,
            calibration=_calibration(settings),
            sources=settings.tracking.sources,
        )
        return await dispatch.bring(document)


def _calibration(settings: GatewaySettings) -> Calibration:
    try:
        return wiring.calibration_of(settings.routes)
    except SettingsError as error:
        raise CommandError(str(error)) from error


def _nobody_waits() -> None:
    """Do nothing: a running gateway looks for new versions by itself."""


async def _plans(database: OperationsDatabase, fleet: str | None, date: str) -> list[RoutePlan]:
    async with _book(database) as (book, _):
        found = [await book.newest(key) for key in sorted(await book.keys(fleet, date))]
    return [plan for plan in found if plan is not None]


async def _route(database: OperationsDatabase, key: RouteKey) -> tuple[RoutePlan | None, list[StopDetails]]:
    async with _book(database) as (book, _):
        return await book.newest(key), await book.details(key)


def _content(file: Path) -> bytes:
    """Return the file, or one byte more than is taken."""
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(MAX_DOCUMENT_BYTES + 1)
        with file.open("rb") as opened_file:
            return opened_file.read(MAX_DOCUMENT_BYTES + 1)
    except OSError as error:
        raise CommandError(f"cannot read {file}: {error.strerror}") from error


def _mapping(said: list[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in said]
    for one, (column, sign, _) in zip(said, pairs, strict=True):
        if not sign or not column:
            raise CommandError(f"--map {one!r} is not COLUMN=FIELD")
    return {column: field for column, _, field in pairs}


def _lines(report: ImportReport) -> Iterator[str]:
    """Yield the report for a terminal."""
    if report.mapping:
        columns = [(column.column, column.field or "-", column.example or "") for column in report.mapping]
        yield table(("column", "read as", "example"), columns) + "\n"
    for note in report.notes:
        yield f"note: {_at(note.row, note.field, note.value)} {note.note}"
    for doubt in report.doubtful:
        yield f"doubtful: {_doubt(doubt)}"
    for fault in report.faults:
        yield f"fault: {_at(fault.row, fault.field, fault.value)} {fault.problem}"
    if report.routes:
        head = ("route", "version", "outcome", "date", "vehicle", "stops", "ways")
        yield table(head, [_imported(route) for route in report.routes])
    if report.outcome is ImportOutcome.REJECTED and not report.faults:
        yield "look at the doubtful places: correct the addresses, give lat and lon, or add --accept-doubtful"
    yield _DECIDED[report.outcome]


def _doubt(doubt: Doubt) -> str:
    where = f"row {doubt.row}, order {doubt.order}" if doubt.row else f"route {doubt.route}"
    found = f"{doubt.label!r} ({doubt.lat}, {doubt.lon}, quality {doubt.quality:g})"
    return f"{where}: {doubt.address!r} is found as {found}, but {doubt.why}"


def _imported(route: RouteImported) -> tuple[str, ...]:
    return (
        route.route,
        str(route.version),
        route.outcome,
        route.date,
        route.vehicle,
        str(route.stops),
        route.leg_source,
    )


def _at(row: int | None, field: str, value: str | None) -> str:
    """Return where something is: row 3, window_end "25:00"."""
    where = ", ".join(filter(None, (f"row {row}" if row else "", field))) or "the file"
    return where if value is None else f'{where} "{value}"'


def _row(plan: RoutePlan) -> tuple[str, ...]:
    start = f"{_clock(plan.start, ZoneInfo(plan.zone))} {plan.zone}"
    stops = str(sum(not stop.cancelled for stop in plan.stops))
    withdrawn = "withdrawn" if plan.withdrawn else ""
    fleet, route = plan.key
    return (fleet, route, str(plan.version), plan.vehicle, plan.driver or "-", start, stops, plan.leg_source, withdrawn)


def _stop_row(stop: PlannedStop, known: StopDetails | None, zone: ZoneInfo) -> tuple[str, ...]:
    window = "-".join(_clock(end, zone) for end in stop.window) if stop.window else "-"
    recipient, address = (known.recipient, known.address) if known else (None, None)
    arrival = _clock(stop.planned_arrival, zone)
    cancelled = "cancelled" if stop.cancelled else ""
    return (str(stop.sequence), stop.stop, stop.order, arrival, window, recipient or "-", address or "-", cancelled)


def _clock(unix_ms: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(unix_ms / 1000, zone):%H:%M}"
