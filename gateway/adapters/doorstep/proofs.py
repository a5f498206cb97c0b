"""Photos and signatures; satisfies `ports.Proofs`. A row of `operations.db` each, and the bytes as a file beside it.

    data_dir/proofs/<first two of the digest>/<digest>

Rules
- The bytes are whole and on the disk before their row is: a row that is not erased has its file.
- Files change within a write transaction alone, so that of two processes one erases before or after the other keeps.
- Erasing takes the file first: what a power cut leaves over is found again by its row, never the other way round.
- A file that no row names, of a process that was killed before its commit, goes once it is UNNAMED_MS old.
"""

import os
import re
import secrets
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, text, update

from gateway.adapters.operations.database import OperationsUnavailable
from gateway.adapters.operations.schema import PROOFS, ROUTE_STOPS
from gateway.adapters.operations.thread import OperationsThread
from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import RouteKey

FOLDER = "proofs"
FILE_MODE, FOLDER_MODE = 0o600, 0o700

ERASED_AT_ONCE = 100
"""Proofs erased in one transaction: some ten milliseconds, between which others have their turn."""

UNNAMED_MS = 24 * 3_600_000
"""How old a file becomes that no row names: its phone sends it again within minutes, and who put an older
`operations.db` back has a day to notice."""

FOLDERS = 256
"""Folders that proofs are spread over. One is swept at a time: 5,000 files, of 45,000 stops a day, are 50 ms. Once a
minute, that is all of them in four hours."""

_FILE = re.compile(r"[0-9a-f]{64}(\.[0-9a-f]{8})?")
"""The name of a proof, or of its draft."""

_KEEP = text(
    "INSERT INTO proofs (fleet, route, stop, digest, kind, media_type, size, taken, received, erased) "
    "VALUES (:fleet, :route, :stop, :digest, :kind, :media_type, :size, :taken, :received, :erased) "
    "ON CONFLICT (fleet, route, stop, digest) DO NOTHING"
)

Result = TypeVar("Result")


