"""Names of stops: made of the order reference, always the same ones, so that a file read again means the same stops."""

import re
from hashlib import sha256

from gateway.planning.values import Row
from wire.names import is_name

MAX_BASE_CHARACTERS = 56
"""Of a name, so that a suffix for a further attempt stays within 64."""

_NUMBERED = re.compile(r"(.{1,60})-[1-9][0-9]{0,2}")
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


def stop_name(order: str) -> str:
    """Return the name of an order's first stop: the order where it is a name, else what is left of it and a hash."""
    if is_name(order) and len(order) <= MAX_BASE_CHARACTERS:
        return order
    left = _UNFIT.sub("-", order).strip("-")[: MAX_BASE_CHARACTERS - 9]
    return f"{left}-{sha256(order.encode()).hexdigest()[:8]}".lstrip("-")


def attempt_name(stop: str, taken: set[str]) -> str:
    """Return a free name for a further attempt at a stop: A, A-2, A-3."""
    numbered = _NUMBERED.fullmatch(stop)
    base = numbered[1] if numbered and numbered[1] in taken else stop[:60]
    names = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in names if name not in taken)


class Names:
    """The names of one route's stops, each given once."""

    def __init__(self) -> None:
        self._orders: dict[str, int | None] = {}
        self._taken: set[str] = set()

    def take(self, row: Row, order: str) -> str:
        """Return the stop's name: as given, else of its order. The same order again needs a name of its own."""
        given = row.name("stop")
        if given is None and order in self._orders:
            row.fault("order", f"is in this route already{_at(self._orders[order])}: one stop an order reference")
        name = given or stop_name(order)
        if name in self._taken and (given is not None or order not in self._orders):
            row.fault("stop" if given else "order", f"is a stop of this route already: {name}")
        self._orders.setdefault(order, row.where.row)
        self._taken.add(name)
        return name


def _at(row: int | None) -> str:
    return "" if row is None else f" (row {row})"
