"""`milepost devices`: which vehicles may report, and what their agents and the broker need for it."""

import time
from pathlib import Path
from typing import Annotated

import typer

from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.enrolment import broker
from gateway.enrolment.agent import BrokerAddress
from gateway.settings import GatewaySettings
from milepost.errors import CommandError
from milepost.handouts import CA_ON_THE_VEHICLE, Handout, handouts, write
from milepost.operations import day, opened, table
from wire.names import DEFAULT_FLEET, VehicleKey, require_name

app = typer.Typer(help="Register, list and revoke vehicles.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]
Fleet = Annotated[str, typer.Option(help="The vehicle's fleet.")]
Name = Annotated[str, typer.Argument(metavar="VEHICLE", help="1 to 64 of the characters A-Z a-z 0-9 _ -")]


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="devices")


@app.command()
def add(
    vehicle: Name,
    config: Config,
    *,
    fleet: Fleet = DEFAULT_FLEET,
    broker_host: Annotated[str | None, typer.Option(help="The broker as vehicles reach it.")] = None,
    broker_port: Annotated[int | None, typer.Option(help="Its port for vehicles.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write files (mode 0600) into this directory.")] = None,
) -> None:
    """Register a vehicle; print or write what its agent and the broker need. The password is shown this once."""
    key = _key(fleet, vehicle)
    if out is not None:
        _require_empty(out)
    with opened(config) as (settings, database):
        secret = VehicleRegistry(database).add(key, time.time_ns() // 1_000_000)
    address = _address(settings, broker_host, broker_port)
    made = handouts(key, secret, address, settings.mqtt.tls_ca_file)
    typer.echo(_printed(made) if out is None else _written(made, out))
    typer.echo(_what_next(address), err=True)


@app.command("list")
def list_(config: Config) -> None:
    """Print all vehicles, the revoked ones included."""
    with opened(config) as (_, database):
        vehicles = VehicleRegistry(database).registered()
    rows = [(*row.key, broker.broker_user(row.key), day(row.created), day(row.revoked)) for row in vehicles]
    typer.echo(table(("fleet", "vehicle", "broker user", "registered", "revoked"), rows))


@app.command()
def revoke(vehicle: Name, config: Config, fleet: Fleet = DEFAULT_FLEET) -> None:
    """Let a vehicle report no more; a running gateway refuses it within seconds."""
    key = _key(fleet, vehicle)
    with opened(config) as (_, database):
        VehicleRegistry(database).revoke(key, time.time_ns() // 1_000_000)
    user = broker.broker_user(key)
    typer.echo(f"vehicle {key} is revoked; a running gateway refuses it within seconds")
    typer.echo(
        f"at the broker, remove the line of passwords that begins with '{user}:' and, if there is one, the section "
        f"'user {user}' of acl, and send SIGHUP: it is let in no more (a standing connection lasts until a restart)"
    )


def _key(fleet: str, vehicle: str) -> VehicleKey:
    try:
        return VehicleKey(require_name(fleet, "fleet"), require_name(vehicle, "vehicle"))
    except ValueError as error:
        raise CommandError(str(error)) from error


def _address(settings: GatewaySettings, host: str | None, port: int | None) -> BrokerAddress:
    mqtt = settings.mqtt
    ca_file = CA_ON_THE_VEHICLE if mqtt.tls_ca_file is not None else None
    return BrokerAddress(host or mqtt.host, port or mqtt.port, mqtt.tls, ca_file, mqtt.topic_prefix)


def _printed(made: list[Handout]) -> str:
    return "\n".join(f"# --- {handout.goes_to}\n{handout.text}" for handout in made)


def _require_empty(out: Path) -> None:
    """Refuse before anything is registered: a secret that cannot be written down is lost."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise CommandError(f"{out} is not empty: its files could be another vehicle's")
    except OSError as error:
        raise CommandError(f"cannot write into {out}: {error.strerror}") from error


def _written(made: list[Handout], out: Path) -> str:
    paths = write(made, out)
    return "\n".join(f"{path}  ->  {handout.goes_to}" for path, handout in zip(paths, made, strict=True))


def _what_next(address: BrokerAddress) -> str:
    notes = [f"the agent will connect to {address.host}:{address.port}"]
    if address.host in {"127.0.0.1", "localhost", "::1"}:
        notes.append("that is this machine alone: give --broker-host (and --broker-port) as vehicles reach the broker")
    if not address.tls:
        notes.append("without TLS: password and positions travel in the clear")
    return "\n".join(f"note: {note}" for note in notes)
