"""`milepost tokens`: who may use the API."""

import time
from pathlib import Path
from typing import Annotated

import typer

from gateway.adapters.registry.tokens import TokenStore
from milepost.operations import day, opened, table

app = typer.Typer(help="Make, list and revoke tokens of the API.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="tokens")


@app.command()
def add(name: Annotated[str, typer.Argument(help="What or whom it is for.")], config: Config) -> None:
    """Make a token and print it, once: only its digest is kept."""
    with opened(config) as (_, database):
        typer.echo(TokenStore(database).add(name, time.time_ns() // 1_000_000))


@app.command("list")
def list_(config: Config) -> None:
    """Print all tokens by id and name, the revoked ones included."""
    with opened(config) as (_, database):
        rows = [
            (token.id, token.name, day(token.created), day(token.revoked)) for token in TokenStore(database).issued()
        ]
    typer.echo(table(("id", "name", "made", "revoked"), rows))


@app.command()
def revoke(token_id: Annotated[str, typer.Argument(help="The id that `list` shows.")], config: Config) -> None:
    """Make a token invalid; a running gateway refuses it within seconds."""
    with opened(config) as (_, database):
        TokenStore(database).revoke(token_id, time.time_ns() // 1_000_000)
    typer.echo(f"token {token_id} is revoked; a running gateway refuses it within seconds")
