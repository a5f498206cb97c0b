"""`python -m milepost.description DIRECTORY`: what `make docs` runs.

It renews asyncapi.json and the table in mqtt.md, events.schema.json and the table in events.md.
"""

import sys
from pathlib import Path

from milepost.description.document import text
from milepost.description.events import event_table, event_text
from milepost.description.meanings import position_table

BEGIN = "<!-- the table that `make docs` writes -->\n"
END = "\n<!-- its end -->"


class NoPlaceForTheTable(ValueError):  # noqa: N818 - what the page lacks
    """The page has lost the two marks between which the table stands."""


def with_table(page: str, table: str) -> str:
    """Return the page with the table between its marks. Raises `NoPlaceForTheTable`."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise NoPlaceForTheTable(f"no lines {BEGIN.strip()!r} and {END.strip()!r}")
    return f"{before}{begin}{table}{end}{after}"


def write(directory: Path) -> None:
    """Write all of it. Raises `OSError`, and `NoPlaceForTheTable`."""
    for name, table in (("mqtt.md", position_table()), ("events.md", event_table())):
        page = directory / name
        page.write_text(with_table(page.read_text(), table))
    (directory / "asyncapi.json").write_text(text())
    (directory / "events.schema.json").write_text(event_text())


if __name__ == "__main__":
    write(Path(sys.argv[1]))
