"""Reads a file of routes: what it holds, how it was understood, and every fault in it. Never raises."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateway.planning.checks import check
from gateway.planning.document import MAX_DOCUMENT_BYTES, MAX_ROUTES, ImportDocument, ImportFormat
from gateway.planning.draft import RouteDraft
from gateway.planning.drafting import draft_of
from gateway.planning.findings import NOWHERE, Findings
from gateway.planning.json_file import read_json
from gateway.planning.report import ColumnMapped
from gateway.planning.table import Table, read_table
from gateway.planning.vroom import read_vroom
from wire.names import is_name


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. With a fault in `findings` the drafts are not all of it."""

    drafts: tuple[RouteDraft, ...]
    findings: Findings
    mapping: list[ColumnMapped] = field(default_factory=list)


def read(document: ImportDocument) -> Reading:
    """Return what a file of routes holds. Places without coordinates are still to be looked up."""
    findings = Findings()
    if not _readable(document, findings):
        return Reading((), findings)
    table = _READERS[document.format](document, findings)
    if len(table.routes) > MAX_ROUTES:
        findings.fault(NOWHERE, "routes", len(table.routes), f"is more than {MAX_ROUTES} routes: divide the file")
        return Reading((), findings, table.mapping)
    found = (draft_of(raw, document, findings) for raw in table.routes)
    drafts = tuple(draft for draft in found if draft is not None)
    check(drafts, findings)
    return Reading(drafts, findings, table.mapping)


def _readable(document: ImportDocument, findings: Findings) -> bool:
    size = len(document.content)
    if size > MAX_DOCUMENT_BYTES:
        findings.fault(NOWHERE, "", f"{size} bytes", f"is larger than {MAX_DOCUMENT_BYTES} bytes: divide the file")
    elif not document.content.strip():
        findings.fault(NOWHERE, "", None, "is empty")
    if not is_name(document.fleet):
        findings.fault(NOWHERE, "fleet", document.fleet, "is not the name of a fleet")
    return findings.spotless


def _json(document: ImportDocument, findings: Findings) -> Table:
    return Table(read_json(document.content, findings), [])


def _vroom(document: ImportDocument, findings: Findings) -> Table:
    return Table(read_vroom(document, findings), [])


_READERS: Mapping[ImportFormat, Callable[[ImportDocument, Findings], Table]] = {
    ImportFormat.JSON: _json,
    ImportFormat.CSV: read_table,
    ImportFormat.VROOM: _vroom,
}
