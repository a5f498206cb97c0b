"""What Mosquitto must know of a vehicle: its user name, its line in `passwords`, its lines in `acl`."""

import hashlib
from base64 import b64encode

from wire.names import DEFAULT_FLEET, VehicleKey
from wire.topics import READ_BY_VEHICLE, WRITTEN_BY_VEHICLE, Topics

PBKDF2_ITERATIONS = 101
"""What mosquitto_passwd 2.0 uses. More would only slow each login down: the secrets are random, nobody guesses them."""

SALT_BYTES = 12
"""The length that Mosquitto itself uses."""

_PBKDF2_SHA512 = 7
"""Mosquitto's number for this kind of hash."""


def broker_user(key: VehicleKey) -> str:
    """Return the vehicle's user name at the broker, or the common name of its certificate.

    The `pattern` lines of `config/mosquitto/acl` go by the user name alone, so within the fleet that they name it is
    the vehicle's; elsewhere the fleet stands before it. A name holds no dot, so no two vehicles share a user.
    """
    return key.vehicle if key.fleet == DEFAULT_FLEET else f"{key.fleet}.{key.vehicle}"


def password_line(user: str, secret: str, salt: bytes) -> str:
    """Return the line for Mosquitto's password_file: PBKDF2 over SHA-512, as `mosquitto_passwd` would write it."""
    key = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, PBKDF2_ITERATIONS)
    return f"{user}:${_PBKDF2_SHA512}${PBKDF2_ITERATIONS}${b64encode(salt).decode()}${b64encode(key).decode()}"


def acl_lines(topics: Topics, key: VehicleKey) -> list[str]:
    """Return the vehicle's own lines for Mosquitto's acl_file, topic by topic."""
    written = [f"topic write {topics.vehicle(key, channel)}" for channel in WRITTEN_BY_VEHICLE]
    read = [f"topic read {topics.vehicle(key, channel)}" for channel in READ_BY_VEHICLE]
    return [f"user {broker_user(key)}", *written, *read, f"topic read {topics.any_gateway_status(key.fleet)}"]


def covered_by_patterns(topics: Topics, key: VehicleKey) -> bool:
    """Whether the `pattern` lines of `config/mosquitto/acl` already let the vehicle do all that it may."""
    return key.fleet == DEFAULT_FLEET and topics == Topics()
