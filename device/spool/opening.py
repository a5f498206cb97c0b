"""Opens the spool of an agent, and begins a new one where the old one is damaged."""

import logging
import secrets
import sqlite3
from pathlib import Path

from device.settings import SpoolSettings
from device.spool.database import SpoolCorruptError, SpoolError
from device.spool.spool import Spool

FILE_NAME = "spool.db"
MAX_KEPT_DAMAGED = 3
"""Damaged files kept for a look: more would fill the disk of a vehicle whose flash is dying."""

SPOOL_ID_BYTES = 8
"""64 random bits: two spools of one vehicle never share a name."""


def new_spool_id() -> str:
    """Return a name that no spool had before."""
    return secrets.token_hex(SPOOL_ID_BYTES)


def open_spool(
    data_dir: Path, settings: SpoolSettings, log: logging.Logger | logging.LoggerAdapter[logging.Logger]
) -> Spool:
    """Open the spool in `data_dir`; a damaged file is moved aside and kept, and a new spool begun.

    Raises:
        SpoolError: it cannot be opened; the text says what to do.

    """
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SpoolError(f"cannot make the data_dir {data_dir}: {error.strerror}") from error
    try:
        return _open(path, settings)
    except SpoolCorruptError as error:
        damage = str(error)
    log.error("%s; kept as %s. A new spool is begun: what was not delivered is missing", damage, move_aside(path))
    return _open(path, settings)


def move_aside(path: Path) -> Path:
    """Rename a damaged file and its journal out of the way; returns the new name."""
    taken = [int(old.suffix.removeprefix(".damaged-")) for old in path.parent.glob(f"{path.name}.damaged-*")]
    number = max(taken, default=0) + 1
    for stale in sorted(taken)[: max(0, len(taken) - MAX_KEPT_DAMAGED + 1)]:
        path.with_name(f"{path.name}.damaged-{stale}").unlink()
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():
        journal.rename(path.with_name(f"{path.name}-journal.damaged-{number}"))
    return path.rename(path.with_name(f"{path.name}.damaged-{number}"))


def _open(path: Path, settings: SpoolSettings) -> Spool:
    try:
        return Spool(
            path,
            max_bytes=round(settings.max_mb * 1_000_000),
            keep_ms=round(settings.keep_hours * 3_600_000),
            new_id=new_spool_id,
        )
    except sqlite3.OperationalError as error:
        raise SpoolError(f"cannot write the spool {path}: {error}; is there room on the disk?") from error
