"""Puts the first start together: certificates, the broker's users, the simulated fleet, the database, Grafana."""

import asyncio
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.operations.database import open_operations
from gateway.adapters.registry.vehicles import VehicleRegistry
from gateway.enrolment.agent import BrokerAddress
from gateway.enrolment.broker import SALT_BYTES, password_line
from milepost import handouts
from milepost.installation.authority import Authority
from milepost.installation.database import TokenFiles, set_up
from milepost.installation.places import Places, kept_secret, write_private
from wire.names import DEFAULT_FLEET, VehicleKey
from wire.topics import DEFAULT_PREFIX

GATEWAY_USER = "gateway@milepost"
BROKER_PORT = 8883


@dataclass(frozen=True, slots=True)
class Plan:
    """What is wanted.

    Attributes:
        broker_names: by which clients reach the broker; the first is the one inside the installation.
        vans: how many simulated vans.
        acl: the ACL that the broker gets.
        database_url: InfluxDB 2; None leaves it alone.

    """

    broker_names: list[str]
    vans: int
    acl: Path
    database_url: str | None


def prepare(places: Places, plan: Plan) -> None:
    """Make what is missing.

    Raises:
        OpensslFailed, SetUpFailed, OperationsUnavailable, OSError: and run again once that is put right.

    """
    places.make()
    authority = Authority(places.authority)
    authority.found()
    authority.certify_server(places.broker, plan.broker_names)
    shutil.copyfile(plan.acl, places.broker / "acl")
    shutil.copyfile(authority.certificate, places.gateway / "ca.crt")
    password = kept_secret(places.gateway / "broker-password")
    _let_in(places, password_line(GATEWAY_USER, password, secrets.token_bytes(SALT_BYTES)))
    _enrol(places, plan)
    kept_secret(places.grafana / "admin-password")
    if plan.database_url is not None:
        tokens = TokenFiles(places.database, places.gateway / "influxdb-token", places.grafana / "influxdb-token")
        asyncio.run(set_up(plan.database_url, tokens))
    places.hand_over()


def _enrol(places: Places, plan: Plan) -> None:
    address = BrokerAddress(
        plan.broker_names[0], BROKER_PORT, tls=True, ca_file=handouts.CA_ON_THE_VEHICLE, topic_prefix=DEFAULT_PREFIX
    )
    database = open_operations(places.gateway_data)
    try:
        registry = VehicleRegistry(database)
        for number in range(1, plan.vans + 1):
            _enrol_van(places, registry, VehicleKey(DEFAULT_FLEET, f"van-{number:02d}"), address)
    finally:
        database.close()


def _enrol_van(places: Places, registry: VehicleRegistry, key: VehicleKey, address: BrokerAddress) -> None:
    folder = places.fleet / key.vehicle
    if not (folder / handouts.BROKER_PASSWORDS).exists():
        made = handouts.handouts(key, _new_secret(registry, key), address, places.authority / "ca.crt")
        shutil.rmtree(folder, ignore_errors=True)
        # The line for the broker last: its presence says that all is written.
        handouts.write(sorted(made, key=lambda handout: handout.file_name == handouts.BROKER_PASSWORDS), folder)
    _let_in(places, (folder / handouts.BROKER_PASSWORDS).read_text().strip())


def _new_secret(registry: VehicleRegistry, key: VehicleKey) -> str:
    """Register the vehicle; one that was registered when a start was cut off is given a new secret."""
    now_ms = time.time_ns() // 1_000_000
    if registry.knows(key):
        registry.revoke(key, now_ms)
    return registry.add(key, now_ms)


def _let_in(places: Places, line: str) -> None:
    """Put a user's line among the broker's passwords, in the place of an older one of the same user."""
    path, user = places.broker / "passwords", line.partition(":")[0]
    lines = path.read_text().splitlines() if path.exists() else []
    others = [known for known in lines if not known.startswith(f"{user}:")]
    write_private(path, "\n".join([*others, line]) + "\n")
