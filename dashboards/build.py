"""The dashboards as files: what Grafana's provisioning reads, and what `milepost dashboards push` sends."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from dashboards.fleet import fleet
from dashboards.panels import Json

DASHBOARDS: Mapping[str, Callable[[], Json]] = {"fleet.json": fleet}
"""By file name."""

BUILT = Path(__file__).resolve().parent / "grafana"
"""Where the built files are kept; they are part of the source, so that provisioning needs no Python."""


def text(dashboard: Json) -> str:
    """Return a dashboard as it stands in its file."""
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


def write(directory: Path) -> list[Path]:
    """Write all dashboards into `directory` and return the files.

    Raises:
        OSError: the directory cannot be made or written.

    """
    directory.mkdir(parents=True, exist_ok=True)
    files = {directory / name: text(make()) for name, make in DASHBOARDS.items()}
    for path, content in files.items():
        path.write_text(content)
    return list(files)
