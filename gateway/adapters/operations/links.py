"""A table of links: one a subject (a customer's order, a driver), made when it is first asked for.

What is stored gives no token away: it is a random id, no secret, and the generation whose raising voids earlier tokens.
"""

import secrets
from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, bindparam, select, text, update

from gateway.adapters.operations.thread import OperationsThread

ID_BYTES = 9
"""72 random bits, 12 characters: no two of a billion links share one. The token that proves it is not kept."""

SUBJECTS_A_QUESTION = 500
"""Subjects looked up at once: databases limit the values of one statement."""


class StoredLink(NamedTuple):
    """A row: whose link it is, and what its tokens are made of."""

    fleet: str
    subject: str
    id: str
    generation: int


class LinkTable:
    """The links of one table, whose key is (fleet, `subject`); all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread, table: Table, subject: str) -> None:
        """Take the thread that works on the opened data, and the name of the subject's column."""
        self._thread = thread
        self._table = table
        self._subject: Column[str] = table.c[subject]
        self._columns = (table.c.fleet, self._subject, table.c.id, table.c.generation)
        self._make_statement = text(
            f"INSERT INTO {table.name} (fleet, {subject}, id, generation) VALUES (:fleet, :subject, :id, 1) "  # noqa: S608
            f"ON CONFLICT (fleet, {subject}) DO NOTHING"
        ).bindparams(bindparam("fleet"), bindparam("subject"), bindparam("id"))

    async def of(self, fleet: str, subjects: Collection[str]) -> Mapping[str, StoredLink]:
        """Return the link of each of many subjects, those missing made in one transaction."""
        known = await self._thread.read(lambda connection: self._found(connection, fleet, subjects))
        missing = [subject for subject in subjects if subject not in known]
        if not missing:
            return known
        made = await self._thread.write(lambda connection: self._make(connection, fleet, missing))
        return {**known, **made}

    async def by_id(self, link_id: str) -> StoredLink | None:
        """Return the link with this id; None if there is none."""
        wanted = select(*self._columns).where(self._table.c.id == link_id)
        row = await self._thread.read(lambda connection: connection.execute(wanted).first())
        return None if row is None else StoredLink(*row)

    async def renew_known(self, fleet: str, subject: str) -> StoredLink | None:
        """Raise the generation of a link that there is, so that what was sent before leads nowhere; None if none is."""
        raised = update(self._table).where(self._are(fleet, (subject,))).values(generation=self._table.c.generation + 1)
        statement = raised.returning(*self._columns)
        row = await self._thread.write(lambda connection: connection.execute(statement).first())
        return None if row is None else StoredLink(*row)

    async def renew(self, fleet: str, subject: str) -> StoredLink:
        """Raise the generation, of a link made now if there was none."""
        made = await self.of(fleet, (subject,))
        return await self.renew_known(fleet, subject) or made[subject]

    def _make(self, connection: Connection, fleet: str, subjects: Collection[str]) -> dict[str, StoredLink]:
        rows = [{"fleet": fleet, "subject": each, "id": secrets.token_urlsafe(ID_BYTES)} for each in subjects]
        connection.execute(self._make_statement, rows)
        return self._found(connection, fleet, subjects)

    def _found(self, connection: Connection, fleet: str, subjects: Collection[str]) -> dict[str, StoredLink]:
        wanted = list(subjects)
        parts = (wanted[start : start + SUBJECTS_A_QUESTION] for start in range(0, len(wanted), SUBJECTS_A_QUESTION))
        rows = (
            row for part in parts for row in connection.execute(select(*self._columns).where(self._are(fleet, part)))
        )
        return {link.subject: link for link in (StoredLink(*row) for row in rows)}

    def _are(self, fleet: str, subjects: Collection[str]) -> ColumnElement[bool]:
        return and_(self._table.c.fleet == fleet, self._subject.in_(subjects))
