"""How many SMS a text takes: GSM 03.38, as 3GPP TS 23.038 has it.

A text of its alphabet alone has 160 letters in one SMS, or 153 in each of several; any other 70, or 67.
"""

import math

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take two places."""

ONE_SMS, PART_OF_SMS = 160, 153
ONE_OTHER_SMS, PART_OF_OTHER_SMS = 70, 67


def foreign_letters(text: str) -> set[str]:
    """Return the letters of a text that are not in the alphabet."""
    return set(text) - BASIC - EXTENDED


def segments(text: str) -> int:
    """Return how many SMS a text takes."""
    if foreign_letters(text):
        units = len(text.encode("utf-16-be")) // 2
        return 1 if units <= ONE_OTHER_SMS else math.ceil(units / PART_OF_OTHER_SMS)
    places = len(text) + sum(letter in EXTENDED for letter in text)
    return 1 if places <= ONE_SMS else math.ceil(places / PART_OF_SMS)
