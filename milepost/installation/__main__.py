"""`python -m milepost.installation`: the one-shot service `first-start` of docker-compose.yml."""

import os
import sys
from pathlib import Path

from gateway.adapters.operations.database import OperationsUnavailable
from milepost.installation.authority import OpensslFailed
from milepost.installation.database import SetUpFailed
from milepost.installation.first_start import Plan, prepare
from milepost.installation.places import Places


def main() -> None:
    """Prepare what the environment asks for; an expected error is one line and exit code 1."""
    root = Path(os.environ.get("MILEPOST_ROOT", "/installation"))
    plan = Plan(
        broker_names=os.environ.get("MILEPOST_BROKER_NAMES", "mosquitto,localhost,127.0.0.1").split(","),
        vans=int(os.environ.get("MILEPOST_VANS", "12")),
        acl=Path(os.environ.get("MILEPOST_ACL", "config/mosquitto/acl")),
        database_url=os.environ.get("MILEPOST_INFLUXDB_URL") or None,
    )
    try:
        prepare(Places(root), plan)
    except (OpensslFailed, SetUpFailed, OperationsUnavailable, OSError) as error:
        sys.stderr.write(f"first start: {error}\n")
        sys.exit(1)
    sys.stdout.write("first start: everything is in place\n")


if __name__ == "__main__":
    main()
