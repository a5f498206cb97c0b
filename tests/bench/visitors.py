"""The visitors: many customers' pages, each asking for its state as the page does, from a process of their own.

`python -m tests.bench.visitors URLS_FILE SECONDS` prints how long the answers took.
"""

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

ASKS_EVERY_S = 12.0
"""How often an open page asks, about."""


@dataclass
class Asked:
    """What the answers were, and how long each took."""

    took_ms: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


async def visit(http: aiohttp.ClientSession, url: str, address: str, until: float, asked: Asked) -> None:
    """Open a page, and ask for its state until it is time to go."""
    await asyncio.sleep(random.uniform(0, ASKS_EVERY_S))
    etag = ""
    while time.monotonic() < until:
        before = time.monotonic()
        async with http.get(f"{url}/state", headers={"If-None-Match": etag, "X-Forwarded-For": address}) as answer:
            await answer.read()
            etag = answer.headers.get("ETag", "")
            asked.statuses.append(answer.status)
        asked.took_ms.append((time.monotonic() - before) * 1000)
        await asyncio.sleep(random.uniform(0.9, 1.1) * ASKS_EVERY_S)


def address_of(number: int) -> str:
    """Return an address of its own for each phone: the gateway counts by address, as a proxy before it names them."""
    return f"10.0.{number // 250}.{number % 250 + 1}"


async def main(urls: list[str], seconds: float) -> None:
    """Let all visit at once, each over a connection of its own, as phones do."""
    asked = Asked()
    connector = aiohttp.TCPConnector(limit=0, force_close=False)
    async with aiohttp.ClientSession(connector=connector) as http:
        until = time.monotonic() + seconds
        await asyncio.gather(*(visit(http, url, address_of(n), until, asked) for n, url in enumerate(urls)))
    print(json.dumps(vars(asked)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text().split(), float(sys.argv[2])))
