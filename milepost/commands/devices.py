"""`milepost devices`: which vehicles may report, and what their agents and the broker need for it."""

import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.enrolment import broker
from gateway.enrolment.agent import AgentFiles, BrokerAddress, agent_config
from gateway.settings import GatewaySettings
from milepost.errors import CommandError
from milepost.operations import day, opened, table
from wire.names import DEFAULT_FLEET, VehicleKey, require_name
from wire.topics import Topics

ON_THE_VEHICLE = Path("/etc/milepost")
AGENT_FILES = AgentFiles(password=ON_THE_VEHICLE / "password", data=Path("/var/lib/milepost"))
PRIVATE = 0o600

app = typer.Typer(help="Register, list and revoke vehicles.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]
Fleet = Annotated[str, typer.Option(help="The vehicle's fleet.")]
Name = Annotated[str, typer.Argument(metavar="VEHICLE", help="1 to 64 of the characters A-Z a-z 0-9 _ -")]


@dataclass(frozen=True, slots=True)
class Handout:
    """One thing that the new vehicle or its broker needs: where it goes, and its text."""

    file_name: str
    goes_to: str
    text: str


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
    handouts = _handouts(key, secret, address, settings)
    typer.echo(_printed(handouts) if out is None else _written(handouts, out))
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
    tls = mqtt.tls or mqtt.tls_ca_file is not None
    ca_file = ON_THE_VEHICLE / "ca.crt" if mqtt.tls_ca_file is not None else None
    return BrokerAddress(host or mqtt.host, port or mqtt.port, tls, ca_file, mqtt.topic_prefix)


def _handouts(key: VehicleKey, secret: str, address: BrokerAddress, settings: GatewaySettings) -> list[Handout]:
    topics = Topics(address.topic_prefix)
    salt = secrets.token_bytes(broker.SALT_BYTES)
    acl = "\n".join(broker.acl_lines(topics, key))
    covered = "  (config/mosquitto/acl covers it already)" if broker.covered_by_patterns(topics, key) else ""
    handouts = [
        Handout("device.toml", f"vehicle: {ON_THE_VEHICLE}/device.toml", agent_config(key, address, AGENT_FILES)),
        Handout("password", f"vehicle: {AGENT_FILES.password}, mode 0600; also its password for HTTP", f"{secret}\n"),
        Handout(
            "mosquitto-passwords",
            "broker: add to passwords, then SIGHUP",
            broker.password_line(broker.broker_user(key), secret, salt) + "\n",
        ),
        Handout("mosquitto-acl", f"broker: add to acl, then SIGHUP{covered}", f"{acl}\n"),
    ]
    authority = settings.mqtt.tls_ca_file
    if authority is not None and authority.is_file():
        handouts.append(Handout("ca.crt", f"vehicle: {address.ca_file}", authority.read_text()))
    return handouts


def _printed(handouts: list[Handout]) -> str:
    return "\n".join(f"# --- {handout.goes_to}\n{handout.text}" for handout in handouts)


def _require_empty(out: Path) -> None:
    """Refuse before anything is registered: a secret that cannot be written down is lost."""
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise CommandError(f"{out} is not empty: its files could be another vehicle's")
    except OSError as error:
        raise CommandError(f"cannot write into {out}: {error.strerror}") from error


def _written(handouts: list[Handout], out: Path) -> str:
    for handout in handouts:
        path = out / handout.file_name
        path.touch(mode=PRIVATE)
        path.write_text(handout.text)
    return "\n".join(f"{out / handout.file_name}  ->  {handout.goes_to}" for handout in handouts)


def _what_next(address: BrokerAddress) -> str:
    notes = [f"the agent will connect to {address.host}:{address.port}"]
    if address.host in {"127.0.0.1", "localhost", "::1"}:
        notes.append("that is this machine alone: give --broker-host (and --broker-port) as vehicles reach the broker")
    if not address.tls:
        notes.append("without TLS: password and positions travel in the clear")
    return "\n".join(f"note: {note}" for note in notes)
