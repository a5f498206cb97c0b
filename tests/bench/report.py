"""`docs/benchmarks.md`: one run, one table, a miss written as a miss."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.fixtures.require import ROOT

TARGET = ROOT / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Made by `make bench` on {date} ({machine}); broker, publisher, gateway and InfluxDB 1.6.7 share its cores,
the journal is on a disk with `synchronous=FULL`, watermarks are coalesced. Absolute times belong to this machine; the
ratio is measured against bound.

| what | measured | bound | measured / bound | |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One promise: `measured` must not exceed `bound`, or not stay below it where more is better."""

    what: str
    measured: float
    bound: float
    unit: str
    more_is_better: bool = False

    @property
    def kept(self) -> bool:
        return self.measured >= self.bound if self.more_is_better else self.measured <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        verdict = "kept" if self.kept else "**missed**"
        ratio = self.measured / self.bound if self.bound else self.measured
        return (
            f"| {self.what} | {self.measured:,.1f} {self.unit} | {sign} {self.bound:,.0f} {self.unit} "
            f"| {ratio:.2f} | {verdict} |"
        )


def write(rows: list[Row], notes: list[str], notes_file: Path) -> None:
    """Write the table, this run's notes, and what is kept by hand about the misses."""
    text = HEAD.format(date=f"{datetime.now(UTC):%Y-%m-%d}", machine=_machine())
    text += "\n".join(map(str, rows)) + "\n\n"
    text += "\n".join(f"- {note}" for note in notes) + "\n"
    if notes_file.exists():
        text += "\n" + notes_file.read_text()
    TARGET.write_text(text)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
