"""Which vehicles may report: answered from memory, kept up with the file that other processes write, too."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select

from gateway.adapters.operations.database import OperationsDatabase, OperationsUnavailable, Refreshed
from gateway.adapters.operations.schema import VEHICLES
from gateway.adapters.registry import credentials
from wire.names import VehicleKey

UNKNOWN_RECHECK_S = 0.5
"""A vehicle unknown to memory may have been added this moment: the file is asked, but at most so often, because
anybody can send unknown names and each question costs about 0.1 ms of the event loop."""


class Registration(StrEnum):
    """What becomes of a vehicle that nobody registered."""

    REQUIRED = "required"
    OPEN = "open"


class Vehicle(NamedTuple):
    """A row of the registry; times in Unix ms, `revoked` None while the vehicle may report."""

    key: VehicleKey
    created: int
    revoked: int | None


class AlreadyRegistered(Exception):  # noqa: N818 - a named refusal
    """The vehicle is registered and not revoked."""


class NotRegistered(Exception):  # noqa: N818 - a named refusal
    """No such vehicle, or it is revoked already."""


class VehicleRegistry:
    """The registered vehicles; satisfies `gateway.ports.Registry`."""

    def __init__(
        self,
        database: OperationsDatabase,
        registration: Registration = Registration.REQUIRED,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the vehicles into memory.

        Raises:
            OperationsUnavailable: the file cannot be read.

        """
        self._database = database
        self._registration = registration
        self._monotonic_s = monotonic_s
        self._next_recheck_s = 0.0
        self._digests: dict[VehicleKey, str] = {}
        self._revoked: frozenset[VehicleKey] = frozenset()
        self._number = -1
        self._reload_if_changed()

    def knows(self, key: VehicleKey) -> bool:
        """Whether the vehicle may report; with open registration, whether it was not revoked."""
        return key in self._digests or self._admits_unregistered(key) or self._found_after_recheck(key)

    def check_secret(self, key: VehicleKey, secret: str) -> bool:
        """Whether `secret` is the vehicle's; never true of a vehicle that has none, open registration or not."""
        if key not in self._digests and not self._found_after_recheck(key):
            return False
        return credentials.matches(secret, self._digests[key])

    def refresh(self) -> Refreshed:
        """Take over what other processes changed; about 0.1 ms when nothing did, so call it once a second."""
        try:
            return self._reload_if_changed()
        except OperationsUnavailable:
            return Refreshed.UNAVAILABLE

    def add(self, key: VehicleKey, now_ms: int) -> str:
        """Register the vehicle, or a revoked one again, and return its new secret, which is stored nowhere.

        Raises:
            AlreadyRegistered: it is, and its secret stays.
            OperationsUnavailable: the file cannot be written.

        """
        secret = credentials.make_device_secret()
        with self._database.writing() as connection:
            revoked = connection.execute(select(VEHICLES.c.revoked).where(_is(key))).first()
            if revoked is not None and revoked.revoked is None:
                raise AlreadyRegistered(f"vehicle {key} is registered already")
            connection.execute(VEHICLES.delete().where(_is(key)))
            row = {"fleet": key.fleet, "vehicle": key.vehicle, "secret_digest": credentials.digest(secret)}
            connection.execute(VEHICLES.insert().values(**row, created=now_ms))
            self._database.count_change(connection, VEHICLES)
        self._reload_if_changed()
        return secret

    def revoke(self, key: VehicleKey, now_ms: int) -> None:
        """Let the vehicle report no more.

        Raises:
            NotRegistered: there is nothing to revoke.
            OperationsUnavailable: the file cannot be written.

        """
        with self._database.writing() as connection:
            standing = VEHICLES.update().where(_is(key), VEHICLES.c.revoked.is_(None))
            if connection.execute(standing.values(revoked=now_ms)).rowcount == 0:
                raise NotRegistered(f"vehicle {key} is not registered")
            self._database.count_change(connection, VEHICLES)
        self._reload_if_changed()

    def registered(self) -> list[Vehicle]:
        """Return all vehicles, the revoked ones included, by fleet and name; raises `OperationsUnavailable`."""
        columns = (VEHICLES.c.fleet, VEHICLES.c.vehicle, VEHICLES.c.created, VEHICLES.c.revoked)
        with self._database.reading() as connection:
            rows = connection.execute(select(*columns).order_by(VEHICLES.c.fleet, VEHICLES.c.vehicle)).all()
        return [Vehicle(VehicleKey(row.fleet, row.vehicle), row.created, row.revoked) for row in rows]

    def _admits_unregistered(self, key: VehicleKey) -> bool:
        return self._registration is Registration.OPEN and key not in self._revoked

    def _found_after_recheck(self, key: VehicleKey) -> bool:
        now_s = self._monotonic_s()
        if now_s < self._next_recheck_s:
            return False
        self._next_recheck_s = now_s + UNKNOWN_RECHECK_S
        return self.refresh() is Refreshed.CHANGED and key in self._digests

    def _reload_if_changed(self) -> Refreshed:
        with self._database.reading() as connection:
            number = self._database.change_number(connection, VEHICLES)
            if number == self._number:
                return Refreshed.UNCHANGED
            rows = connection.execute(VEHICLES.select()).all()
        self._digests = {VehicleKey(r.fleet, r.vehicle): r.secret_digest for r in rows if r.revoked is None}
        self._revoked = frozenset(VehicleKey(r.fleet, r.vehicle) for r in rows if r.revoked is not None)
        self._number = number
        return Refreshed.CHANGED


def _is(key: VehicleKey) -> ColumnElement[bool]:
    return and_(VEHICLES.c.fleet == key.fleet, VEHICLES.c.vehicle == key.vehicle)
