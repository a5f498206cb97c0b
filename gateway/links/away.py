"""How far the shown van is from the customer, in words: what a map without streets, or no map, does not tell.

It is made of what the map shows alone, so it tells no more; and it is no more exact than what is shown.
"""

from gateway.domain.geo import distance_m
from gateway.links.visibility import Precision, Van
from gateway.links.words import Words

STEPS_M = {Precision.POINT: 100, Precision.AREA: 500}
"""What distances are rounded to. Of a point: a block, which is what somebody can do something with. Of a field: its
side, for its middle is up to 354 m from the van."""

FEWEST_STEPS = 2
"""Below so many steps the rounding is as large as the distance: "less than" is all that is known."""

UNBROKEN = "\N{NO-BREAK SPACE}"
"""A number does not stand at the end of a line without its unit."""


def away(van: Van, words: Words) -> str:
    """Return the sentence; the distance is that of the straight line, in m below 1 km and in km from there on."""
    step = STEPS_M[van.precision]
    steps = round(distance_m(*van.place, *van.home) / step)
    said = words.about if steps >= FEWEST_STEPS else words.nearer_than
    return said.format(distance=_written(max(FEWEST_STEPS, steps) * step, words.decimal))


def _written(metres: int, decimal: str) -> str:
    if metres < 1_000:
        return f"{metres}{UNBROKEN}m"
    return f"{metres / 1_000:.1f}".removesuffix(".0").replace(".", decimal) + f"{UNBROKEN}km"
