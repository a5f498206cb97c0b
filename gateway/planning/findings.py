"""Gathers what is wrong with a file and what was taken with a remark, each at its place."""

from typing import NamedTuple

from gateway.planning.report import MAX_FAULTS, MAX_VALUE_CHARACTERS, Fault, Note


class Where(NamedTuple):
    """A place in a file: the row of a table (or the stop's number), and what stands before a field's name."""

    row: int | None = None
    path: str = ""


NOWHERE = Where()
"""The file as a whole."""


class Findings:
    """The faults and notes of one reading, in the order in which they were found, `MAX_FAULTS` of each kept."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._notes: list[Note] = []
        self._found = 0

    def fault(self, where: Where, field: str, value: object, problem: str) -> None:
        """Add what is wrong; `value` None: nothing stands there."""
        self._found += 1
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(Fault(row=where.row, field=where.path + field, value=shown(value), problem=problem))

    def note(self, where: Where, field: str, value: object, note: str) -> None:
        """Add a remark."""
        if len(self._notes) < MAX_FAULTS:
            self._notes.append(Note(row=where.row, field=where.path + field, value=shown(value), note=note))

    @property
    def spotless(self) -> bool:
        """Whether nothing is wrong."""
        return self._found == 0

    @property
    def count(self) -> int:
        """How many faults there are, those included that are not kept."""
        return self._found

    @property
    def faults(self) -> list[Fault]:
        """The faults; when there are too many, the last one says how many more there are."""
        more = self._found - len(self._faults)
        if not more:
            return list(self._faults)
        return [*self._faults, Fault(field="", problem=f"{more} more faults: put these right first")]

    @property
    def notes(self) -> list[Note]:
        """The remarks."""
        return list(self._notes)


def shown(value: object) -> str | None:
    """Return a value as it can be shown: printable, and not long."""
    if value is None:
        return None
    text = value[: MAX_VALUE_CHARACTERS + 1] if isinstance(value, str) else _brief(value)
    text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[:MAX_VALUE_CHARACTERS] + "…"


def _brief(value: object) -> str:
    """Return a value of JSON in a few characters, without walking a large one."""
    if isinstance(value, dict):
        return f"an object of {len(value)} fields"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 64:
        return f"a number of {value.bit_length()} bits"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
