"""What the subcommands on operational data share: opening it, and printing rows of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gateway.adapters.operations.database import OperationsDatabase, OperationsUnavailable, open_operations
from gateway.adapters.registry.tokens import NoSuchToken
from gateway.adapters.registry.vehicles import AlreadyRegistered, NotRegistered
from gateway.settings import GatewaySettings, SettingsError, load
from milepost.errors import CommandError


def gateway_settings(config: Path) -> GatewaySettings:
    """Return the settings of the gateway.

    Raises:
        CommandError: the file is missing or wrong.

    """
    try:
        return load(config)
    except SettingsError as error:
        raise CommandError(str(error)) from error


@contextmanager
def opened(config: Path) -> Iterator[tuple[GatewaySettings, OperationsDatabase]]:
    """Yield the gateway's settings and its operational data, which a running gateway may have open, too.

    Raises:
        CommandError: the file cannot be used, or what the caller asked of it was refused.

    """
    settings = gateway_settings(config)
    try:
        database = open_operations(settings.data_dir)
        try:
            yield settings, database
        finally:
            database.close()
    except (OperationsUnavailable, AlreadyRegistered, NotRegistered, NoSuchToken) as error:
        raise CommandError(str(error)) from error


def day(unix_ms: int | None) -> str:
    """Return a time to the minute, UTC; a dash for none."""
    return "-" if unix_ms is None else f"{datetime.fromtimestamp(unix_ms / 1000, UTC):%Y-%m-%d %H:%M}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows in aligned columns under their head."""
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows))
    return "\n".join(line.rstrip() for line in lines)
