"""`milepost erase`: forgets one recipient, in everything that the gateway keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple, TypeVar

import typer

from gateway.adapters.doorstep.proofs import FileProofs
from gateway.adapters.operations.database import OperationsDatabase
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.people import ChangedMeanwhile, Erased, KnownStop, Order, SqlPeople
from gateway.clock import SystemClock
from gateway.domain.route import RouteKey
from gateway.planning.people import Person, are_others, contacts_of, person_of
from gateway.ports import Clock, OperationsAway, StopDetails
from gateway.settings import GatewaySettings
from milepost.errors import CommandError
from milepost.operations import day, opened, table

Result = TypeVar("Result")

OUT_OF_REACH = (
    "backups of data_dir, and what was exported or printed",
    "what was sent: messages (at their services and on phones), webhooks, addresses asked of a geocoder",
    "the drivers' phones, until they next open their page with a connection",
    "the planning system: importing the same file again brings the person back",
)


class Asked(NamedTuple):
    """Whom the command line names, by one of the three, and in which fleet. `at` is a stop of the order."""

    order: str | None
    at: str | None
    phone: str | None
    email: str | None
    fleet: str


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a recipient. `elsewhere` are other fleets with stops of the same number or e-mail."""

    stops: Collection[KnownStop]
    proofs: int
    elsewhere: Collection[str]


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.command()(erase)


