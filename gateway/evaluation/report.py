"""The figures of an evaluation, and how they are written down."""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from gateway.evaluation.baselines import BASELINES, Method
from gateway.evaluation.horizons import MINUTE_GROUPS, MINUTE_MS, STOP_GROUPS
from gateway.evaluation.tally import Errors, Tally, Windows

WITHIN_MINUTES = (5, 10, 15, 30)
"""Shares that people ask for: "to the quarter of an hour"."""


class Accuracy(msgspec.Struct, frozen=True):
    """One method at one horizon. Minutes; `bias` is actual minus forecast (positive: later than said).

    `within` are shares (0 to 1) of errors up to WITHIN_MINUTES.
    """

    horizon: str
    method: str
    forecasts: int
    mae: float
    median: float
    p90: float
    bias: float
    within: tuple[float, ...]


class Coverage(msgspec.Struct, frozen=True):
    """Our windows at one horizon: shares (0 to 1) of arrivals within, before and after; mean width in minutes."""

    horizon: str
    forecasts: int
    within: float
    before: float
    after: float
    width: float


class Report(msgspec.Struct, frozen=True):
    """An evaluation. `data` says of what; `revisions` are changes of more than five minutes, per stop, by method."""

    data: str
    calibration: str
    days: int
    stops: int
    forecasts: int
    accuracy: list[Accuracy]
    coverage: list[Coverage]
    revisions: dict[str, float]


def report(tally: Tally, data: str, calibration: str) -> Report:
    """Return the figures of what was gathered."""
    groups = [group for group in (*MINUTE_GROUPS, *STOP_GROUPS) if group in tally.windows]
    methods = (Method.OURS, *BASELINES)
    return Report(
        data=data,
        calibration=calibration,
        days=tally.days,
        stops=tally.stops,
        forecasts=tally.forecasts,
        accuracy=[_accuracy(group, method, tally.errors[method, group]) for group in groups for method in methods],
        coverage=[_coverage(group, tally.windows[group]) for group in groups],
        revisions={method.value: tally.revisions[method] / max(tally.stops, 1) for method in methods},
    )


def _accuracy(group: str, method: Method, errors: Errors) -> Accuracy:
    values = errors.values
    sizes = sorted(abs(error) for error in values)
    count = len(sizes)
    return Accuracy(
        horizon=group,
        method=method.value,
        forecasts=count,
        mae=sum(sizes) / count / MINUTE_MS,
        median=sizes[count // 2] / MINUTE_MS,
        p90=sizes[min(count * 9 // 10, count - 1)] / MINUTE_MS,
        bias=sum(values) / count / MINUTE_MS,
        within=tuple(sum(size <= limit * MINUTE_MS for size in sizes) / count for limit in WITHIN_MINUTES),
    )


def _coverage(group: str, windows: Windows) -> Coverage:
    count = windows.count
    return Coverage(
        horizon=group,
        forecasts=count,
        within=windows.within / count,
        before=windows.before / count,
        after=windows.after / count,
        width=windows.width_ms / count / MINUTE_MS,
    )


def as_text(figures: Report) -> str:
    """Return a report as a page of Markdown."""
    head = (
        f"{figures.data}\n\n{figures.days} route days, {figures.stops} stops, {figures.forecasts} forecasts, asked for "
        f"every two minutes. Windows: {figures.calibration.rstrip('.')}.\n"
    )
    accuracy = _table(_ACCURACY_HEAD, map(_accuracy_row, figures.accuracy))
    coverage = _table(_COVERAGE_HEAD, map(_coverage_row, figures.coverage))
    revisions = _table(_REVISIONS_HEAD, ((method, f"{count:.2f}") for method, count in figures.revisions.items()))
    return f"{head}\n{accuracy}\n{coverage}\n{revisions}"


_ACCURACY_HEAD = (
    *("ahead", "method", "forecasts", "MAE", "median", "P90", "bias"),
    *(f"±{minutes} min" for minutes in WITHIN_MINUTES),
)
_COVERAGE_HEAD = ("ahead", "forecasts", "within P10-P90", "before", "after", "mean width")
_REVISIONS_HEAD = ("method", "revisions of more than 5 min, per stop")


def _accuracy_row(row: Accuracy) -> Sequence[str]:
    minutes = (f"{value:.1f}" for value in (row.mae, row.median, row.p90))
    shares = (f"{share:.0%}" for share in row.within)
    return (row.horizon, row.method, str(row.forecasts), *minutes, f"{row.bias:+.1f}", *shares)


def _coverage_row(row: Coverage) -> Sequence[str]:
    shares = (f"{share:.0%}" for share in (row.within, row.before, row.after))
    return (row.horizon, str(row.forecasts), *shares, f"{row.width:.1f} min")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    listed = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in listed]
    ruler = " | ".join("-" * width for width in widths)
    return "".join(f"| {line} |\n" for line in chain(lines[:1], [ruler], lines[1:]))