class FileProofs:
    """Proofs below `data_dir`; all raise `OperationsUnavailable`."""

    def __init__(self, thread: OperationsThread, data_dir: Path) -> None:
        """Take the thread that works on the opened data; the folder is made with the first proof."""
        self._thread = thread
        self._folder = data_dir / FOLDER
        self._swept = 0

    async def keep(self, proof: Proof, content: bytes) -> None:
        """Keep a proof whose digest is that of `content`; one that the stop has, or had, changes nothing.

        Of one that waited on a phone while its recipient was erased it is kept that there was one, and no bytes.
        """
        await self._change(lambda connection: self._keep(connection, proof, content))

    async def of_route(self, key: RouteKey) -> list[Proof]:
        """Return the proofs of a route, oldest first; erased ones too."""
        kept = select(PROOFS).where(_of(key)).order_by(PROOFS.c.received, PROOFS.c.digest)
        rows = await self._thread.read(lambda connection: connection.execute(kept).all())
        return [_proof(row) for row in rows]

    async def content(self, key: RouteKey, stop: str, digest: str) -> tuple[Proof, bytes] | None:
        """Return a proof with its bytes; None if there is none, or if it is erased."""
        wanted = select(PROOFS).where(_of(key), PROOFS.c.stop == stop, PROOFS.c.digest == digest)

        def read(connection: Connection) -> tuple[Proof, bytes] | None:
            row = connection.execute(wanted).first()
            if row is None or row.erased is not None:
                return None
            with suppress(FileNotFoundError):  # erased this moment
                return _proof(row), self._path(digest).read_bytes()
            return None

        return await self._thread.read(lambda connection: _named(lambda: read(connection)))

    async def erase(self, before: int, now: int) -> int:
        """Erase the bytes of all proofs received before that time (Unix ms); return how many proofs it were."""
        return await self._erase(PROOFS.c.received < before, now)

    async def erase_of(self, stops: Collection[tuple[RouteKey, str]], now: int) -> int:
        """Erase the bytes of all proofs of some stops; return how many proofs it were."""
        named = [and_(_of(key), PROOFS.c.stop == stop) for key, stop in stops]
        return sum([await self._erase(each, now) for each in named])

    async def sweep(self, now: int) -> int:
        """Unlink the files of the next one of FOLDERS that no row names, and return how many; `now` is Unix ms.

        It is ERASED_AT_ONCE of them at most; what is left goes at the next round.
        """
        name, self._swept = f"{self._swept:02x}", (self._swept + 1) % FOLDERS
        before = now - UNNAMED_MS
        found = await self._thread.read(lambda connection: _named(lambda: self._unnamed(connection, name, before)))
        return await self._change(lambda connection: self._unlink(connection, found)) if found else 0

    async def _erase(self, which: ColumnElement[bool], now: int) -> int:
        erased = 0
        while some := await self._change(lambda connection: self._erase_some(connection, which, now)):
            erased += some
        return erased

    async def _change(self, work: Callable[[Connection], Result]) -> Result:
        return await self._thread.write(lambda connection: _named(lambda: work(connection)))

    def _keep(self, connection: Connection, proof: Proof, content: bytes) -> None:
        values = {"fleet": proof.key.fleet, "route": proof.key.route, **proof._asdict()}
        del values["key"]
        gone = _is_person_erased(connection, proof)
        if gone:
            values["erased"] = proof.received
        if connection.execute(_KEEP, values).rowcount and not gone:
            self._write(proof.digest, content)

    def _write(self, digest: str, content: bytes) -> None:
        """Make the file whole under a name of its own first; of two stops with one picture there is one file."""
        path = self._path(digest)
        if path.exists():
            return
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        draft = path.with_name(f"{digest}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            for folder in (path.parent, self._folder):
                _sync(folder)
        finally:
            draft.unlink(missing_ok=True)

    def _erase_some(self, connection: Connection, which: ColumnElement[bool], now: int) -> int:
        kept = and_(PROOFS.c.erased.is_(None), which)
        rows = connection.execute(select(PROOFS).where(kept).limit(ERASED_AT_ONCE)).all()
        for row in rows:
            same = and_(_of(RouteKey(row.fleet, row.route)), PROOFS.c.stop == row.stop, PROOFS.c.digest == row.digest)
            if not _is_shared(connection, row):
                self._path(row.digest).unlink(missing_ok=True)
            connection.execute(update(PROOFS).where(same).values(erased=now))
        return len(rows)

    def _unnamed(self, connection: Connection, name: str, before: int) -> list[Path]:
        """Return the files of a folder that were written before that time and that no row names."""
        folder = self._folder / name
        try:
            files = [
                Path(entry) for entry in os.scandir(folder) if _FILE.fullmatch(entry.name) and _written(entry) < before
            ]
        except FileNotFoundError:
            return []
        kept = _kept(connection, PROOFS.c.digest.between(name, name + "~"))
        return [file for file in files if file.name not in kept]

    def _unlink(self, connection: Connection, files: Sequence[Path]) -> int:
        """Unlink those files that no row names in this very transaction; return how many it were."""
        some = files[:ERASED_AT_ONCE]
        kept = _kept(connection, PROOFS.c.digest.in_([file.name for file in some]))
        unnamed = [file for file in some if file.name not in kept]
        for file in unnamed:
            file.unlink(missing_ok=True)
        return len(unnamed)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _written(entry: os.DirEntry[str]) -> int:
    """Return when a file was written, Unix ms."""
    return entry.stat().st_mtime_ns // 1_000_000


def _kept(connection: Connection, which: ColumnElement[bool]) -> set[str]:
    """Return the digests whose files are needed."""
    rows = connection.execute(select(PROOFS.c.digest).where(PROOFS.c.erased.is_(None), which)).all()
    return {row.digest for row in rows}


def _is_person_erased(connection: Connection, proof: Proof) -> bool:
    """Whether the recipient at its stop was erased."""
    same = [ROUTE_STOPS.c[name] == each for name, each in zip(("fleet", "route"), proof.key, strict=True)]
    erased = select(ROUTE_STOPS.c.erased).where(*same, ROUTE_STOPS.c.stop == proof.stop)
    return connection.execute(erased).scalar() is not None


def _is_shared(connection: Connection, row: Row[Any]) -> bool:
    """Whether another stop has the same bytes, and they are kept."""
    elsewhere = or_(PROOFS.c.fleet != row.fleet, PROOFS.c.route != row.route, PROOFS.c.stop != row.stop)
    others = select(PROOFS.c.digest).where(PROOFS.c.digest == row.digest, PROOFS.c.erased.is_(None), elsewhere)
    return connection.execute(others.limit(1)).first() is not None


def _named(work: Callable[[], Result]) -> Result:
    """Do `work` on files; what keeps it from that is named."""
    try:
        return work()
    except OSError as error:
        raise OperationsUnavailable(f"cannot use {error.filename}: {error.strerror}") from error


def _sync(folder: Path) -> None:
    """Make a new name in a folder survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _of(key: RouteKey) -> ColumnElement[bool]:
    return and_(PROOFS.c.fleet == key.fleet, PROOFS.c.route == key.route)


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        RouteKey(row.fleet, row.route),
        row.stop,
        row.digest,
        ProofKind(row.kind),
        row.media_type,
        row.size,
        row.taken,
        row.received,
        row.erased,
    )
