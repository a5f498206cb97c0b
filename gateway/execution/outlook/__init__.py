"""What is foreseen of a route under way: what follows from the clock and the forecast, not from a fix. Pure.

    position -> heard          (vehicle.resumed)
    event    -> happened       (route.completed, and how the route stood then)
    end      -> closed         (nothing; what lasted ends)
    tick     -> look           (vehicle.silent, stop.approaching, stop.eta_updated, stop.delayed)

What was told is kept beside a route's state, and never touches it. All inputs are records of the journal, so a day that
is replayed foresees the same, under the same ids.
"""

from gateway.execution.outlook.state import Foreseen, Limits, Outlook
from gateway.execution.outlook.watch import FORESEEN, closed, happened, heard, is_under_way, look

__all__ = ["FORESEEN", "Foreseen", "Limits", "Outlook", "closed", "happened", "heard", "is_under_way", "look"]
