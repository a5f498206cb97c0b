"""`milepost quarantine`: what the gateway rejected, and why. Works beside a running gateway."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from gateway.adapters.journal.quarantine import QuarantineFile
from gateway.adapters.journal.schema import FILE_NAME, JournalUnusable
from gateway.ports import QuarantineItem
from milepost.errors import CommandError
from milepost.operations import day, gateway_settings, table

app = typer.Typer(help="Look at what was rejected, and why.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]

LONGEST_DETAIL = 60
"""Characters of a detail in the list; `show` has all of it."""

BYTES_A_LINE = 16


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="quarantine")


@app.command("list")
def list_(
    config: Config,
    *,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many items, the newest first.")] = 20,
    before: Annotated[int | None, typer.Option(help="Only items with a smaller number.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only items rejected for this reason.")] = None,
) -> None:
    """Print how much was rejected by reason, and the newest items."""
    with _opened(config) as quarantine:
        counts = quarantine.counts()
        items = quarantine.page(limit, before, reason)
    if reason is not None and reason not in counts:
        raise CommandError(f"nothing was rejected as {reason!r}; reasons so far: {', '.join(counts) or 'none'}")
    typer.echo(_counted(counts))
    if items:
        typer.echo("\n" + _listed(items))


@app.command()
def show(number: Annotated[int, typer.Argument(metavar="NUMBER", help="The item's number.")], config: Config) -> None:
    """Print one item with what it held."""
    with _opened(config) as quarantine:
        item = quarantine.item(number)
    if item is None:
        raise CommandError(f"there is no item {number}: it never was, or it was dropped to make room for newer ones")
    typer.echo(_described(item))
    typer.echo("\n" + _legible(item.entry.body))


@contextmanager
def _opened(config: Path) -> Iterator[QuarantineFile]:
    path = gateway_settings(config).data_dir / FILE_NAME
    try:
        quarantine = QuarantineFile(path)
        try:
            yield quarantine
        finally:
            quarantine.close()
    except JournalUnusable as error:
        raise CommandError(str(error)) from error
    except sqlite3.Error as error:
        raise CommandError(f"cannot read {path}: {error}") from error


def _counted(counts: dict[str, int]) -> str:
    if not counts:
        return "nothing was ever rejected"
    return table(("reason", "rejected so far"), [(reason, str(count)) for reason, count in counts.items()])


def _listed(items: Sequence[QuarantineItem]) -> str:
    head = ("number", "received (UTC)", "vehicle", "numbered", "bytes", "reason", "detail")
    return table(head, [_row(item) for item in items])


def _row(item: QuarantineItem) -> tuple[str, ...]:
    entry = item.entry
    place = "-" if entry.seq is None else str(entry.seq)
    vehicle = f"{entry.fleet}/{entry.vehicle}"
    detail = _one_line(entry.detail)
    short = detail if len(detail) <= LONGEST_DETAIL else detail[: LONGEST_DETAIL - 1] + "…"
    return (str(item.id), day(entry.received), vehicle, place, str(len(entry.body)), entry.reason, short)


def _described(item: QuarantineItem) -> str:
    entry = item.entry
    facts = {
        "number": str(item.id),
        "received": f"{day(entry.received)} UTC ({entry.received})",
        "vehicle": f"{entry.fleet}/{entry.vehicle}",
        "source": entry.source,
        "spool": entry.spool,
        "position": "" if entry.seq is None else str(entry.seq),
        "topic": _one_line(entry.topic),
        "reason": entry.reason,
        "detail": _one_line(entry.detail),
        "size": f"{len(entry.body)} bytes",
    }
    return "\n".join(f"{name:9} {value}" for name, value in facts.items() if value)


def _one_line(text: str) -> str:
    """Return `text` without what would move the cursor: a stranger wrote it."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _legible(body: bytes) -> str:
    """Return text as it is, anything else in hexadecimal."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _hexadecimal(body)
    return text if all(each.isprintable() or each in "\n\t" for each in text) else _hexadecimal(body)


def _hexadecimal(body: bytes) -> str:
    return "\n".join(
        f"{start:06x}  {body[start : start + BYTES_A_LINE].hex(' ')}" for start in range(0, len(body), BYTES_A_LINE)
    )
