"""`milepost notify`: what is sent to webhooks and customers. Works beside a running gateway."""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import uuid4

import typer

from gateway.adapters.state.database import FILE_NAME, open_state
from gateway.adapters.state.outbox_desk import OutboxDesk
from gateway.domain.letter import CUSTOMERS, WEBHOOK, Fate, Letter, LetterState, Report
from gateway.ports import Endpoint, KeptLetter, NoSuchEndpoint, Replayed, ReplayRange, StateUnavailable
from gateway.sending.secrets import NEW_BYTES, BadSecret, parse_secret, write_secret
from gateway.sending.standing import Health, health
from gateway.settings import GatewaySettings, SettingsError, read_secret
from gateway.wiring import endpoints_of, webhooks_of
from milepost.errors import CommandError
from milepost.listening import Listener
from milepost.operations import day, gateway_settings, table

app = typer.Typer(help="Look at what is sent out, send it again, and try webhooks.", no_args_is_help=True)

Config = Annotated[Path, typer.Option("--config", help="The gateway's settings file.")]

_TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
_TO_COME = datetime(9999, 1, 1, tzinfo=UTC)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_WHY_NOT = {
    Replayed.UNKNOWN: "there is no such letter (any more)",
    Replayed.STILL_OPEN: "it is still being tried",
    Replayed.DISABLED: "its endpoint is switched off: milepost notify enable",
    Replayed.FULL: "too many letters wait for its endpoint",
    Replayed.NO_ENDPOINT: "its endpoint is not in the settings (any more): nobody would send it",
}

T = TypeVar("T")


def register(root: typer.Typer) -> None:
    """Add the subcommand."""
    root.add_typer(app, name="notify")


@app.command("list")
def list_(
    config: Config,
    *,
    state: Annotated[LetterState | None, typer.Option(help="Only letters in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many letters, the newest.")] = 20,
) -> None:
    """Print how the endpoints are, how many letters there are, and the newest of them."""

    async def ask(desk: OutboxDesk) -> tuple[Mapping[str, int], Sequence[Endpoint], Sequence[KeptLetter]]:
        return await desk.counts(), await desk.endpoints(), await desk.letters(state, limit)

    counts, endpoints, letters = _at_desk(config, ask)
    typer.echo("  ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing was ever sent")
    if endpoints:
        typer.echo("\n" + _listed_endpoints(endpoints, _now()))
    if letters:
        typer.echo("\n" + _listed(letters))


@app.command()
def replay(
    config: Config,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids that `list` shows.")] = None,
    *,
    endpoint: Annotated[str | None, typer.Option(help="A webhook's name: all of its dead letters.")] = None,
    begin: Annotated[
        datetime, typer.Option("--from", formats=_TIMES, help="Of what happened from then on (UTC).")
    ] = _LONG_AGO,
    end: Annotated[
        datetime, typer.Option("--to", formats=_TIMES, help="Of what happened before then (UTC).")
    ] = _TO_COME,
) -> None:
    """Send letters again, with the same ids: the named ones, or an endpoint's dead ones."""
    if bool(ids) == bool(endpoint):
        raise CommandError("name either ids, or --endpoint with --from and --to")
    which = ReplayRange(_endpoint(endpoint or ""), _unix_ms(begin), _unix_ms(end))
    answers = _at_desk(config, lambda desk: desk.replay(ids, _now()) if ids else _replay_pages(desk, which))
    for line in _refusals(answers) if ids else _refusals_by_reason(answers):
        typer.echo(line)
    done = sum(answer is Replayed.REPLAYED for answer in answers.values())
    typer.echo(f"{done} of {len(answers)} are sent again; a running gateway begins within a second")


async def _replay_pages(desk: OutboxDesk, which: ReplayRange) -> Mapping[str, Replayed]:
    """Replay a range page by page, until there is no more of it, or none of a page is new or can be taken."""
    answers: dict[str, Replayed] = {}
    while page := await desk.replay_range(which, _now()):
        news = page.keys() - answers.keys()
        answers |= page
        if not news or any(answer is not Replayed.REPLAYED for answer in page.values()):
            break
    return answers


def _refusals(answers: Mapping[str, Replayed]) -> Iterator[str]:
    return (f"{letter}: {_WHY_NOT[answer]}" for letter, answer in answers.items() if answer is not Replayed.REPLAYED)


def _refusals_by_reason(answers: Mapping[str, Replayed]) -> Iterator[str]:
    """Return why not, with how many: there may be thousands, and what came after them was not looked at."""
    counts = Counter(answer for answer in answers.values() if answer is not Replayed.REPLAYED)
    return (f"{count} or more are left: {_WHY_NOT[answer]}; then replay again" for answer, count in counts.items())


