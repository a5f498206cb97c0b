"""Who is at a door: how one person is known again, and what is left of a stop without them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from gateway.domain.phone import number_of
from gateway.planning.details import StopDetails

WORK = frozenset({"stop", "order", "parcels", "proof"})
"""Fields of `StopDetails` that tell of the work and of nobody. All others name, reach or describe a person."""

SAME_NUMBER_DIGITS = 8
"""Two numbers are one if the longer ends with the shorter and that has so many digits: fewer are an extension."""

COUNTRY_DIGITS = 4
"""How many the longer may have more: a country's code has three, and some write the national zero behind it."""

_NO_DIGIT = re.compile(r"\(0\)|\D")
"""A zero in brackets is the national one, left out behind a country's code."""


class Person(NamedTuple):
    """A recipient, by what they are reached with: numbers as `digits_of` makes them, e-mails as `folded`."""

    numbers: frozenset[str]
    emails: frozenset[str]

    def is_at(self, details: StopDetails) -> bool:
        """Whether the stop is theirs."""
        if details.email is not None and _folded(details.email) in self.emails:
            return True
        if details.phone is None:
            return False
        number = digits_of(details.phone)
        return any(same_number(number, own) for own in self.numbers)


def person_of(phones: Iterable[str | None], emails: Iterable[str | None]) -> Person:
    """Return who is reached so; what is not known is passed over."""
    numbers = {digits_of(phone) for phone in phones if phone}
    return Person(frozenset(numbers - {""}), frozenset(_folded(email) for email in emails if email))


def contacts_of(details: StopDetails) -> frozenset[str]:
    """Return what a person is told apart by, however it is written; empty if nothing is known."""
    words = (_words(details.recipient), _number(details.phone or ""), _folded(details.email or ""))
    return frozenset(word for word in words if word)


def are_others(one: StopDetails, other: StopDetails) -> bool:
    """Whether two stops are two people's for sure: somebody is known at both, and nothing of it is the same."""
    known, others = contacts_of(one), contacts_of(other)
    reached = person_of([one.phone], [one.email])
    return bool(known and others) and not known & others and not reached.is_at(other)


def is_taken_over(before: StopDetails, after: StopDetails) -> bool:
    """Whether what is known of a stop, before and after a change of its plan, is of two orders or of two people.

    A name alone that changes at its own door is written otherwise: "Ana Garcia", then "Ana García".
    """
    return before.order != after.order or (are_others(before, after) and not _is_written_otherwise(before, after))


def _is_written_otherwise(before: StopDetails, after: StopDetails) -> bool:
    same_door = before.address is not None and before.address == after.address
    return same_door and (before.phone, before.email) == (after.phone, after.email)


def without_person(details: StopDetails) -> StopDetails:
    """Return what is left of a stop when the person is erased."""
    kept = {name: value for name, value in msgspec.structs.asdict(details).items() if name in WORK}
    return StopDetails(**kept)


def digits_of(number: str) -> str:
    """Return a number's digits, without the zeros (national, or international) that it may begin with."""
    return _NO_DIGIT.sub("", number).lstrip("0")


def same_number(one: str, other: str) -> bool:
    """Whether two numbers, as `digits_of` makes them, are one, written with and without its country."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == longer:
        return bool(shorter)
    near = len(shorter) >= SAME_NUMBER_DIGITS and len(longer) - len(shorter) <= COUNTRY_DIGITS
    return near and longer.endswith(shorter)


def _number(phone: str) -> str:
    """Return a number's digits; what is no number is a word like others, so that it is not taken for one."""
    number = number_of(phone)
    if number is None:
        return _words(phone) if any(map(str.isalnum, phone)) else ""
    return number.removeprefix("+")


def _words(words: str | None) -> str:
    return " ".join((words or "").casefold().split())


def _folded(email: str) -> str:
    return email.strip().casefold()
