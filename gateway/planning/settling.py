"""What a reading comes to once the geocoder has answered: places filled in, and everything checked that needs them."""

from collections.abc import Mapping
from typing import NamedTuple

from gateway.domain.route import RouteKey
from gateway.planning.checks import check_places
from gateway.planning.draft import RouteDraft
from gateway.planning.placing import Found, placed
from gateway.planning.reading import Reading
from gateway.planning.report import (
    Doubt,
    Fault,
    ImportOutcome,
    ImportReport,
    Note,
    RouteImported,
    RouteOutcome,
)
from gateway.planning.ways import Way, along_line


class Settled(NamedTuple):
    """Drafts with places, and the ways along the lines that the file gives. Their faults are in the findings."""

    drafts: tuple[RouteDraft, ...]
    doubtful: list[Doubt]
    given: Mapping[RouteKey, Way]


def settled(reading: Reading, found: Mapping[str, Found]) -> Settled:
    """Return the drafts of a reading with what the geocoder answered."""
    findings = reading.findings
    answers = [placed(draft, found, findings) for draft in reading.drafts]
    drafts = tuple(answer.draft for answer in answers)
    for draft in drafts:
        check_places(draft, findings)
    given = {draft.key: along_line(draft, findings) for draft in drafts if _has_way(draft)}
    return Settled(drafts, [doubt for answer in answers for doubt in answer.doubtful], given)


def report_of(
    outcome: ImportOutcome, reading: Reading, doubtful: list[Doubt], routes: list[RouteImported], notes: list[Note]
) -> ImportReport:
    """Return the report of an import, faults and notes in the order of the file's rows."""
    return ImportReport(
        outcome=outcome,
        routes=routes,
        faults=sorted(reading.findings.faults, key=_row),
        doubtful=doubtful,
        mapping=reading.mapping,
        notes=sorted([*reading.findings.notes, *notes], key=_row),
    )


def outcome_of(routes: list[RouteImported], *, preview: bool) -> ImportOutcome:
    """Return what became of a file without faults."""
    if preview:
        return ImportOutcome.PREVIEW
    changes = any(route.outcome is not RouteOutcome.UNCHANGED for route in routes)
    return ImportOutcome.IMPORTED if changes else ImportOutcome.UNCHANGED


def _has_way(draft: RouteDraft) -> bool:
    return draft.line is not None and all(stop.place is not None for stop in draft.stops)


def _row(found: Fault | Note) -> int:
    return found.row or 0
