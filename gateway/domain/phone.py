"""Phone numbers, as they stand in other people's plans."""

import re

FEWEST_DIGITS = 6
"""Of a number that can be called; fewer are an extension or a mistake."""

MOST_DIGITS = 15
"""Of a number with its country (ITU-T E.164)."""

_PUNCTUATION = re.compile(r"[\s\-\u2010-\u2015./()]")
_TRUNK_ZERO = "(0)"
_NUMBER = re.compile(r"(?P<country>(?:\+|00)(?=[1-9]))?(?P<digits>[0-9]+)")


def number_of(written: str) -> str | None:
    """Return a number's digits (`+` before its country, if it has one); None for what is not one number and no more.

    Spaces and `- . / ( )` are passed over, and so is the `(0)` that is not dialled after a country. Letters, or any
    other sign, may part it from an extension or from a second number: its digits are nobody's number then.
    """
    bare = written.strip()
    if bare.startswith(("+", "00")):
        bare = bare.replace(_TRUNK_ZERO, "")
    found = _NUMBER.fullmatch(_PUNCTUATION.sub("", bare))
    if found is None or not FEWEST_DIGITS <= len(found["digits"]) <= MOST_DIGITS:
        return None
    return f"+{found['digits']}" if found["country"] else found["digits"]
