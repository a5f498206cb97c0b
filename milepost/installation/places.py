"""Where the first start leaves things: one folder, and one volume, for each container, so that none sees another's."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

PRIVATE, PRIVATE_FOLDER = 0o600, 0o700
PASSWORD_BYTES = 24
"""192 bits: nobody types these often, and nobody guesses them."""

ROOT_USER, GRAFANA_USER, MOSQUITTO_USER, MILEPOST_USER = 0, 472, 1883, 10_001
"""The users of the images; ours is made in the Dockerfile."""


@dataclass(frozen=True, slots=True)
class Places:
    """The folders under one root."""

    root: Path

    @property
    def authority(self) -> Path:
        """The certificate authority's key: no container but this one sees it."""
        return self.root / "authority"

    @property
    def database(self) -> Path:
        """The database's administrator: no container but this one sees it."""
        return self.root / "database"

    @property
    def broker(self) -> Path:
        """Mosquitto's certificate, passwords and ACL."""
        return self.root / "broker"

    @property
    def broker_data(self) -> Path:
        """Where Mosquitto saves its sessions."""
        return self.root / "broker-data"

    @property
    def gateway(self) -> Path:
        """The gateway's password, token and the authority's certificate."""
        return self.root / "gateway"

    @property
    def gateway_data(self) -> Path:
        """The gateway's data directory."""
        return self.root / "gateway-data"

    @property
    def grafana(self) -> Path:
        """Grafana's administrator's password and its reading token."""
        return self.root / "grafana"

    @property
    def fleet(self) -> Path:
        """One folder a simulated vehicle, as `milepost devices add --out` writes it."""
        return self.root / "fleet"

    @property
    def fleet_data(self) -> Path:
        """The simulated vehicles' spools."""
        return self.root / "fleet-data"

    def owners(self) -> dict[Path, int]:
        """Return each folder's user."""
        return {
            self.authority: ROOT_USER,
            self.database: ROOT_USER,
            self.broker: MOSQUITTO_USER,
            self.broker_data: MOSQUITTO_USER,
            self.gateway: MILEPOST_USER,
            self.gateway_data: MILEPOST_USER,
            self.grafana: GRAFANA_USER,
            self.fleet: MILEPOST_USER,
            self.fleet_data: MILEPOST_USER,
        }

    def make(self) -> None:
        """Make the folders; only their owners may look into them."""
        for folder in self.owners():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)

    def hand_over(self) -> None:
        """Give each folder and what is in it to its user, where we are root."""
        if os.geteuid() != ROOT_USER:
            return
        for folder, user in self.owners().items():
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user)


def kept_secret(path: Path) -> str:
    """Return the secret in the file; a new one is written there first if there is none."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(PASSWORD_BYTES) + "\n")
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=PRIVATE)
    new.write_text(text)
    new.replace(path)