def erase(
    config: Annotated[Path, typer.Option(help="The gateway's settings file.")],
    *,
    order: Annotated[str | None, typer.Option(help="The recipient of this order reference.")] = None,
    at: Annotated[
        str | None, typer.Option(help="With --order: who is at its stop ROUTE/STOP, if it is several's.")
    ] = None,
    phone: Annotated[str | None, typer.Option(help="The recipient with this number, with or without country.")] = None,
    email: Annotated[str | None, typer.Option(help="The recipient with this e-mail address.")] = None,
    fleet: Annotated[str | None, typer.Option(help="The fleet; the first of the settings if absent.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase one recipient: names, numbers, addresses and notes of all their stops, instructions, photos, signatures.

    An order reference that is several people's erases nobody until --at says who is meant. Whoever is reached by the
    phone or e-mail of the order is taken for the same person. It shows what it found and asks
    first. Tracking links of the orders lead nowhere afterwards. It works beside a running gateway.
    """
    if sum(given is not None for given in (order, phone, email)) != 1:
        raise CommandError("say whom to erase: one of --order, --phone and --email")
    if at is not None and order is None:
        raise CommandError("--at is a stop of an order: it goes with --order")
    with opened(config) as (settings, database):
        asked = Asked(order, at, phone, email, fleet or settings.fleets[0])
        found = _run(settings, database, lambda work: work.find(asked))
        for line in _shown(found, day(SystemClock().now_ms())[:10]):
            typer.echo(line)
        if not found.stops:
            return
        if not yes and not typer.confirm("Erase all of this?"):
            raise CommandError("nothing was erased")
        for line in _told(*_run(settings, database, lambda work: work.erase(found))):
            typer.echo(line)


class _Work:
    """The work on the data, as coroutines of one thread."""

    def __init__(self, settings: GatewaySettings, thread: OperationsThread, clock: Clock) -> None:
        self._people = SqlPeople(thread)
        self._proofs = FileProofs(thread, settings.data_dir)
        self._clock = clock

    async def find(self, asked: Asked) -> Found:
        """Return the stops of one person: those asked for, and those of their orders that are nobody else's."""
        fleet = asked.fleet
        named = [] if asked.order is None else _one(await self._ordered(Order(fleet, asked.order)), asked)
        everywhere = await self._of(_person(asked, named))
        theirs = [stop for stop in everywhere if stop.key.fleet == fleet]
        orders = {Order(stop.key.fleet, stop.details.order) for stop in (*named, *theirs)}
        ordered = [recipient for each in orders for recipient in _recipients(await self._people.with_order(each))]
        known = {(stop.key, stop.details.stop) for stop in (*named, *theirs)}
        stops = {_place(stop): stop for each in ordered if known & set(map(_place, each)) for stop in each}
        elsewhere = {stop.key.fleet for stop in everywhere} - {fleet}
        return Found(sorted(stops.values(), key=_by_date), await self._kept_proofs(stops), elsewhere)

    async def erase(self, found: Found) -> tuple[Erased, int]:
        """Erase: photos first, so that what a power cut leaves over is still found by its stop."""
        now = self._clock.now_ms()
        await self._people.require_as_found(found.stops)
        proofs = await self._proofs.erase_of([(stop.key, stop.details.stop) for stop in found.stops], now)
        orders = {Order(stop.key.fleet, stop.details.order) for stop in found.stops if stop.erased is None}
        return await self._people.erase(found.stops, orders, now), proofs

    async def _ordered(self, order: Order) -> list[KnownStop]:
        stops = await self._people.with_order(order)
        if not stops:
            raise CommandError(f"there is no order {order.order!r} in the fleet {order.fleet}")
        return stops

    async def _of(self, person: Person) -> list[KnownStop]:
        return await self._people.at_doors(person) if any(person) else []

    async def _kept_proofs(self, stops: Collection[tuple[RouteKey, str]]) -> int:
        routes = {key for key, _ in stops}
        proofs = [proof for key in routes for proof in await self._proofs.of_route(key)]
        return sum(proof.erased is None and (proof.key, proof.stop) in stops for proof in proofs)


def _one(stops: Iterable[KnownStop], asked: Asked) -> list[KnownStop]:
    """Return the stops of the one recipient that is meant. Raises `CommandError`, which tells whom there are."""
    recipients = _recipients(stops)
    meant = [each for each in recipients if asked.at in {None, *map(_name, each)}]
    if len(meant) == 1:
        return meant[0]
    rows = [(f"--at {_name(stop)}", *_row(stop)) for each in recipients for stop in each]
    shown = table(("", "date", "route", "stop", "order", "recipient", "phone", "e-mail", "address"), rows)
    why = f"is the reference of {len(recipients)} recipients" if asked.at is None else f"has no stop {asked.at}"
    raise CommandError(f"the order {asked.order!r} {why}; nothing was erased. Say who is meant:\n{shown}")


def _recipients(stops: Iterable[KnownStop]) -> list[list[KnownStop]]:
    """Return the stops of an order by the person who is there; those that were erased are together.

    A stop where nobody is known goes to the one person who is on its route, or at its address; to nobody if it may be
    either of two. It makes no two people one.
    """
    every = list(stops)
    erased = [stop for stop in every if stop.erased is not None]
    known = _by_person(stop for stop in every if stop.erased is None and contacts_of(stop.details))
    nameless = [stop for stop in every if stop.erased is None and not contacts_of(stop.details)]
    near = [(stop, [each for each in known if _is_near(stop, each)]) for stop in nameless]
    alone: list[list[KnownStop]] = []
    for stop, theirs in near:
        groups = theirs or [each for each in alone if _is_near(stop, each)]
        if len(groups) == 1:
            groups[0].append(stop)
        else:
            alone.append([stop])
    return [*filter(None, [erased]), *known, *alone]


def _by_person(stops: Iterable[KnownStop]) -> list[list[KnownStop]]:
    """Return stops where somebody is known, by who it is."""
    people: list[list[KnownStop]] = []
    for stop in stops:
        same = [each for each in people if not all(are_others(stop.details, other.details) for other in each)]
        others = [each for each in people if each not in same]
        people = [*others, [*(other for each in same for other in each), stop]]
    return people


def _is_near(stop: KnownStop, others: Iterable[KnownStop]) -> bool:
    """Whether a stop is on the route of one of the others, or at its address."""
    address = stop.details.address
    return any(stop.key == other.key or address == other.details.address is not None for other in others)


def _place(stop: KnownStop) -> tuple[RouteKey, str]:
    return stop.key, stop.details.stop


def _name(stop: KnownStop) -> str:
    return f"{stop.key.route}/{stop.details.stop}"


def _person(asked: Asked, named: Iterable[KnownStop]) -> Person:
    phones = [asked.phone, *(stop.details.phone for stop in named)]
    emails = [asked.email, *(stop.details.email for stop in named)]
    return person_of(phones, emails)


def _by_date(stop: KnownStop) -> tuple[str, RouteKey, str]:
    return stop.date, stop.key, stop.details.stop


def _run(settings: GatewaySettings, database: OperationsDatabase, do: Callable[[_Work], Awaitable[Result]]) -> Result:
    async def run(thread: OperationsThread) -> Result:
        return await do(_Work(settings, thread, SystemClock()))

    with closing(OperationsThread(database)) as thread:
        try:
            return asyncio.run(run(thread))
        except (OperationsAway, ChangedMeanwhile) as error:
            raise CommandError(str(error)) from error


def _shown(found: Found, today: str) -> Iterator[str]:
    """Yield what is known of the recipient."""
    if not found.stops:
        yield "nobody is known by that: never known, or erased already"
    else:
        yield table(("date", "route", "stop", "order", "recipient", "phone", "e-mail", "address"), _rows(found.stops))
        yield f"\nand {found.proofs} photos and signatures, instructions to drivers, remembered places of addresses"
        ahead = sum(stop.date >= today for stop in found.stops)
        if ahead:
            yield f"{ahead} of them are of today or later: their drivers will see neither name nor address"
    if found.elsewhere:
        yield f"the same number or e-mail is known in other fleets ({', '.join(sorted(found.elsewhere))}): use --fleet"


def _rows(stops: Iterable[KnownStop]) -> list[tuple[str, ...]]:
    return [_row(stop) for stop in stops]


def _row(stop: KnownStop) -> tuple[str, ...]:
    return (stop.date, str(stop.key), *_person_cells(stop.details))


def _person_cells(of: StopDetails) -> tuple[str, ...]:
    return (of.stop, of.order, *(each or "-" for each in (of.recipient, of.phone, of.email, of.address)))


def _told(erased: Erased, proofs: int) -> Iterator[str]:
    """Yield what was done, and what was not."""
    yield (
        f"erased: the person at {erased.stops} stops, {erased.instructions} instructions, {proofs} photos and "
        f"signatures, {erased.addresses} remembered places; {erased.links} links lead nowhere now"
    )
    yield "out of reach from here:"
    for each in OUT_OF_REACH:
        yield f"- {each}"
