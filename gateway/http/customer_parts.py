"""What is behind the customers' page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gateway.http.customer_desk import CustomerDesk
from gateway.http.files import StoredFile
from gateway.http.logo import Logo
from gateway.http.throttle import FailureThrottle
from gateway.links.page import Frame
from gateway.ports import Instructions, OptOuts

VIEWS_A_MINUTE = 6_000
"""Requests of customers that an address has free: an open page asks some five times a minute, and telephone companies
hide a thousand customers behind one address. A hundred a second is some percent of a processor."""

CALLS_A_MINUTE = 120
"""Requests a link has free: some ten open pages of one household, and a few forms."""

MISSES_A_MINUTE = 60
"""Wrong links an address has free, for people who mistype; guessing one would take 2^144 of them."""


@dataclass(frozen=True)
class CustomerParts:
    """The desk, what all pages have in common, the page's files, and what customers say.

    `views` and `misses` are counted by address, `calls` by link.
    """

    desk: CustomerDesk
    frame: Frame
    policy: str
    page: Mapping[str, StoredFile]
    instructions: Instructions
    opt_outs: OptOuts
    logo: Logo | None = None
    views: FailureThrottle = field(default_factory=lambda: FailureThrottle(VIEWS_A_MINUTE))
    calls: FailureThrottle = field(default_factory=lambda: FailureThrottle(CALLS_A_MINUTE))
    misses: FailureThrottle = field(default_factory=lambda: FailureThrottle(MISSES_A_MINUTE))
