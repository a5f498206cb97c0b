"""`milepost messages`: what customers are sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from gateway.domain.message import Contact, MessageKind
from gateway.links.words import Language
from gateway.messages.examples import EXAMPLE_URL, example
from gateway.messages.gsm import foreign_letters, segments
from gateway.messages.write import Message, write
from gateway.settings import SettingsError, load
from milepost.errors import CommandError

EXAMPLE_COMPANY = "Acme Parcels"


def register(root: typer.Typer) -> None:
    """Add the subcommands."""
    app = typer.Typer(help="What customers are sent.", no_args_is_help=True)
    app.callback()(_group)
    app.command()(preview)
    root.add_typer(app, name="messages")


def preview(
    *,
    language: Annotated[Language | None, typer.Option(help="In this language only.")] = None,
    kind: Annotated[MessageKind | None, typer.Option(help="Of this kind only.")] = None,
    config: Annotated[Path | None, typer.Option(help="The gateway's settings file, for the company's name.")] = None,
) -> None:
    """Print the messages with an example, as they go to a phone and as a mail. Nothing is sent."""
    company = _company(config)
    for each in [kind] if kind else MessageKind:
        for spoken in [language] if language else Language:
            for line in _shown(each, spoken, company):
                typer.echo(line)


def _group() -> None:
    """Keep the name of the only subcommand required."""


def _company(config: Path | None) -> str:
    try:
        return EXAMPLE_COMPANY if config is None else load(config).company.name
    except SettingsError as error:
        raise CommandError(str(error)) from error


def _shown(kind: MessageKind, language: Language, company: str) -> Iterator[str]:
    telling = example(kind, company, EXAMPLE_URL)
    sms, mail = (write(telling, language, contact) for contact in (Contact.PHONE, Contact.EMAIL))
    yield f"{kind} [{language}]"
    yield f"  SMS ({_length(sms)})"
    yield f"    {sms.text}"
    yield f"  mail: {mail.title}"
    yield from (f"    {line}".rstrip() for line in mail.text.splitlines())
    yield ""


def _length(sms: Message) -> str:
    foreign = "".join(sorted(foreign_letters(sms.text)))
    number = segments(sms.text)
    parts = "1 segment" if number == 1 else f"{number} segments"
    return f"{len(sms.text)} letters, {parts}" + (f"; not in GSM-7: {foreign}" if foreign else "")
