"""The tables of the printable page."""

from gateway.domain.proof import Proof
from gateway.domain.stop import Execution, Label, Said, Teller
from gateway.execution.day.record import DeviationRow, StopRow, TapRow
from gateway.execution.deviations.far_tap import FAR_M
from gateway.export.formats.local_times import metres_text, span_text
from gateway.export.records.markup import table, text
from gateway.export.records.page_map import flagged
from gateway.export.records.told import Told
from gateway.export.records.words import (
    DEVIATIONS,
    PROOFS,
    TELLERS,
    lateness_text,
    outcome_text,
    proof_text,
    reason_text,
    size_text,
)

_STOP_HEADS = (
    "Stop", "Served", "Order", "Window", "Planned", "Arrived", "Departed", "At stop", "Drive there", "Outcome", "Said",
)  # fmt: skip


def stops_table(told: Told) -> str:
    """Return a row a stop, planned against actual."""
    return table(_STOP_HEADS, (_stop_cells(told, row) for row in told.record.stops), "stops")


def deviations_table(told: Told) -> str:
    """Return the deviations under the letters that they have on the map."""
    heads = ("", "What", "Stop", "From", "Until", "Lasted", "Distance", "Extra way")
    return table(heads, (_deviation_cells(told, name, row) for name, row in flagged(told)), "deviations")


def incidents_table(told: Told) -> str:
    """Return the stops with an incident."""
    rows = {row.stop: row for row in told.record.stops}
    heads = ("Stop", "Order", "What", "Time")
    cells = (
        (_pin(rows[each.stop]), text(rows[each.stop].order), _incident(each.kind, reason_text(each.reason)),
         "" if each.time is None else _clock(told, each.time))
        for each in told.record.incidents
    )  # fmt: skip
    return table(heads, cells, "incidents")


def gaps_table(told: Told) -> str:
    """Return when nothing was heard."""
    heads = ("Nothing heard from", "until", "for", "Straight distance")
    cells = (
        (_clock(told, gap.begin), _clock(told, gap.end), span_text(gap.end - gap.begin), metres_text(gap.m))
        for gap in told.record.gaps
    )
    return table(heads, cells, "gaps")


def halts_table(told: Told) -> str:
    """Return where the vehicle stood."""
    heads = ("Stood from", "until", "for", "Stops served there")
    cells = (
        (
            _clock(told, halt.begin),
            "" if halt.end is None else _clock(told, halt.end),
            "" if halt.end is None else span_text(halt.end - halt.begin),
            text(", ".join(told.sequence(stop) for stop in halt.stops)) or "none",
        )
        for halt in told.record.halts
    )
    return table(heads, cells, "halts")


def proofs_table(told: Told) -> str:
    """Return the proofs by stop: what a photo or a signature was, and the digest that tells whether it is the same."""
    heads = ("Stop", "Order", "Proof", "Taken", "Received", "Size", "SHA-256 of the file")
    cells = (_proof_cells(told, row, proof) for row in told.record.stops for proof in told.proofs_of(row))
    return table(heads, cells, "proofs")


def instructions_table(told: Told) -> str:
    """Return what customers asked of the driver, in their own words."""
    heads = ("Stop", "Order", "Asked", "At")
    cells = (
        (_pin(row), text(row.order), text(wish.text), _clock(told, wish.written))
        for row in told.record.stops
        if (wish := told.wishes.get(row.stop)) is not None
    )
    return table(heads, cells, "instructions")


def taps_table(told: Told) -> str:
    """Return the words worth a look, beside the tracker's own place then: the usual one stands with its stop."""
    heads = ("Stop", "Said", "By", "At", "Phone from stop", "Vehicle from stop", "Vehicle's fix")
    return table(heads, (_tap_cells(told, tap) for tap in told.record.taps if not _is_usual(tap)), "taps")


def _stop_cells(told: Told, row: StopRow) -> tuple[str, ...]:
    return (
        _pin(row),
        _served(row),
        _order(told, row),
        _window(told, row),
        _clock(told, row.planned_arrival),
        _arrival(told, row),
        "" if row.departed is None else _clock(told, row.departed),
        _against("" if row.dwell_ms is None else span_text(row.dwell_ms), span_text(row.service_ms)),
        _drive(row),
        _outcome(told, row),
        _said(told, row),
    )


def _pin(row: StopRow) -> str:
    return f'<span class="pin {row.label}">{row.sequence}</span>'


