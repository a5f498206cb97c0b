"""What a gateway is made of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gateway.http.server import Server


class Started(NamedTuple):
    """Where the gateway is reached; `token` only at the first start, to be shown this once."""

    console: str
    api: str
    token: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A task: its name, what it does (most for ever), and how it is asked to end (None: it is cancelled)."""

    name: str
    run: Callable[[], Awaitable[None]]
    end: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Assembled:
    """A gateway that is put together and not yet running."""

    parts: Sequence[Part]
    server: Server
    started: Started
