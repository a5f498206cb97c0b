"""What is kept of what was foreseen. Times are Unix ms."""

from typing import NamedTuple

import msgspec


class Limits(NamedTuple):
    """What is configured. A van is near from `arriving_ms` before its arrival.

    A vehicle is silent `silent_after_ms` after the last receipt; whoever has seen no tick for `deaf_after_ms` could
    hear nobody.
    """

    arriving_ms: int = 600_000
    silent_after_ms: int = 180_000
    deaf_after_ms: int = 30_000


class Foreseen(msgspec.Struct, array_like=True, gc=False):
    """What was told about a stop ahead. `told` is the window told last (None: what was promised), at `told_at`.

    `updates` and `delays` count what was told; `late` says that a delay lasts.
    """

    approached: bool = False
    updates: int = 0
    told: tuple[int, int] | None = None
    told_at: int = 0
    delays: int = 0
    late: bool = False


class Outlook(msgspec.Struct, array_like=True, gc=False):
    """What was told about a route, and when it was listened to.

    `ticked` is the newest tick that looked at it, `listening` since when ticks have come regularly, `heard` the newest
    receipt of a position under way. `silent` says that it was told, `silences` how often; `complete` and
    `completions` the same of its completion. `stops` holds those that something was told about.
    """

    ticked: int = 0
    listening: int = 0
    heard: int = 0
    silent: bool = False
    silences: int = 0
    complete: bool = False
    completions: int = 0
    stops: dict[str, Foreseen] = msgspec.field(default_factory=dict)
