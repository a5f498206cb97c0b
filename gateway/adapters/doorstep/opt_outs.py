"""Who wants no messages; satisfies `ports.OptOuts`.

What is kept is an HMAC of a phone number or e-mail address, under a key derived from that of the links: whoever reads
the database alone cannot try numbers until one fits. With another key nobody is known as opted out any more.
"""

import hmac
from collections.abc import Collection
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, text

from gateway.adapters.operations.schema import OPT_OUTS
from gateway.adapters.operations.thread import OperationsThread
from gateway.domain.phone import number_of

CONTEXT = b"milepost opt-outs 1"
"""What the key of the digests is derived for: no digest of another use is one of these."""

MOST_CONTACTS = 20
"""Of one question: a person has a number and an address; more are a mistake, and are passed over."""

_KEEP = text("INSERT INTO opt_outs (fleet, contact, since) VALUES (:fleet, :contact, :since) ON CONFLICT DO NOTHING")


class SqlOptOuts:
    """Opt-outs in `operations.db`; all raise `OperationsUnavailable`.

    Numbers are one however they are spaced and with `+` or `00` before the country, or without a country if it is the
    company's; addresses in any case of letters. Whatever is neither (a name) is passed over: two people may share it.
    """

    def __init__(self, thread: OperationsThread, link_key: bytes, calling_code: str | None = None) -> None:
        """Take the thread that works on the opened data, the server's key of the links, and what `spellings` takes."""
        self._thread = thread
        self._key = hmac.digest(link_key, CONTEXT, sha256)
        self._calling_code = calling_code

    async def opt_out(self, fleet: str, contacts: Collection[str], now: int) -> None:
        """Send nothing to these any more."""
        rows = [
            {"fleet": fleet, "contact": digest, "since": now} for digest in self._digests(self._spellings(contacts))
        ]
        if rows:
            await self._thread.write(lambda connection: _keep(connection, rows))

    async def opt_in(self, fleet: str, contacts: Collection[str]) -> None:
        """Take it back."""
        digests = self._digests(related(self._spellings(contacts), self._calling_code))
        if digests:
            await self._thread.write(lambda connection: _delete(connection, fleet, digests))

    async def opted_out(self, fleet: str, contacts: Collection[str]) -> bool:
        """Whether any of these wants no messages."""
        digests = self._digests(self._spellings(contacts))
        if not digests:
            return False
        wanted = select(exists().where(_of(fleet, digests)))
        return bool(await self._thread.read(lambda connection: connection.execute(wanted).scalar_one()))

    def _spellings(self, contacts: Collection[str]) -> frozenset[str]:
        some = sorted(set(contacts))[:MOST_CONTACTS]
        return frozenset(each for contact in some for each in spellings(contact, self._calling_code))

    def _digests(self, written: Collection[str]) -> list[str]:
        return [hmac.digest(self._key, each.encode(), sha256).hex() for each in sorted(written)]


def spellings(contact: str, calling_code: str | None = None) -> frozenset[str]:
    """Return what a contact is known by: an e-mail address in small letters, or a number's digits; nothing of others.

    A number is what a message would go to: who is reached by nothing cannot opt out, and is sent nothing. One of the
    country with `calling_code` (E.164, digits) is known with and without it, so that both are the same person's. The 0
    that is dialled before it within most countries is no part of it. If another country has that number, too, both
    are taken for one person's: a message too few is better than one too many.
    """
    if "@" in contact:
        return frozenset({contact.strip().casefold()})
    number = number_of(contact) or ""
    digits = number.lstrip("+0")
    if not digits or calling_code is None:
        return frozenset({digits} - {""})
    at_home = digits.removeprefix(calling_code).lstrip("0")
    return frozenset({digits, at_home if number.startswith("+") else calling_code + digits} - {""})


def related(written: Collection[str], calling_code: str | None) -> frozenset[str]:
    """Return all that a person may be kept as: of `358401234567` it is not known whether the 358 is the country's."""
    if calling_code is None:
        return frozenset(written)
    numbers = [each for each in written if each.isdigit()]
    more = (form for each in numbers for form in (calling_code + each, each.removeprefix(calling_code)))
    return frozenset({*written, *more})


def _keep(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(_KEEP, rows)


def _delete(connection: Connection, fleet: str, digests: Collection[str]) -> None:
    connection.execute(delete(OPT_OUTS).where(_of(fleet, digests)))


def _of(fleet: str, digests: Collection[str]) -> ColumnElement[bool]:
    return and_(OPT_OUTS.c.fleet == fleet, OPT_OUTS.c.contact.in_(digests))
