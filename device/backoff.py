"""How long to wait before the next attempt."""

from collections.abc import Callable


class Backoff:
    """Doubles from `first_s` to `most_s`; each wait is a random part of it between a half and the whole.

    The random part keeps a fleet that lost the same broker from coming back in step.
    """

    def __init__(self, first_s: float, most_s: float, random: Callable[[], float]) -> None:
        self._first_s = first_s
        self._most_s = most_s
        self._random = random
        self._next_s = first_s

    def wait_s(self) -> float:
        """Return the seconds to wait now; the next will be longer."""
        whole_s = self._next_s
        self._next_s = min(self._most_s, 2 * whole_s)
        return whole_s * (1 + self._random()) / 2

    def reset(self) -> None:
        """Begin with the shortest wait again: it worked."""
        self._next_s = self._first_s
