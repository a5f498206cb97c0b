"""`milepost doctor`: what is wrong with an installation, what it means and what to do."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway.doctor.examination import Extras, examine
from gateway.doctor.findings import Finding, Verdict, worst
from milepost.errors import CommandError
from milepost.operations import gateway_settings
from wire.names import DEFAULT_FLEET, VehicleKey, require_name


class Report(msgspec.Struct, frozen=True):
    """What `--json` prints."""

    worst: Verdict
    findings: list[Finding]


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.command()(doctor)


def doctor(
    config: Annotated[Path, typer.Option(help="The gateway's settings file.")],
    *,
    vehicle: Annotated[str | None, typer.Option(help="Also try what this vehicle may do at the broker.")] = None,
    fleet: Annotated[str, typer.Option(help="The vehicle's fleet.")] = DEFAULT_FLEET,
    password_file: Annotated[Path | None, typer.Option(help="Holds the vehicle's password alone.")] = None,
    broker_config: Annotated[Path | None, typer.Option(help="Mosquitto's own configuration file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of lines.")] = False,
) -> None:
    """Look at broker, database, clock, disk and public address; exit code 1 if there is a problem."""
    settings = gateway_settings(config)
    extras = Extras(_key(fleet, vehicle), _password(vehicle, password_file), broker_config)
    findings = asyncio.run(examine(settings, extras))
    gravest = worst(findings)
    typer.echo(msgspec.json.format(msgspec.json.encode(Report(gravest, findings))) if as_json else _lines(findings))
    if gravest is Verdict.PROBLEM:
        sys.exit(1)


def _lines(findings: list[Finding]) -> str:
    return "\n".join(
        f"{finding.verdict:<8} {finding.area:<9} {finding.meaning}"
        + (f"\n{'':18} -> {finding.action}" if finding.action else "")
        for finding in findings
    )


def _key(fleet: str, vehicle: str | None) -> VehicleKey | None:
    try:
        return VehicleKey(require_name(fleet, "fleet"), require_name(vehicle, "vehicle")) if vehicle else None
    except ValueError as error:
        raise CommandError(str(error)) from error


def _password(vehicle: str | None, path: Path | None) -> str | None:
    if vehicle is None:
        return None
    if path is None:
        raise CommandError("--vehicle needs --password-file, the file that 'devices add --out' wrote")
    try:
        return path.read_text().strip()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
