"""Sends dashboards to a running Grafana over its HTTP API."""

from collections.abc import Mapping
from typing import NamedTuple

import aiohttp

from dashboards.panels import Json

TIMEOUT_S = 20.0
"""Longer than a loaded Grafana takes to store a dashboard; shorter than a person's patience."""

SHOWN_CHARACTERS = 300
"""Of an error's body: enough for Grafana's own message, too little for a proxy's whole page."""


class Grafana(NamedTuple):
    """A Grafana and how to log in: the token of a service account that may write dashboards."""

    url: str
    token: str


class PushFailed(Exception):  # noqa: N818 - a state of the world, named as such
    """Grafana did not take the dashboard; the message says what it answered."""


async def push(grafana: Grafana, dashboards: Mapping[str, Json], folder_uid: str | None = None) -> list[str]:
    """Store the dashboards, over older ones of the same uid, and return their addresses.

    Raises:
        PushFailed: Grafana cannot be reached or refused one.

    """
    headers = {"Authorization": f"Bearer {grafana.token}"}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with aiohttp.ClientSession(grafana.url.rstrip("/") + "/", headers=headers, timeout=timeout) as session:
            paths = [await _store(session, name, dashboard, folder_uid) for name, dashboard in dashboards.items()]
    except (aiohttp.ClientError, TimeoutError) as error:
        raise PushFailed(f"cannot reach Grafana at {grafana.url}: {error}") from error
    return [grafana.url.rstrip("/") + path for path in paths]


async def _store(session: aiohttp.ClientSession, name: str, dashboard: Json, folder_uid: str | None) -> str:
    order: Json = {"dashboard": {**dashboard, "id": None}, "overwrite": True, "message": "milepost dashboards push"}
    if folder_uid is not None:
        order["folderUid"] = folder_uid
    async with session.post("api/dashboards/db", json=order) as answer:
        if answer.status != 200:
            said = (await answer.text())[:SHOWN_CHARACTERS]
            raise PushFailed(f"{name}: Grafana answered {answer.status} {answer.reason}: {said}")
        return str((await answer.json())["url"])
