"""The record as CSV (RFC 4180): a header, then a row a stop in planned order; what is unknown is empty.

Each time stands twice: as ISO 8601 in the route's zone with its offset, for a person and a spreadsheet, and as Unix
milliseconds (`…_ms` behind a time's name) for a program. Durations are whole seconds, distances metres. Of several
proofs of a stop the columns `proof_…` hold one value each, oldest first, with a space between.
"""

from collections.abc import Callable, Iterator

from gateway.domain.proof import Proof
from gateway.execution.day.record import StopRow
from gateway.export.formats.csv_document import Cell, cell, lines
from gateway.export.records.told import Told

Column = Callable[[Told, StopRow], Cell]


def csv_record(told: Told) -> Iterator[bytes]:
    """Yield the header and a row for each stop."""
    yield lines([HEADER])
    yield lines([[cell(column(told, row)) for column in _COLUMNS.values()] for row in told.record.stops])


def _time(name: str) -> dict[str, Column]:
    def local(told: Told, row: StopRow) -> Cell:
        time = getattr(row, name)
        return None if time is None else told.times.iso(time)

    def unix(_told: Told, row: StopRow) -> Cell:
        return getattr(row, name)  # type: ignore[no-any-return]

    return {name: local, f"{name}_ms": unix}


def _same(name: str) -> dict[str, Column]:
    def value(_told: Told, row: StopRow) -> Cell:
        return getattr(row, name)  # type: ignore[no-any-return]

    return {name: value}


def _metres(name: str) -> dict[str, Column]:
    def value(_told: Told, row: StopRow) -> Cell:
        metres = getattr(row, name)
        return None if metres is None else round(metres)

    return {name: value}


def _seconds(name: str) -> dict[str, Column]:
    def value(_told: Told, row: StopRow) -> Cell:
        span_ms = getattr(row, f"{name}_ms")
        return None if span_ms is None else round(span_ms / 1000)

    return {f"{name}_s": value}


def _proofs(name: str, value: Callable[[Proof], object]) -> dict[str, Column]:
    def joined(told: Told, row: StopRow) -> Cell:
        return " ".join(str(value(proof)) for proof in told.proofs_of(row)) or None

    return {name: joined}


def _kept(proof: Proof) -> str:
    return "kept" if proof.erased is None else "erased"


_COLUMNS: dict[str, Column] = {
    "fleet": lambda told, _: told.record.fleet,
    "route": lambda told, _: told.record.route,
    "date": lambda told, _: told.record.date,
    "zone": lambda told, _: told.record.zone,
    "vehicle": lambda told, _: told.record.vehicle,
    "driver": lambda told, _: told.record.driver,
    **_same("stop"),
    **_same("order"),
    "recipient": lambda told, row: told.recipient(row) or None,
    "address": lambda told, row: told.address(row) or None,
    "parcels": lambda told, row: told.parcels(row),
    **_same("lat"),
    **_same("lon"),
    **_same("sequence"),
    **_same("served"),
    **_same("label"),
    **_same("execution"),
    **_same("outcome"),
    **_same("left_with"),
    **_same("failure"),
    **_same("timeliness"),
    **_same("first_attempt"),
    **_same("visits"),
    **_time("window_start"),
    **_time("window_end"),
    **_time("planned_arrival"),
    **_time("arrived"),
    **_seconds("lateness"),
    **_time("planned_departure"),
    **_time("departed"),
    **_seconds("service"),
    **_seconds("dwell"),
    **_seconds("leg"),
    **_seconds("drive"),
    **_metres("leg_m"),
    **_metres("drive_m"),
    **_metres("nearest_m"),
    **_time("tapped"),
    **_same("tapped_by"),
    **_metres("tap_m"),
    "instructions": lambda told, row: told.instructions(row) or None,
    "proof_asked": lambda told, row: (asked := told.proof_asked(row)) and asked.value,
    **_proofs("proof_kind", lambda proof: proof.kind.value),
    **_proofs("proof_state", _kept),
    **_proofs("proof_taken_ms", lambda proof: proof.taken),
    **_proofs("proof_received_ms", lambda proof: proof.received),
    **_proofs("proof_bytes", lambda proof: proof.size),
    **_proofs("proof_sha256", lambda proof: proof.digest),
}

HEADER = tuple(_COLUMNS)
