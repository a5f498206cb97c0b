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

    Numbers are one however they are spaced and with `+` or `00` before the country; addresses in any case of letters.
    Whatever is neither (a name) is passed over: two people may share it.
    """

    def __init__(self, thread: OperationsThread, link_key: bytes) -> None:
        """Take the thread that works on the opened data, and the server's key of the links."""
        self._thread = thread
        self._key = hmac.digest(link_key, CONTEXT, sha256)

    async def opt_out(self, fleet: str, contacts: Collection[str], now: int) -> None:
        """Send nothing to these any more."""
        rows = [{"fleet": fleet, "contact": digest, "since": now} for digest in self._digests(contacts)]
        if rows:
            await self._thread.write(lambda connection: _keep(connection, rows))

    async def opt_in(self, fleet: str, contacts: Collection[str]) -> None:
        """Take it back."""
        digests = self._digests(contacts)
        if digests:
            await self._thread.write(lambda connection: _delete(connection, fleet, digests))

    async def opted_out(self, fleet: str, contacts: Collection[str]) -> bool:
        """Whether any of these wants no messages."""
        digests = self._digests(contacts)
        if not digests:
            return False
        wanted = select(exists().where(_of(fleet, digests)))
        return bool(await self._thread.read(lambda connection: connection.execute(wanted).scalar_one()))

    def _digests(self, contacts: Collection[str]) -> list[str]:
        known = {normal for normal in map(normalised, contacts) if normal}
        return [hmac.digest(self._key, normal.encode(), sha256).hex() for normal in sorted(known)[:MOST_CONTACTS]]


def normalised(contact: str) -> str:
    """Return an e-mail address in small letters, or a number's digits; empty for what is neither.

    A number is what a message would go to: who is reached by nothing cannot opt out, and is sent nothing.
    """
    if "@" in contact:
        return contact.strip().casefold()
    return (number_of(contact) or "").lstrip("+0")


def _keep(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(_KEEP, rows)


def _delete(connection: Connection, fleet: str, digests: Collection[str]) -> None:
    connection.execute(delete(OPT_OUTS).where(_of(fleet, digests)))


def _of(fleet: str, digests: Collection[str]) -> ColumnElement[bool]:
    return and_(OPT_OUTS.c.fleet == fleet, OPT_OUTS.c.contact.in_(digests))
