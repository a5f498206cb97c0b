"""Long routes in parts: services limit the places of a request."""

from collections.abc import Sequence

from gateway.domain.route import Place


def parts(places: Sequence[Place], at_most: int) -> list[Sequence[Place]]:
    """Return the places in parts of `at_most`, each beginning where the one before ends."""
    step = at_most - 1
    return [places[first : first + at_most] for first in range(0, max(len(places) - 1, 1), step)]
