"""Reads a table of stops (CSV), a row each: delimiter, encoding and columns are found out and reported."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import NamedTuple

from gateway.domain.route import MAX_STOPS
from gateway.planning.columns import COLUMN_FIELDS, Column, columns_of, plain
from gateway.planning.document import MAX_ROUTES, ImportDocument
from gateway.planning.findings import NOWHERE, Findings, Where, shown
from gateway.planning.raw import ROUTE_FIELDS, RawRoute, RawStop
from gateway.planning.report import ColumnMapped

DELIMITERS = (",", ";", "\t")

MAX_COLUMNS = 200
"""Columns of a table: ten times what the fields need; what is wider is no table of stops."""

HEAD_ROW = 1

MAX_ROWS = MAX_ROUTES * MAX_STOPS
"""More rows than all routes of a file can have: the rest is not read."""

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Table(NamedTuple):
    """What a table holds: its routes, and how its columns were read."""

    routes: list[RawRoute]
    mapping: list[ColumnMapped]


class _Line(NamedTuple):
    """One row with its number, as a spreadsheet shows it."""

    row: int
    cells: Sequence[str]


def read_table(document: ImportDocument, findings: Findings) -> Table:
    """Return the routes of a table; faults and notes go into `findings`."""
    text = _decoded(document.content, findings)
    if text is None:
        return Table([], [])
    lines = list(_lines(text, findings))
    if not lines:
        findings.fault(Where(HEAD_ROW), "", None, "is empty: the first row names the columns")
        return Table([], [])
    return _read(lines, document.mapping, findings)


def _decoded(content: bytes, findings: Findings) -> str | None:
    if content.startswith(_UTF_16):
        findings.fault(NOWHERE, "", None, "is UTF-16: save it as CSV UTF-8")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded_as_windows(content, findings)


def _decoded_as_windows(content: bytes, findings: Findings) -> str | None:
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        findings.fault(NOWHERE, "", None, f"is no text (byte {error.start}): save it as CSV UTF-8")
        return None
    findings.note(NOWHERE, "encoding", "windows-1252", "is no UTF-8: read as Windows-1252; check names with accents")
    return text


def _lines(text: str, findings: Findings) -> Iterator[_Line]:
    """Yield the rows that are not empty."""
    delimiter = _delimiter(text)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(rows, HEAD_ROW):
            if row > MAX_ROWS + HEAD_ROW:
                findings.fault(Where(row), "", None, f"is one row too many: a file has at most {MAX_ROWS}")
                return
            if any(cell.strip() for cell in cells):
                yield _Line(row, cells)
    except csv.Error as error:
        findings.fault(Where(row + 1), "", None, f"cannot be read ({error}): look for a quote that is not closed")


def _delimiter(text: str) -> str:
    """Return the sign that most often stands outside of quotes in the head row."""
    head = "".join(text.lstrip("\r\n").split("\n", 1)[0].split('"')[::2])
    return max(DELIMITERS, key=head.count)


def _read(lines: Sequence[_Line], mapping: Mapping[str, str], findings: Findings) -> Table:
    head, *rows = lines
    if len(head.cells) > MAX_COLUMNS:
        findings.fault(Where(head.row), "", len(head.cells), f"is wider than {MAX_COLUMNS} columns")
        return Table([], [])
    columns = columns_of([cell.strip() for cell in head.cells], mapping)
    _check(columns, mapping, Where(head.row), findings)
    if not rows:
        findings.fault(Where(head.row), "", None, "has no rows below its head: a stop is a row")
    stops = [_stop(line, columns, findings) for line in rows]
    return Table(_routes(stops, findings), [_mapped(column, at, rows) for at, column in enumerate(columns)])


def _check(columns: Sequence[Column], mapping: Mapping[str, str], head: Where, findings: Findings) -> None:
    known = {plain(column.name) for column in columns}
    for name, field in mapping.items():
        if plain(name) not in known:
            findings.fault(head, name, field, "is mapped, but the table has no such column")
        if field and field not in COLUMN_FIELDS:
            findings.fault(head, name, field, f"is mapped to no field; fields: {', '.join(sorted(COLUMN_FIELDS))}")
    fields = [column.field for column in columns if column.field]
    for field in sorted({field for field in fields if fields.count(field) > 1}):
        findings.fault(head, field, None, "is mapped from two columns: leave one out")
    for column in columns:
        if column.left_out and column.name:
            findings.note(head, column.name, None, column.left_out)


def _mapped(column: Column, at: int, rows: Sequence[_Line]) -> ColumnMapped:
    example = next((line.cells[at] for line in rows if at < len(line.cells) and line.cells[at].strip()), None)
    return ColumnMapped(column=column.name, field=column.field, example=shown(example))


def _stop(line: _Line, columns: Sequence[Column], findings: Findings) -> RawStop:
    where = Where(line.row)
    if any(cell.strip() for cell in line.cells[len(columns) :]):
        findings.fault(
            where, "", None, f"has {len(line.cells)} cells, the head {len(columns)}: quote what holds a comma"
        )
    cells = zip(columns, line.cells, strict=False)
    values = {column.field: cell for column, cell in cells if column.field is not None}
    return RawStop(where, _whole(values, where, findings))


def _whole(values: dict[str, str], where: Where, findings: Findings) -> dict[str, object]:
    """Return the values with their parts put together."""
    values = {field: value.strip() for field, value in values.items() if value.strip()}
    whole: dict[str, object] = dict(values)
    whole.update(_address(values) | _window(values, where, findings) | _service(values))
    return whole


def _address(values: Mapping[str, str]) -> dict[str, str]:
    """Return an address of its parts, as it is written on a letter."""
    street = " ".join(filter(None, (values.get("address"), values.get("house_number"))))
    town = " ".join(filter(None, (values.get("postcode"), values.get("city"))))
    address = ", ".join(filter(None, (street, town, values.get("country"))))
    return {"address": address} if address else {}


def _window(values: Mapping[str, str], where: Where, findings: Findings) -> dict[str, str]:
    window = values.get("window")
    if window is None:
        return {}
    ends = [end.strip() for end in window.replace("–", "-").split("-")]
    if len(ends) == 2 and all(ends):
        return {"window_start": ends[0], "window_end": ends[1]}
    findings.fault(where, "window", window, "is not a time window: write HH:MM-HH:MM")
    return {}


def _service(values: Mapping[str, str]) -> dict[str, object]:
    """Return minutes as seconds; what is no number of minutes stays as it is, and is found out as a number."""
    minutes = values.get("service_min")
    if minutes is None:
        return {}
    try:
        return {"service_s": float(minutes.replace(",", ".")) * 60}
    except ValueError:
        return {"service_s": minutes}


def _routes(stops: Sequence[RawStop], findings: Findings) -> list[RawRoute]:
    """Return the stops by route: rows of one route id, or without it of one date and vehicle."""
    groups: dict[object, list[RawStop]] = {}
    for stop in stops:
        name = stop.values.get("route")
        key = name if name is not None else (stop.values.get("date"), stop.values.get("vehicle"))
        groups.setdefault(key, []).append(stop)
    return [_route(group, findings) for group in groups.values()]


def _route(stops: Sequence[RawStop], findings: Findings) -> RawRoute:
    """Return a route; what is said of it stands in any of its rows, and in all alike."""
    said: dict[str, RawStop] = {}
    for stop in stops:
        for field in ROUTE_FIELDS & stop.values.keys():
            first = said.setdefault(field, stop)
            if first.values[field] != stop.values[field]:
                problem = f"is another {field} of the same route than in row {first.where.row}"
                findings.fault(stop.where, field, stop.values[field], problem)
    return RawRoute(stops[0].where, {field: stop.values[field] for field, stop in said.items()}, stops)
