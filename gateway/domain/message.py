"""What customers are told without asking, and how they are reached."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What customers are told without asking."""

    ON_THE_WAY = "on_the_way"
    NEXT = "next"
    ARRIVING = "arriving"
    NEW_ETA = "new_eta"
    DELIVERED = "delivered"
    FAILED = "failed"


class Consent(StrEnum):
    """Whose recipients get messages: those who are known to have agreed, or all who have not said no."""

    GIVEN = "given"
    ASSUMED = "assumed"


class Contact(StrEnum):
    """By what of a recipient a channel reaches them."""

    PHONE = "phone"
    EMAIL = "email"
