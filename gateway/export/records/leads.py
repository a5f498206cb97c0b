"""Whose positions the route followed, where that was not the one tracker all day."""

from collections.abc import Iterator
from itertools import pairwise

from gateway.execution.day.record import LeadRow
from gateway.export.records.told import Told

_NAMES = {"tracker": "the tracker", "phone": "the driver's phone"}


def changes(told: Told) -> list[LeadRow]:
    """Return since when another source was followed than before; the source that the day began with is none."""
    return [now for before, now in pairwise(told.record.leads) if now.source != before.source]


def lead_text(told: Told) -> str:
    """Return since when whose positions were followed, as one line, with what each change came of.

    `Position from the tracker since 07:55, from the driver's phone since 14:02 (tracker silent).` It is "" where the
    source that ranks first led all day: that is the usual day.
    """
    leads = told.record.leads
    if not changes(told) and all(lead.source == told.plan.sources[0] for lead in leads):
        return ""
    parts = [f"from {_named(lead.source)} since {told.times.clock(lead.since)}{why}" for lead, why in _reasoned(told)]
    return f"Position {', '.join(parts)}."


def change_text(told: Told, lead: LeadRow) -> str:
    """Return a change as its mark on the drawing says it."""
    why = next((why for each, why in _reasoned(told) if each == lead), "")
    return f"position from {_named(lead.source)} since {told.times.clock(lead.since)}{why}"


def _reasoned(told: Told) -> Iterator[tuple[LeadRow, str]]:
    """Yield the first source and each change, with what it came of."""
    leads = told.record.leads
    yield from ((lead, "") for lead in leads[:1])
    yield from ((now, _why(told, before, now)) for before, now in pairwise(leads) if now.source != before.source)


def _why(told: Told, before: LeadRow, now: LeadRow) -> str:
    """Return why, in brackets: one that ranks lower leads only while those before it are silent."""
    if _vehicle(told, before.since) != _vehicle(told, now.since):
        return " (another vehicle)"
    if _rank(told, now.source) > _rank(told, before.source):
        return f" ({before.source} silent)"
    return f" ({now.source} heard)"


def _rank(told: Told, source: str) -> tuple[int, str]:
    """Return a source's place as the fold ranks it: those that the plan does not name come behind, by name."""
    ranked = told.plan.sources
    return (ranked.index(source), "") if source in ranked else (len(ranked), source)


def _vehicle(told: Told, time: int) -> str:
    """Return which vehicle drove the route then: the last one whose positions began until then."""
    begun = [each.vehicle for each in told.record.vehicles if each.first is not None and each.first <= time]
    return begun[-1] if begun else ""


def _named(source: str) -> str:
    return _NAMES.get(source, source)
