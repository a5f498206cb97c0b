"""Slows down whoever keeps failing to log in, or asks for customers' pages too often.

Secrets are random and of 128 bits or more, so this does not guard them: it keeps a misconfigured or hostile client from
filling the log and the processor. A right secret is therefore never held up by the failures of others behind the same
address.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

MAX_FAILURES = 10
"""Failures an address has free: a person who mistypes, a device with an old secret that tries a few times."""

WINDOW_MS = 60_000
"""How long a failure counts; and so how long a refused address waits at most."""

MAX_ADDRESSES = 4_096
"""Addresses remembered: past it the one that failed longest ago is forgotten. About 1 MB."""


@dataclass(slots=True)
class _Failures:
    since_ms: int
    count: int


@dataclass(slots=True)
class FailureThrottle:
    """Counts failures by address in windows of a minute; `free` of them cost nothing."""

    free: int = MAX_FAILURES
    _failures: OrderedDict[str, _Failures] = field(default_factory=OrderedDict)

    def wait_ms(self, address: str, now_ms: int) -> int:
        """Note a failure and return how long the address has to wait before the next is looked at; 0 if not at all."""
        failures = self._failures.pop(address, None)
        if failures is None or now_ms - failures.since_ms >= WINDOW_MS:
            failures = _Failures(now_ms, 0)
        failures.count += 1
        self._failures[address] = failures
        if len(self._failures) > MAX_ADDRESSES:
            self._failures.popitem(last=False)
        return 0 if failures.count <= self.free else failures.since_ms + WINDOW_MS - now_ms