@app.command()
def enable(name: Annotated[str, typer.Argument(help="The webhook's name.")], config: Config) -> None:
    """Switch a webhook on again that was switched off: by its 410, or after five days of failure."""
    dead = _at_desk(config, lambda desk: desk.enable(_endpoint(name)))
    if dead is None:
        raise CommandError(f"{name} is not switched off")
    typer.echo(f"{name} is switched on; {dead} dead letters: milepost notify replay --endpoint {name}")


@app.command()
def secret() -> None:
    """Print a new secret, for a file of its own; the receiver gets the same."""
    typer.echo(write_secret(secrets.token_bytes(NEW_BYTES)))


@app.command()
def listen(
    secret_file: Annotated[Path, typer.Option(help="The file with the secret that the sender has.")],
    *,
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: a free one.")] = 9000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Print what arrives, a line each, checked; or what is wrong with it. Until Ctrl-C."""
    try:
        with Listener((host, port), [_key(secret_file)], typer.echo) as listener:
            typer.echo(_introduced(host, listener.server_address[1], secret_file))
            listener.serve_forever()
    except OSError as error:
        raise CommandError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    except KeyboardInterrupt:
        typer.echo("")


@app.command("send-test")
def send_test(name: Annotated[str, typer.Argument(help="The webhook's name.")], config: Config) -> None:
    """Send one signed test event to a webhook now, past the outbox, and say what it answers."""
    report = asyncio.run(_send_test(gateway_settings(config), name))
    if report.fate is not Fate.DELIVERED:
        raise CommandError(f"{name}: {report.fate}, {report.detail}")
    typer.echo(f"{name}: delivered, {report.detail}")


async def _send_test(settings: GatewaySettings, name: str) -> Report:
    try:
        posts = webhooks_of(settings)
    except SettingsError as error:
        raise CommandError(str(error)) from error
    if name not in posts:
        raise CommandError(f"there is no webhook {name!r}; the settings have {', '.join(posts) or 'none'}")
    try:
        return await posts[name].send(_test_letter(name), _now())
    finally:
        await posts[name].close()


def _test_letter(name: str) -> Letter:
    now = _now()
    data = b'{"note":"a test of this webhook"}'
    return Letter(str(uuid4()), WEBHOOK + name, "test", 1, "webhook.test", now, data, None, now, 0)


def _at_desk(config: Path, ask: Callable[[OutboxDesk], Awaitable[T]]) -> T:
    async def answer(desk: OutboxDesk) -> T:
        return await ask(desk)

    with _opened(config) as desk:
        return asyncio.run(answer(desk))


@contextmanager
def _opened(config: Path) -> Iterator[OutboxDesk]:
    settings = gateway_settings(config)
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        raise CommandError(f"there is no {path}: the gateway makes it at its first start")
    try:
        state = open_state(path.parent)
        try:
            yield state.desk.among(endpoints_of(settings))
        finally:
            state.close()
    except (NoSuchEndpoint, StateUnavailable) as error:
        raise CommandError(str(error)) from error


def _endpoint(name: str) -> str:
    """Return the endpoint that a person means by a webhook's name, or by the endpoint's own."""
    return name if name == CUSTOMERS or name.startswith(WEBHOOK) else WEBHOOK + name


def _key(file: Path) -> bytes:
    try:
        return parse_secret(read_secret(file) or "")
    except SettingsError as error:
        raise CommandError(str(error)) from error
    except BadSecret as error:
        raise CommandError(f"{file} holds no webhook's secret: {error}; milepost notify secret makes one") from error


def _introduced(host: str, port: int, secret_file: Path) -> str:
    return (
        f'listening until Ctrl-C; for the gateway\'s settings:\n\n[[webhooks]]\nname = "listen"\n'
        f'url = "http://{host}:{port}/"\nsecret_file = "{secret_file.resolve()}"\nallow = ["{host}"]\n'
    )


def _listed_endpoints(endpoints: Sequence[Endpoint], now: int) -> str:
    return table(("endpoint", "is", "since (UTC)", "waiting", "why"), [_endpoint_row(each, now) for each in endpoints])


def _endpoint_row(endpoint: Endpoint, now: int) -> tuple[str, ...]:
    standing = endpoint.standing
    found = health(standing, now)
    since = standing.disabled if found is Health.DISABLED else standing.failing_since
    return (endpoint.name, found, day(since), str(endpoint.waiting), standing.detail)


def _listed(letters: Sequence[KeptLetter]) -> str:
    head = ("id", "endpoint", "event", "happened (UTC)", "lane", "seq", "state", "tries", "next or end", "why")
    return table(head, [_row(letter) for letter in letters])


def _row(letter: KeptLetter) -> tuple[str, ...]:
    place = (letter.id, letter.endpoint, letter.kind, day(letter.time), letter.lane, str(letter.seq))
    return (*place, letter.state, str(letter.attempts), day(letter.settled or letter.due), letter.detail)


def _unix_ms(time_utc: datetime) -> int:
    return int(time_utc.replace(tzinfo=UTC).timestamp() * 1000)


def _now() -> int:
    return time.time_ns() // 1_000_000
