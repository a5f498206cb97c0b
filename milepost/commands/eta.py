"""`milepost eta`: how good the forecasts of arrivals are, and what makes their windows."""

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.evaluation.conformal import Residuals, TooFewErrors
from gateway.evaluation.days import Day
from gateway.evaluation.replay import replay
from gateway.evaluation.report import Report, as_text, report
from gateway.evaluation.split import CannotSplit, split
from gateway.evaluation.stored import CalibrationUnreadable, decode_calibration, encode_calibration
from gateway.evaluation.tally import Tally
from milepost.errors import CommandError
from milepost.evaluation.folder import days_of
from milepost.evaluation.plans import NoRoom
from milepost.evaluation.simulated import Drawn, simulated_days

app = typer.Typer(help="Judge the forecasts of arrivals by days that are past.", no_args_is_help=True)

SIMULATED = "Simulated data: proves that the code is right, not that it is accurate."

PROGRESS_S = 2.0
"""Seconds between two lines of progress."""

MOST_DATES, MOST_VANS, MOST_STOPS = 60, 60, 55
"""An hour of work; and 55 doors that are 100 m apart are what the demo city has room for."""

Folder = Annotated[Path | None, typer.Argument(help="routes.csv, stops.csv and positions*.csv: see docs/eta.md.")]
Simulated = Annotated[bool, typer.Option("--simulated", help="Instead of a folder: days that are simulated.")]
Dates = Annotated[int, typer.Option(min=1, max=MOST_DATES, help="Simulated dates.")]
Vans = Annotated[int, typer.Option(min=1, max=MOST_VANS, help="Simulated vans on each date.")]
Stops = Annotated[int, typer.Option(min=1, max=MOST_STOPS, help="Stops of each simulated van.")]
Seed = Annotated[str, typer.Option(help="The same seed simulates the same days.")]


def register(root: typer.Typer) -> None:
    """Add the subcommands."""
    root.add_typer(app, name="eta")


@app.command()
def evaluate(
    folder: Folder = None,
    *,
    simulated: Simulated = False,
    calibration: Annotated[
        Path | None,
        typer.Option(help="Windows from this file. Without: learned from some of the days, for the others."),
    ] = None,
    dates: Dates = 16,
    vans: Vans = 16,
    stops: Stops = 50,
    seed: Seed = "1",
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Replay past days as they were received, and print how far the forecasts were off, by horizon.

    Beside ours stand what simpler methods would have said. No forecast sees what came later.
    """
    known = None if calibration is None else _read(calibration)
    days, data = _days(folder, Drawn(dates, vans, stops, seed), simulated=simulated)
    figures = _evaluated(days, data) if known is None else _tallied(days, data, known)
    typer.echo(msgspec.json.format(msgspec.json.encode(figures)).decode() if json else as_text(figures), nl=json)


@app.command()
def calibrate(
    folder: Folder = None,
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="Where to write the calibration.")],
    simulated: Simulated = False,
    dates: Dates = 16,
    vans: Vans = 16,
    stops: Stops = 50,
    seed: Seed = "1",
) -> None:
    """Learn from past days how far forecasts are off, by horizon, and write it down for the gateway."""
    days, data = _days(folder, Drawn(dates, vans, stops, seed), simulated=simulated)
    learned = _learned(days, f"{len(days)} route days: {data}")
    try:
        output.write_bytes(encode_calibration(learned))
    except OSError as error:
        raise CommandError(f"cannot write {output}: {error.strerror}") from error
    typer.echo(f"{output}: windows at {len(learned.knots_ms)} horizons, from {len(days)} route days")


def _days(folder: Path | None, drawn: Drawn, *, simulated: bool) -> tuple[list[Day], str]:
    """Return the days, and what they are."""
    if simulated == (folder is not None):
        raise CommandError("name a folder of past days, or --simulated: one of both")
    if folder is not None:
        return days_of(folder), f"Real days of {folder.resolve().name}"
    try:
        return list(_shown("simulating", simulated_days(drawn), drawn.dates * drawn.vans)), SIMULATED
    except NoRoom as error:
        raise CommandError(str(error)) from error


def _evaluated(days: list[Day], data: str) -> Report:
    """Evaluate some days with what others taught."""
    try:
        parts = split(days)
    except CannotSplit as error:
        raise CommandError(f"{error}, or name a --calibration") from error
    origin = f"learned from {len(parts.calibrate)} other route days, of another {parts.kept_apart}"
    return _tallied(parts.evaluate, data, _learned(parts.calibrate, origin))


def _read(path: Path) -> Calibration:
    try:
        return decode_calibration(path.read_bytes())
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from error
    except CalibrationUnreadable as error:
        raise CommandError(f"{path} is no calibration: {error}") from error


def _learned(days: list[Day], origin: str) -> Calibration:
    residuals = Residuals()
    for day in _shown("learning", days, len(days)):
        residuals.add_day(replay(replace(day, plan=replace(day.plan, calibration=BUILT_IN))))
    try:
        return residuals.calibration(origin)
    except TooFewErrors as error:
        raise CommandError(f"cannot learn windows: {error}") from error


def _tallied(days: list[Day], data: str, calibration: Calibration) -> Report:
    tally = Tally()
    for day in _shown("examining", days, len(days)):
        tally.add_day(replay(replace(day, plan=replace(day.plan, calibration=calibration))))
    if not tally.forecasts:
        raise CommandError("there is no stop with a known arrival: nothing can be judged")
    return report(tally, data, calibration.origin)


def _shown(what: str, days: Iterable[Day], total: int) -> Iterator[Day]:
    """Yield the days and say on standard error how far it has come, every now and then."""
    said = time.monotonic()
    for number, day in enumerate(days, 1):
        yield day
        if time.monotonic() - said >= PROGRESS_S:
            said = time.monotonic()
            sys.stderr.write(f"{what}: {number} of {total} route days\n")
