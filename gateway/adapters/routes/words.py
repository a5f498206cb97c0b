"""What a search looks through, and what it looks for: lower-case words without accents, telephone numbers as digits."""

import re
import unicodedata

from gateway.ports import StopDetails

MAX_WORDS = 8
"""Words of a question that count: nobody remembers more of an address, and each is looked for in every stop."""

MAX_QUESTION_CHARACTERS = 200
"""Longer than an address on one line; what a stranger sends is not folded without bound."""

_UNFOLDED = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
)
"""Letters that Unicode does not take apart into a letter and an accent."""

_NUMBER = re.compile(r"[+(]*\d[\d\s()./-]{3,}\d")
"""A telephone number as people write it: at least five digits, put in groups as they like."""

_GROUPING = re.compile(r"[\s()+./-]")


def fold(text: str) -> str:
    """Return text as it is compared: lower-case, without accents, white space as single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(plain.translate(_UNFOLDED).split())


def searched(details: StopDetails) -> str:
    """Return what a stop is found by: order, recipient, address, and its number's digits."""
    parts = (details.order, details.recipient, details.address)
    digits = _digits(details.phone) if details.phone else None
    return "\n".join([*(fold(part) for part in parts if part), *([digits] if digits else [])])


def words(question: str) -> list[str]:
    """Return the words of a question, all of which a stop must contain; empty if there is nothing to look for.

    A number in groups ("040 123 45 67", "+358 (40) 123") also is one word, without the zero or the plus before it,
    which the stored number may have or lack.
    """
    text = fold(question[:MAX_QUESTION_CHARACTERS])
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return [_digits(text).lstrip("0")]
    return text.split()[:MAX_WORDS]


def _digits(number: str) -> str:
    return _GROUPING.sub("", number)
