"""Reads the fields of one row: whatever stands there becomes a value of its type, or a fault that names it.

Tables bring text, JSON brings its own types; both are read here, so that a file means the same in either form.
"""

import re
from collections.abc import Mapping
from math import isfinite
from unicodedata import category

from gateway.planning.findings import Findings, Where
from wire.names import is_name

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,253}")
_BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They show a text in another order than it has: an address that is not what it looks like."""
_LINE_BREAKS = frozenset("\n\r\t")
_UNFIT = frozenset({"Cc", "Cs", "Zl", "Zp"})

NAME_PROBLEM = "is not a name: use 1 to 64 of the characters A-Z a-z 0-9 _ -"


class Row:
    """The fields of a route or stop at one place of a file; what is empty is absent."""

    def __init__(self, values: Mapping[str, object], where: Where, findings: Findings) -> None:
        self.values = values
        self.where = where
        self.findings = findings

    def raw(self, field: str) -> object:
        """Return what stands there; None if nothing does."""
        value = self.values.get(field)
        if isinstance(value, str):
            value = value.strip()
        return None if value in ("", None) else value

    def fault(self, field: str, problem: str) -> None:
        """Say what is wrong with a field."""
        self.findings.fault(self.where, field, self.raw(field), problem)

    def note(self, field: str, note: str) -> None:
        """Say how a field was taken."""
        self.findings.note(self.where, field, self.raw(field), note)

    def text(self, field: str, at_most: int) -> str | None:
        """Return text of one line."""
        text = self._text(field, at_most)
        if text is not None and (_LINE_BREAKS & set(text)):
            return " ".join(text.split())
        return text

    def lines(self, field: str, at_most: int) -> str | None:
        """Return text that may have several lines."""
        return self._text(field, at_most)

    def name(self, field: str) -> str | None:
        """Return a name as vehicles, routes and stops have it."""
        raw = self.raw(field)
        text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
        if text is None or (isinstance(text, str) and is_name(text)):
            return text
        self.fault(field, NAME_PROBLEM)
        return None

    def email(self, field: str, at_most: int) -> str | None:
        """Return an e-mail address; whether it exists only a message to it tells."""
        text = self.text(field, at_most)
        if text is None or _EMAIL.fullmatch(text):
            return text
        self.fault(field, "is not an e-mail address")
        return None

    def number(self, field: str, low: float, high: float) -> float | None:
        """Return a number from `low` to `high`; a decimal comma is read as a point."""
        raw = self.raw(field)
        if raw is None:
            return None
        number = _number(raw)
        if number is None:
            self.fault(field, "is not a number")
        elif not low <= number <= high:
            self.fault(field, f"is not from {low:g} to {high:g}")
        else:
            return number
        return None

    def integer(self, field: str, low: int, high: int) -> int | None:
        """Return a whole number from `low` to `high`."""
        number = self.number(field, low, high)
        if number is None or number.is_integer():
            return None if number is None else int(number)
        self.fault(field, "is not a whole number")
        return None

    def _text(self, field: str, at_most: int) -> str | None:
        raw = self.raw(field)
        if isinstance(raw, int) and not isinstance(raw, bool):
            raw = str(raw) if raw.bit_length() <= 64 else raw
        if raw is None:
            return None
        problem = _text_problem(raw, at_most)
        if problem is None:
            return str(raw)
        self.fault(field, problem)
        return None


def _text_problem(raw: object, at_most: int) -> str | None:
    if not isinstance(raw, str):
        return "is not text"
    if len(raw) > at_most:
        return f"is longer than {at_most} characters ({len(raw)})"
    bad = next((sign for sign in raw if sign in _BIDI_OVERRIDES or _unfit(sign)), None)
    return None if bad is None else f"holds the control character U+{ord(bad):04X}: remove it"


def _unfit(sign: str) -> bool:
    return not sign.isprintable() and category(sign) in _UNFIT and sign not in _LINE_BREAKS


def _number(raw: object) -> float | None:
    """Return a finite number; None for what is none. Booleans and numbers beyond a double are none."""
    if isinstance(raw, str):
        return float(raw.replace(",", ".")) if _NUMBER.fullmatch(raw) else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    if isinstance(raw, int) and raw.bit_length() > 1000:
        return None
    return float(raw) if isfinite(raw) else None
