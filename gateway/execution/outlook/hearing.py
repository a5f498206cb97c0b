"""Whether the vehicle of a route under way is heard, by receipt: a batch from a dead zone is news, whatever its times.

Silence and its end alternate. Who could not listen (a gateway that was down) waits as long anew before it says that
nothing came. Another vehicle that takes the route over in silence is heard when it reports.
"""

from collections.abc import Sequence

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.route import RouteKey
from gateway.execution.outlook.state import Limits, Outlook


def heard(key: RouteKey, outlook: Outlook, received: int) -> Sequence[RouteEvent]:
    """Take that positions came in; return the end of a silence."""
    outlook.heard = max(outlook.heard, received)
    if not outlook.silent:
        return ()
    outlook.silent = False
    return (RouteEvent(key, EventKind.VEHICLE_RESUMED, received, episode=outlook.silences - 1),)


def listen(key: RouteKey, outlook: Outlook, now: int, limits: Limits) -> Sequence[RouteEvent]:
    """Take a tick; return the beginning of a silence, which is when the third heartbeat was missed."""
    if now - outlook.ticked > limits.deaf_after_ms:
        outlook.listening = now
    outlook.ticked = now
    silent_at = max(outlook.heard, outlook.listening) + limits.silent_after_ms
    if outlook.silent or now < silent_at:
        return ()
    outlook.silent = True
    outlook.silences += 1
    return (RouteEvent(key, EventKind.VEHICLE_SILENT, silent_at, episode=outlook.silences - 1),)
