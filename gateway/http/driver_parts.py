"""What is behind the drivers' page."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from gateway.driving.shift import Allowance
from gateway.driving.view import Company
from gateway.http.driver_links import DriverAddresses
from gateway.http.driver_past import PastDrives
from gateway.http.files import StoredFile
from gateway.http.gate import Gate
from gateway.http.throttle import FailureThrottle
from gateway.ports import DriverLink, Instructions, Proofs

CALLS_A_MINUTE = 600
"""Requests a link has free: a phone asks every few seconds, sends taps and photos, and a driver may have two."""

MISSES_A_MINUTE = 60
"""Wrong links an address has free, as of customers' links; guessing one would take 2^144 of them."""

PROOFS_AT_ONCE = 32
"""Photos taken in at a time. On a weak link each takes a minute or two, so that a few phones must not keep the others
out; all of them at their greatest are 96 MiB, and as phones make them 10."""


@dataclass(frozen=True)
class DriverParts:
    """Links, proofs, customers' words, and the page's files. `calls` are counted by link, `misses` by address.

    `locks` let the batches of one driver's phones be taken one after the other.
    """

    links: DriverAddresses
    proofs: Proofs
    instructions: Instructions
    allowance: Allowance
    company: Company
    page: Mapping[str, StoredFile]
    uploads: Gate = field(default_factory=lambda: Gate(PROOFS_AT_ONCE))
    past: PastDrives = field(default_factory=PastDrives)
    calls: FailureThrottle = field(default_factory=lambda: FailureThrottle(CALLS_A_MINUTE))
    misses: FailureThrottle = field(default_factory=lambda: FailureThrottle(MISSES_A_MINUTE))
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def lock(self, link: DriverLink) -> asyncio.Lock:
        """Return the lock of one driver's words."""
        return self._locks.setdefault(link.id, asyncio.Lock())
