"""What the watchers of deviations keep. Times are event times, Unix ms."""

import msgspec

from gateway.domain.events import DeviationKind

MAX_EPISODES = 300
"""Episodes of one route: twice the stops of a full van. Beyond it new ones are counted, not kept."""


class Episode(msgspec.Struct, array_like=True, gc=False):
    """One deviation from its beginning to its end (None: it lasts). `number` counts those of its kind on the route.

    `greatest_m` is the greatest distance (off the route, from the stop), `extra_m` what was driven beyond the plan.
    """

    kind: DeviationKind
    number: int
    begin: int
    end: int | None = None
    stop: str | None = None
    lat: float | None = None
    lon: float | None = None
    greatest_m: float | None = None
    extra_m: float | None = None


class Excursion(msgspec.Struct, array_like=True, gc=False):
    """Fixes off the route; `episode` is the number of their episode (None: not yet one).

    `driven_m` is the way since `begin`, which was at `from_along_m` of the line; `back` is since when the vehicle has
    been near the line again.
    """

    begin: int
    lat: float
    lon: float
    last_lat: float
    last_lon: float
    fixes: int = 1
    greatest_m: float = 0.0
    driven_m: float = 0.0
    from_along_m: float = 0.0
    back: int | None = None
    episode: int | None = None


class Standing(msgspec.Struct, array_like=True, gc=False):
    """The vehicle has been within a few metres of here from `since` until `last`; `episode` as above."""

    since: int
    last: int
    lat: float
    lon: float
    episode: int | None = None


class DeviationState(msgspec.Struct, array_like=True, gc=False):
    """Episodes in the order in which they were recognised, and what the watchers have in hand.

    `numbers` counts the episodes of each kind, those that found no room (`dropped`) too. `heard` is the time of the
    newest fix. `risk_due` is when the windows are looked at again. `last_served` is the stop served last;
    `start_judged` says that the start is known and was judged.
    """

    episodes: list[Episode] = msgspec.field(default_factory=list)
    numbers: dict[DeviationKind, int] = msgspec.field(default_factory=dict)
    dropped: int = 0
    heard: int | None = None
    excursion: Excursion | None = None
    standing: Standing | None = None
    risk_due: int = 0
    last_served: str | None = None
    start_judged: bool = False
