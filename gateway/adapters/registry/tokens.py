"""The API's tokens: shown once, kept as digests, checked in memory."""

import secrets
from typing import NamedTuple

from sqlalchemy import func, select

from gateway.adapters.operations.database import OperationsDatabase, OperationsUnavailable, Refreshed
from gateway.adapters.operations.schema import API_TOKENS
from gateway.adapters.registry import credentials

ID_BYTES = 4
"""A token's id is for people who list and revoke; 32 bits tell the few tokens of one gateway apart."""

FIRST_TOKEN_NAME = "first start"  # noqa: S105 - a label, not a token


class ApiToken(NamedTuple):
    """What is known of a token; times in Unix ms, `revoked` None while it is valid."""

    id: str
    name: str
    created: int
    revoked: int | None


class NoSuchToken(Exception):  # noqa: N818 - a named refusal
    """No valid token has this id."""


class TokenStore:
    """The tokens of the API; satisfies `gateway.ports.ApiTokens`."""

    def __init__(self, database: OperationsDatabase) -> None:
        """Read the digests into memory; raises `OperationsUnavailable`."""
        self._database = database
        self._valid: frozenset[str] = frozenset()
        self._number = -1
        self._reload_if_changed()

    def check(self, token: str) -> bool:
        """Whether the token is valid.

        The look-up is by digest: how long it takes tells about the digest of what was sent, never about a token.
        """
        return len(token) <= credentials.MAX_SECRET_CHARACTERS and credentials.digest(token) in self._valid

    def refresh(self) -> Refreshed:
        """Take over what other processes changed; about 0.1 ms when nothing did, so call it once a second."""
        try:
            return self._reload_if_changed()
        except OperationsUnavailable:
            return Refreshed.UNAVAILABLE

    def make_first(self, now_ms: int) -> str | None:
        """Return a new token if there has never been one, to be shown once; else None."""
        with self._database.reading() as connection:
            made_before = connection.execute(select(func.count()).select_from(API_TOKENS)).scalar_one()
        return None if made_before else self.add(FIRST_TOKEN_NAME, now_ms)

    def add(self, name: str, now_ms: int) -> str:
        """Make a token and return it; it cannot be shown again. Raises `OperationsUnavailable`."""
        token = credentials.make_api_token()
        row = {"id": secrets.token_hex(ID_BYTES), "name": name, "token_digest": credentials.digest(token)}
        with self._database.writing() as connection:
            connection.execute(API_TOKENS.insert().values(**row, created=now_ms))
            self._database.count_change(connection, API_TOKENS)
        self._reload_if_changed()
        return token

    def revoke(self, token_id: str, now_ms: int) -> None:
        """Make the token with this id invalid.

        Raises:
            NoSuchToken: there is none, or it is revoked already.
            OperationsUnavailable: the file cannot be written.

        """
        with self._database.writing() as connection:
            standing = API_TOKENS.update().where(API_TOKENS.c.id == token_id, API_TOKENS.c.revoked.is_(None))
            if connection.execute(standing.values(revoked=now_ms)).rowcount == 0:
                raise NoSuchToken(f"no valid token has the id {token_id!r}")
            self._database.count_change(connection, API_TOKENS)
        self._reload_if_changed()

    def issued(self) -> list[ApiToken]:
        """Return all tokens, the revoked ones included, oldest first; raises `OperationsUnavailable`."""
        columns = (API_TOKENS.c.id, API_TOKENS.c.name, API_TOKENS.c.created, API_TOKENS.c.revoked)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(API_TOKENS.c.created, API_TOKENS.c.id)).all()
        return [ApiToken(row.id, row.name, row.created, row.revoked) for row in rows]

    def _reload_if_changed(self) -> Refreshed:
        with self._database.reading() as connection:
            number = self._database.change_number(connection, API_TOKENS)
            if number == self._number:
                return Refreshed.UNCHANGED
            valid = select(API_TOKENS.c.token_digest).where(API_TOKENS.c.revoked.is_(None))
            self._valid = frozenset(connection.execute(valid).scalars())
        self._number = number
        return Refreshed.CHANGED
