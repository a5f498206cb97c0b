"""Cells of a CSV file as values, each fault with its file, line and column."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime


class FaultyTable(ValueError):  # noqa: N818 - a state of the world, named as such
    """A file cannot be read; the message names the file, the line and the column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file; `line` counts from 1, the header is line 1."""

    file: str
    line: int
    cells: Mapping[str, str]

    def has(self, column: str) -> bool:
        """Whether the cell is there and not empty."""
        return bool(self.cells.get(column))

    def text(self, column: str) -> str:
        """Return a cell that must be there."""
        value = self.cells.get(column)
        if not value:
            raise self.fault(column, "is empty")
        return value

    def number(self, column: str, low: float = 0.0, high: float = float("inf")) -> float:
        """Return a number between `low` and `high`."""
        text = self.text(column)
        try:
            value = float(text)
        except ValueError:
            raise self.fault(column, f"{text!r} is no number") from None
        if not low <= value <= high:
            raise self.fault(column, f"{text} is not between {low:g} and {high:g}")
        return value

    def maybe(self, column: str, high: float = float("inf")) -> float | None:
        """Return a number from 0 to `high`; None if the cell is empty."""
        return self.number(column, 0.0, high) if self.has(column) else None

    def time(self, column: str) -> int:
        """Return a time in Unix ms: written so, or in ISO 8601 with its offset from UTC."""
        text = self.text(column)
        if text.isdecimal():
            return int(text)
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise self.fault(column, f"{text!r} is no time: Unix ms or ISO 8601") from None
        if time.tzinfo is None:
            raise self.fault(column, f"{text!r} has no offset from UTC: write Z or +02:00 behind it")
        return round(time.timestamp() * 1000)

    def fault(self, column: str, problem: str) -> FaultyTable:
        """Return what to raise for a cell."""
        return FaultyTable(f"{self.file}, line {self.line}, {column}: {problem}")


def rows(file: str, lines: Iterable[str], columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the lines of a file with a header; further columns than the needed `columns` may be there.

    Raises:
        FaultyTable: a needed column is missing, or the text is no CSV.

    """
    reader = csv.DictReader(lines)
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise FaultyTable(f"{file}: its header has no column {', '.join(missing)}")
    try:
        for cells in reader:
            yield Row(file, reader.line_num, {name: (cell or "").strip() for name, cell in cells.items() if name})
    except csv.Error as error:
        raise FaultyTable(f"{file}, line {reader.line_num}: {error}") from error
