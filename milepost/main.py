"""Entry point of the `milepost` command."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from milepost.errors import CommandError

COMMANDS = (
    "demo",
    "gateway",
    "device",
    "simulate",
    "devices",
    "drivers",
    "tokens",
    "routes",
    "erase",
    "messages",
    "eta",
    "quarantine",
    "notify",
    "doctor",
    "dashboards",
)
OUR_MODULES = ("wire", "device", "gateway", "dashboards")
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the subcommand that was asked for; an expected error is one clear line and exit code 1."""
    try:
        refuse_strangers()
        build(sys.argv[1:])()
    except CommandError as error:
        sys.stderr.write(f"milepost: {error}\n")
        sys.exit(1)


def build(arguments: list[str]) -> typer.Typer:
    """Return the application with the named subcommand, or with all of them when help is asked for.

    Loading one only keeps the gateway's libraries out of the vehicle's memory.
    """
    app = typer.Typer(
        name="milepost",
        help="From the NMEA byte to the customer's doorstep.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    for name in COMMANDS if not arguments or arguments[0] not in COMMANDS else arguments[:1]:
        _load(app, name)
    return app


def refuse_strangers() -> None:
    """Stop when another distribution's `wire`, `device` or `gateway` stands before ours (docs/decisions/0001).

    Raises:
        CommandError: naming the file that is in the way.

    """
    for name in OUR_MODULES:
        spec = importlib.util.find_spec(name)
        origin = Path(spec.origin).resolve() if spec and spec.origin else None
        if origin is None or origin.parent.parent != ROOT:
            raise CommandError(
                f"the module {name!r} is not Milepost's own but {origin}: "
                "install milepost into an environment of its own (python3 -m venv, pipx)"
            )


def _root() -> None:
    """Keep the subcommand's name required even when only one is loaded."""


def _load(app: typer.Typer, name: str) -> None:
    try:
        importlib.import_module(f"milepost.commands.{name}").register(app)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {*OUR_MODULES, "milepost"}:
            raise
        app.command(name, help="(needs the extra: pip install 'milepost[gateway]')")(_missing(name, error.name))


def _missing(command: str, module: str) -> Callable[[], None]:
    def fail() -> None:
        raise CommandError(f"'{command}' needs {module}, which is not installed: pip install 'milepost[gateway]'")

    return fail
