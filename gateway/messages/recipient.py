"""Who a message is for, and what they are reached by."""

import re
from typing import NamedTuple

from gateway.domain.message import Contact
from gateway.domain.phone import number_of
from gateway.planning.details import StopDetails

_EMAIL = re.compile(r"[^@\s<>,;:/?#\\\"\x00-\x20]{1,64}@[^@\s<>,;:/?#\\\"\x00-\x20]{1,253}")
"""One address, and not two of them or a name beside it; and nothing that has a meaning in the address of a channel."""


class Recipient(NamedTuple):
    """Who is at a stop. `notify` is whether they want messages (None: not known), `language` an ISO 639-1 code."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    notify: bool | None = None
    language: str | None = None


def recipient_of(details: StopDetails | None) -> Recipient:
    """Return who is at a stop; nobody if nothing is known of it."""
    if details is None:
        return Recipient()
    return Recipient(details.recipient, details.phone, details.email, details.notify, details.language)


def is_anybody(recipient: Recipient) -> bool:
    """Whether anybody is known there: of a stop whose person was erased, nobody is."""
    return any((recipient.name, recipient.phone, recipient.email))


def contact_of(recipient: Recipient, contact: Contact) -> str | None:
    """Return a phone number as digits (`+` before its country, if it has one), or an e-mail address; None if neither.

    What could not be called or written to is none.
    """
    if contact is Contact.PHONE:
        return number_of(recipient.phone or "")
    email = (recipient.email or "").strip()
    return email if _EMAIL.fullmatch(email) else None
