"""A folder of past days: `routes.csv`, `stops.csv`, and positions in `positions*.csv` and `positions/*.csv`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from gateway.evaluation.cells import FaultyTable
from gateway.evaluation.days import Day
from gateway.evaluation.tables import Tables
from milepost.errors import CommandError


def days_of(folder: Path) -> list[Day]:
    """Return the days of a folder.

    Raises:
        CommandError: a file is missing or faulty, or no route has positions.

    """
    files = [*sorted(folder.glob("positions*.csv")), *sorted(folder.glob("positions/*.csv"))]
    if not files:
        raise CommandError(f"{folder} has no positions*.csv and no positions/*.csv")
    tables = Tables()
    try:
        with _opened(folder / "routes.csv") as lines:
            tables.add_routes("routes.csv", lines)
        with _opened(folder / "stops.csv") as lines:
            tables.add_stops("stops.csv", lines)
        for file in files:
            with _opened(file) as lines:
                tables.add_positions(str(file.relative_to(folder)), lines, file.stem)
        days = tables.days()
    except FaultyTable as error:
        raise CommandError(str(error)) from error
    if not days:
        raise CommandError(f"no route of {folder} has both stops and positions of its vehicle on its day")
    return days


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield lines
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not UTF-8 text: {error.reason}") from error
