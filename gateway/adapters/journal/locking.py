"""One gateway a journal: a second one would give the same offsets away."""

import fcntl
import os
from pathlib import Path

from gateway.adapters.journal.schema import JournalUnusable


def take_lock(path: Path) -> int:
    """Lock the journal at `path` for this process and return the lock; closing it, or dying, gives it back.

    Raises:
        JournalUnusable: another gateway has it, or the directory cannot be written to.

    """
    lock_path = path.with_suffix(".lock")
    try:
        lock = os.open(lock_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise JournalUnusable(f"cannot write to {lock_path}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise JournalUnusable(f"another gateway uses {path}: stop it, or set another data_dir") from error
    return lock
