"""What differences between clocks mean."""

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.measurements import KernelClock

NOTICEABLE_S = 5.0
"""An HTTP Date has whole seconds and an answer takes a while: below this a difference may be none."""

HARMFUL_S = 300.0
"""Positions that far ahead of the gateway's clock are quarantined."""


def judge_kernel(clock: KernelClock | None) -> Finding:
    """Judge whether something keeps this machine's clock right."""
    if clock is None:
        return _finding(Verdict.UNKNOWN, "this system does not tell whether its clock is kept right")
    if clock is KernelClock.SYNCHRONISED:
        return _finding(Verdict.OK, "the clock is kept right")
    return _finding(
        Verdict.WARNING,
        f"nothing keeps the clock right: once {HARMFUL_S:.0f} s behind, good positions look to be of the future",
        "run an NTP client (systemd-timesyncd, chrony)",
    )


def judge_difference(whose: str, ahead_s: float) -> Finding:
    """Judge how far another machine's clock is ahead of ours."""
    size = abs(ahead_s)
    where = f"{whose}'s clock is {size:.0f} s {'ahead of' if ahead_s > 0 else 'behind'} this one"
    if size <= NOTICEABLE_S:
        return _finding(Verdict.OK, f"{whose}'s clock agrees with this one")
    verdict = Verdict.PROBLEM if size >= HARMFUL_S else Verdict.WARNING
    return _finding(verdict, f"{where}: one of the two is wrong", "run an NTP client on both")


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.CLOCK, verdict, meaning, action)
