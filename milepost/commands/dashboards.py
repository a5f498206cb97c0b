"""`milepost dashboards`: Grafana's dashboards, built as files or sent to a running Grafana."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from dashboards import build as files
from dashboards.push import Grafana, PushFailed
from dashboards.push import push as send
from milepost.errors import CommandError

WHERE_BUILT = Path("dashboards") / "grafana"
"""From the top of a checkout: where the built files are kept."""

app = typer.Typer(help="Build Grafana's dashboards, or push them.", no_args_is_help=True)


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="dashboards")


@app.command()
def build(out: Annotated[Path, typer.Option(help="The directory to write into.")] = WHERE_BUILT) -> None:
    """Write the dashboards as JSON, for Grafana's provisioning or its import page."""
    try:
        written = files.write(out)
    except OSError as error:
        raise CommandError(f"cannot write into {out}: {error.strerror}") from error
    for path in written:
        typer.echo(path)


@app.command()
def push(
    url: Annotated[str, typer.Option(help="Grafana's address, such as https://grafana.example.")],
    token_file: Annotated[Path, typer.Option(help="Holds a service account's token (role Editor) alone.")],
    folder: Annotated[str | None, typer.Option(help="The uid of the folder; without it the general one.")] = None,
) -> None:
    """Send the dashboards to a running Grafana, over older ones of the same uid."""
    made = {name: make() for name, make in files.DASHBOARDS.items()}
    try:
        addresses = asyncio.run(send(Grafana(url, _token(token_file)), made, folder))
    except PushFailed as error:
        raise CommandError(str(error)) from error
    for address in addresses:
        typer.echo(address)


def _token(path: Path) -> str:
    try:
        token = path.read_text().strip()
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise CommandError(f"{path} does not hold one token alone")
    return token
