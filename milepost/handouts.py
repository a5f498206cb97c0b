"""What a registered vehicle and its broker are given: texts with the place where each belongs."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from gateway.enrolment import broker
from gateway.enrolment.agent import AgentFiles, BrokerAddress, agent_config
from wire.names import VehicleKey
from wire.topics import Topics

ON_THE_VEHICLE = Path("/etc/milepost")
CA_ON_THE_VEHICLE = ON_THE_VEHICLE / "ca.crt"
AGENT_FILES = AgentFiles(password=ON_THE_VEHICLE / "password", data=Path("/var/lib/milepost"))
PRIVATE = 0o600

CONFIG, PASSWORD, BROKER_PASSWORDS = "device.toml", "password", "mosquitto-passwords"


@dataclass(frozen=True, slots=True)
class Handout:
    """One thing that the new vehicle or its broker needs: its file's name, where it goes, and its text."""

    file_name: str
    goes_to: str
    text: str


def handouts(key: VehicleKey, secret: str, address: BrokerAddress, authority: Path | None) -> list[Handout]:
    """Return all that a vehicle with this secret needs; `authority` is the file of the broker's authority, if any."""
    topics = Topics(address.topic_prefix)
    line = broker.password_line(broker.broker_user(key), secret, secrets.token_bytes(broker.SALT_BYTES))
    acl = "\n".join(broker.acl_lines(topics, key))
    covered = "  (config/mosquitto/acl covers it already)" if broker.covered_by_patterns(topics, key) else ""
    made = [
        Handout(CONFIG, f"vehicle: {ON_THE_VEHICLE / CONFIG}", agent_config(key, address, AGENT_FILES)),
        Handout(PASSWORD, f"vehicle: {AGENT_FILES.password}, mode 0600; also its password for HTTP", f"{secret}\n"),
        Handout(BROKER_PASSWORDS, "broker: add to passwords, then SIGHUP", f"{line}\n"),
        Handout("mosquitto-acl", f"broker: add to acl, then SIGHUP{covered}", f"{acl}\n"),
    ]
    if authority is not None and authority.is_file():
        made.append(Handout(CA_ON_THE_VEHICLE.name, f"vehicle: {CA_ON_THE_VEHICLE}", authority.read_text()))
    return made


def write(made: list[Handout], folder: Path) -> list[Path]:
    """Write the texts as files that only their owner can read, and return the files; raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = [folder / handout.file_name for handout in made]
    for path, handout in zip(paths, made, strict=True):
        path.touch(mode=PRIVATE)
        path.write_text(handout.text)
    return paths
