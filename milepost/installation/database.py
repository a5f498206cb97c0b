"""Sets InfluxDB 2 up over its HTTP API: organisation, bucket, and tokens with no more rights than their users need."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from milepost.installation.places import kept_secret, write_private

ORG = BUCKET = "milepost"
ADMINISTRATOR = "admin"

READY_ATTEMPTS, READY_PAUSE_S = 60, 1.0
"""InfluxDB is up within seconds; a minute covers a slow disk."""

TIMEOUT_S = 30.0
"""One answer of a database that is still warming up."""

Json = dict[str, object]


class SetUpFailed(Exception):  # noqa: N818 - a state of the world, named as such
    """InfluxDB cannot be set up; the message says what it answered."""


@dataclass(frozen=True, slots=True)
class TokenFiles:
    """Where the administrator's secrets are kept, and where the tokens go."""

    administrator: Path
    gateway: Path
    grafana: Path


async def set_up(url: str, files: TokenFiles) -> None:
    """Make what is missing of organisation, bucket and tokens; safe to repeat.

    Raises:
        SetUpFailed: InfluxDB is not there, or was set up by somebody else.

    """
    # Kept before they are used: cut off after the set-up, the next start can go on.
    password, token = kept_secret(files.administrator / "password"), kept_secret(files.administrator / "token")
    headers = {"Authorization": f"Token {token}"}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(url.rstrip("/") + "/", headers=headers, timeout=timeout) as session:
            await _found(session, password, token)
            await _issue_tokens(session, files)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SetUpFailed(f"InfluxDB at {url} cannot be set up: {error}") from error


async def _found(session: aiohttp.ClientSession, password: str, token: str) -> None:
    if not (await _when_ready(session)).get("allowed"):
        return
    owner: Json = {"username": ADMINISTRATOR, "password": password, "token": token}
    await _post(session, "api/v2/setup", {**owner, "org": ORG, "bucket": BUCKET})


async def _issue_tokens(session: aiohttp.ClientSession, files: TokenFiles) -> None:
    organisation = await _only(session, "api/v2/orgs", "orgs", org=ORG)
    bucket = await _only(session, "api/v2/buckets", "buckets", name=BUCKET)
    for path, actions in ((files.gateway, ("read", "write")), (files.grafana, ("read",))):
        if not path.exists():
            write_private(path, await _token(session, actions, organisation, bucket) + "\n")


async def _token(session: aiohttp.ClientSession, actions: tuple[str, ...], organisation: str, bucket: str) -> str:
    resource: Json = {"type": "buckets", "id": bucket, "orgID": organisation}
    order: Json = {
        "orgID": organisation,
        "description": f"milepost: {' and '.join(actions)} {BUCKET}",
        "permissions": [{"action": action, "resource": resource} for action in actions],
    }
    return str((await _post(session, "api/v2/authorizations", order))["token"])


async def _when_ready(session: aiohttp.ClientSession) -> Json:
    """Return what `/api/v2/setup` says, waiting until somebody answers."""
    for _ in range(READY_ATTEMPTS):
        try:
            return await _get(session, "api/v2/setup")
        except aiohttp.ClientConnectionError:
            await asyncio.sleep(READY_PAUSE_S)
    return await _get(session, "api/v2/setup")


async def _only(session: aiohttp.ClientSession, path: str, kind: str, **wanted: str) -> str:
    found = (await _get(session, path, **wanted)).get(kind)
    if not isinstance(found, list) or len(found) != 1:
        raise SetUpFailed(f"InfluxDB has no one of {kind} called {wanted}: was it set up by somebody else?")
    return str(found[0]["id"])


async def _get(session: aiohttp.ClientSession, path: str, **parameters: str) -> Json:
    async with session.get(path, params=parameters) as answer:
        return await _read(answer)


async def _post(session: aiohttp.ClientSession, path: str, body: Json) -> Json:
    async with session.post(path, json=body) as answer:
        return await _read(answer)


async def _read(answer: aiohttp.ClientResponse) -> Json:
    if answer.status >= 400:
        said = (await answer.text())[:300]
        raise SetUpFailed(f"InfluxDB answered {answer.status} at {answer.url.path}: {said}")
    read: Json = await answer.json()
    return read
