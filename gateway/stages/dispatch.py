"""Brings plans into the route book: imports, edits, and people's words on stops."""

from collections.abc import Callable, Sequence

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.domain.route import RouteKey, RoutePlan
from gateway.domain.stop import Tap
from gateway.planning.document import ImportDocument
from gateway.planning.edits import Edit
from gateway.planning.report import ImportReport
from gateway.ports import Clock, Geocoder, RoadRouter, RouteBook


class UnknownRoute(Exception):  # noqa: N818 - a named refusal
    """There is no route of this name."""


class UnknownStop(Exception):  # noqa: N818 - a named refusal
    """The route has no stop of this name."""


class StaleVersion(Exception):  # noqa: N818 - a named refusal
    """The route has a newer version than the one that the edit was made for; `newest` is its number."""

    def __init__(self, key: RouteKey, newest: int) -> None:
        super().__init__(f"route {key} has become version {newest} meanwhile: look at it and edit again")
        self.newest = newest


class Dispatch:
    """Writes the route book and says so (`poke`); whoever journals takes it from there."""

    def __init__(
        self,
        book: RouteBook,
        geocoder: Geocoder | None,
        router: RoadRouter | None,
        clock: Clock,
        poke: Callable[[], None],
        *,
        calibration: Calibration = BUILT_IN,
    ) -> None:
        """Use no geocoder or router where None is given; `calibration` is stamped into each version."""
        self._book = book
        self._geocoder = geocoder
        self._router = router
        self._clock = clock
        self._poke = poke
        self._calibration = calibration

    async def bring(self, document: ImportDocument) -> ImportReport:
        """Import a file of routes, all of it or nothing; the report says which, and why.

        Raises:
            OperationsAway: the book cannot be used now.

        """
        raise NotImplementedError

    async def edit(self, key: RouteKey, base_version: int, edits: Sequence[Edit]) -> RoutePlan:
        """Make the next version of a route by all the edits, in their order; return it.

        Raises:
            UnknownRoute: there is none.
            StaleVersion: `base_version` is not the newest.
            EditRefused: one of the edits makes no sense; nothing is changed.
            OperationsAway: the book cannot be used now.

        """
        raise NotImplementedError

    async def tap(self, key: RouteKey, stop: str, tap: Tap) -> None:
        """Keep somebody's word on a stop; one whose id is known changes nothing.

        Raises:
            UnknownRoute: there is no such route.
            UnknownStop: the route has no such stop.
            OperationsAway: the book cannot be used now.

        """
        raise NotImplementedError
