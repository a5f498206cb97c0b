"""The server's key of the tracking links: a file of the data directory, made at the first start.

Whoever has it can make every link. With it gone all links that were sent lead nowhere, and nothing else is lost.
"""

import os
import secrets
from pathlib import Path

from gateway.links.token import KEY_BYTES

FILE_NAME = "links.key"
FILE_MODE = 0o600


class LinkKeyUnusable(OSError):  # noqa: N818 - a state of the world, named as such
    """The file cannot be used; the message names it and says what to do."""


def load_or_make_key(data_dir: Path) -> bytes:
    """Return the key; of two processes that start at once, both return the same one.

    Raises:
        LinkKeyUnusable: the file cannot be read or made, or holds no key.

    """
    path = data_dir / FILE_NAME
    try:
        _make_if_missing(path)
        key = path.read_bytes()
    except OSError as error:
        raise LinkKeyUnusable(f"{path} cannot be used: {error.strerror}") from error
    if len(key) != KEY_BYTES:
        raise LinkKeyUnusable(
            f"{path} has {len(key)} bytes, a key has {KEY_BYTES}: restore it, or remove it (links sent are then void)"
        )
    return key


def _make_if_missing(path: Path) -> None:
    """Make the key whole under a name of its own first: what is seen under the final name is complete."""
    if path.exists():
        return
    draft = path.with_name(f"{FILE_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return  # another process was first
    finally:
        draft.unlink(missing_ok=True)