def _served(row: StopRow) -> str:
    if row.served is None:
        return "–"
    return f"{row.served}." if row.served == row.sequence else f'<span class="moved">{row.served}.</span>'


def _order(told: Told, row: StopRow) -> str:
    who = ", ".join(part for part in (told.recipient(row), told.address(row)) if part)
    return f"{text(row.order)}{_small(who)}"


def _window(told: Told, row: StopRow) -> str:
    if row.window_start is None or row.window_end is None:
        return ""
    return f"{_clock(told, row.window_start)}<small>to {_clock(told, row.window_end)}</small>"


def _arrival(told: Told, row: StopRow) -> str:
    if row.arrived is None:
        return "–"
    late = lateness_text(row)
    return f"{_clock(told, row.arrived)}" + (f'<br><span class="late nowrap">{text(late)}</span>' if late else "")


def _drive(row: StopRow) -> str:
    planned = f"{span_text(row.leg_ms)}, {metres_text(row.leg_m)}"
    parts = (
        "" if row.drive_ms is None else span_text(row.drive_ms),
        "" if row.drive_m is None else metres_text(row.drive_m),
    )
    return _against(", ".join(part for part in parts if part), planned)


def _against(actual: str, planned: str) -> str:
    return f'<span class="nowrap">{text(actual or "–")}</span><small class="nowrap">plan {text(planned)}</small>'


def _outcome(told: Told, row: StopRow) -> str:
    proof = _small(proof_text(told, row))
    if row.label is Label.INCIDENT and row.execution is not Execution.CANCELLED:
        return f'<span class="bad">{text(outcome_text(row))}</span>{proof}'
    return f"{text(outcome_text(row))}{proof}"


def _said(told: Told, row: StopRow) -> str:
    if row.tapped is None or row.tapped_by is None:
        return ""
    said = f"{told.times.clock(row.tapped)} {TELLERS[row.tapped_by]}"
    return f'<span class="nowrap">{text(said)}</span>{_vehicle(row.tap_m)}'


def _vehicle(away_m: float | None) -> str:
    if away_m is None:
        return _small("van's place not known")
    kind = ' class="bad"' if away_m >= FAR_M else ""
    return f"<small{kind}>van {text(metres_text(away_m))} away</small>"


def _deviation_cells(told: Told, name: str, row: DeviationRow) -> tuple[str, ...]:
    return (
        f'<b class="late">{name}</b>',
        DEVIATIONS[row.kind],
        text(told.sequence(row.stop)),
        _clock(told, row.begin),
        "lasts" if row.end is None else _clock(told, row.end),
        "" if row.end is None else span_text(row.end - row.begin),
        "" if row.greatest_m is None else metres_text(row.greatest_m),
        "" if row.extra_m is None else metres_text(row.extra_m),
    )


def _proof_cells(told: Told, row: StopRow, proof: Proof) -> tuple[str, ...]:
    gone = "" if proof.erased is None else f"<small>erased {_clock(told, proof.erased)}</small>"
    return (
        _pin(row),
        text(row.order),
        f"{PROOFS[proof.kind]}{gone}",
        _clock(told, proof.taken),
        _clock(told, proof.received),
        text(size_text(proof.size)),
        f"<code>{text(proof.digest)}</code>",
    )


def _is_usual(tap: TapRow) -> bool:
    """Whether it is a driver's success at the stop."""
    near = max(tap.vehicle_m or 0.0, tap.place_m or 0.0) < FAR_M
    return tap.said is Said.SUCCEEDED and tap.by is Teller.DRIVER and near


def _tap_cells(told: Told, tap: TapRow) -> tuple[str, ...]:
    said = tap.said.value if tap.reason is None else f"{tap.said.value}: {reason_text(tap.reason)}"
    return (
        text(told.sequence(tap.stop)),
        text(said),
        TELLERS[tap.by],
        _clock(told, tap.time),
        _away(tap.place_m),
        _away(tap.vehicle_m),
        "" if tap.fix_time is None else _clock(told, tap.fix_time),
    )


def _away(metres: float | None) -> str:
    if metres is None:
        return "not known"
    return f'<span class="bad">{metres_text(metres)}</span>' if metres >= FAR_M else metres_text(metres)


def _incident(kind: str, reason: str) -> str:
    return text(f"{kind}: {reason}" if reason else kind)


def _clock(told: Told, time: int) -> str:
    return f'<span class="nowrap">{text(told.times.clock(time))}</span>'


def _small(words: str) -> str:
    return f"<small>{text(words)}</small>" if words else ""
