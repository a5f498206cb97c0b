"""The journal on SQLite; satisfies `ports.Journal` and `ports.QuarantineArchive`.

One thread writes, another reads; the event loop only waits for them. After an error the file is opened anew at the
next call, so that a disk that was full, or away, needs nobody to restart the gateway.
"""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from gateway.adapters.journal.locking import take_lock
from gateway.adapters.journal.quarantine import QuarantineFile, Room
from gateway.adapters.journal.reader import Reader
from gateway.adapters.journal.schema import FILE_NAME, advice_on
from gateway.adapters.journal.writer import SETTLE_RECORDS, Writer
from gateway.domain.records import Entry
from gateway.ports import CommitGroup, JournalUnavailable, QuarantineItem, SpoolKey


class _Closable(Protocol):
    def close(self) -> None: ...


File = TypeVar("File", bound=_Closable)
Result = TypeVar("Result")


class _Handle(Generic[File]):
    """A way into the file that is opened when it is needed, and anew after an error."""

    def __init__(self, path: Path, open_file: Callable[[Path], File]) -> None:
        self._path = path
        self._open_file = open_file
        self._file: File | None = None

    @property
    def opened(self) -> File:
        """The file; opened now if it is not open."""
        if self._file is None:
            self._file = self._open_file(self._path)
        return self._file

    def use(self, work: Callable[[File], Result]) -> Result:
        """Do blocking work with the file; raises `JournalUnavailable`, and `JournalUnusable` where it is opened."""
        try:
            return work(self.opened)
        except BaseException as error:
            self.drop()  # what it knows in memory may be of a transaction that is undone
            if isinstance(error, sqlite3.Error):
                raise JournalUnavailable(advice_on(error, self._path)) from error
            raise

    def drop(self) -> None:
        """Let go of the file, whatever state it is in."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(sqlite3.Error):
                file.close()


class SqliteJournal:
    """The one durable log, in `journal.db` of the data directory."""

    def __init__(self, data_dir: Path, room: Room | None = None) -> None:
        path = data_dir / FILE_NAME
        self._path = path
        self._lock: int | None = None
        self._writer_thread = ThreadPoolExecutor(1, "journal-writer")
        self._reader_thread = ThreadPoolExecutor(1, "journal-reader")
        self._writer = _Handle(path, lambda path: Writer(path, room))
        self._reader = _Handle(path, Reader)
        self._lookup = _Handle(path, Reader)
        self._quarantine = _Handle(path, QuarantineFile)
        self._in_doubt: tuple[CommitGroup, int] | None = None
        self._unsettled: dict[SpoolKey, int] = {}
        self._last_offset = 0

    async def open(self) -> Self:
        """Open the file, made if it is missing, and take it for this process.

        Raises:
            JournalUnusable: it is damaged, foreign, too new, or another gateway's.
            JournalUnavailable: it cannot be opened now.

        """
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = take_lock(self._path)
        writer = await self._write(lambda writer: writer)
        self._unsettled, self._last_offset = writer.found, writer.last_offset
        return self

    async def close(self) -> None:
        """Finish what is under way and let go of the file; closing again does nothing."""
        lock, self._lock = self._lock, None
        if lock is None:
            return
        loop = asyncio.get_running_loop()
        self._lookup.drop()
        await loop.run_in_executor(self._reader_thread, self._reader.drop)
        await loop.run_in_executor(self._reader_thread, self._quarantine.drop)
        with contextlib.suppress(JournalUnavailable):  # the rows imply the watermarks
            await self._write(Writer.settle)
        await loop.run_in_executor(self._writer_thread, self._writer.drop)
        self._reader_thread.shutdown()
        self._writer_thread.shutdown()
        os.close(lock)

    async def commit(self, group: CommitGroup) -> int:
        """Make `group` durable and return the offset of its first record; raises `JournalUnavailable`."""
        first, settled = await self._write(lambda writer: self._commit(writer, group))
        if settled:
            self._unsettled = {}
        else:
            self._unsettled.update(group.watermarks)
        self._last_offset = first + len(group.bodies) - 1
        return first

    def watermark(self, spool: SpoolKey) -> int:
        """Return up to which number the spool is settled; 0 if it is unknown. A look-up takes some 20 us."""
        known = self._unsettled.get(spool)
        return known if known is not None else self._lookup.use(lambda reader: reader.watermark(spool))

    def seen(self, spool: SpoolKey, identity: int) -> bool:
        """Whether a foreign client's position was journalled before; a look-up of some 20 us."""
        return self._lookup.use(lambda reader: reader.seen(spool, identity))

    async def read(self, after: int, limit: int) -> list[Entry]:
        """Return the records next after offset `after`: about `limit` positions; raises `JournalUnavailable`."""
        return await self._read(self._reader, lambda reader: reader.read(after, limit))

    async def last_offset(self) -> int:
        """Return the offset of the newest durable record; 0 if there is none."""
        return self._last_offset

    async def truncate(self, through: int, received_before: int) -> int:
        """Forget records with offsets up to `through` received before that time; return how many."""
        forgotten = 0
        while some := await self._write(lambda writer: writer.truncate(through, received_before)):
            forgotten += some
        return forgotten

    async def counts(self) -> dict[str, int]:
        """Return how many inputs were ever rejected, by reason, dropped ones included."""
        return await self._read(self._quarantine, QuarantineFile.counts)

    async def page(self, limit: int, before: int | None, reason: str | None) -> list[QuarantineItem]:
        """Return up to `limit` quarantined items, newest first, with ids below `before`, of one `reason` or of any."""
        return await self._read(self._quarantine, lambda file: file.page(limit, before, reason))

    async def item(self, item_id: int) -> QuarantineItem | None:
        """Return one quarantined item; None if it never was or is no longer kept."""
        return await self._read(self._quarantine, lambda file: file.item(item_id))

    async def _write(self, work: Callable[[Writer], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._writer_thread, self._writer.use, work)

    async def _read(self, handle: _Handle[File], work: Callable[[File], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._reader_thread, handle.use, work)

    def _commit(self, writer: Writer, group: CommitGroup) -> tuple[int, bool]:
        """Commit, unless the last try did so although it reported an error; say whether all watermarks are settled."""
        in_doubt, self._in_doubt = self._in_doubt, None
        if in_doubt is not None and in_doubt[0] is group and writer.last_offset >= in_doubt[1]:
            first = in_doubt[1] - len(group.bodies) + 1
        else:
            self._in_doubt = (group, writer.last_offset + len(group.bodies)) if group.bodies else None
            first = writer.commit(group)
            self._in_doubt = None
        if writer.unsettled_records < SETTLE_RECORDS:
            return first, False
        with contextlib.suppress(sqlite3.Error):  # the group is durable, whatever becomes of this
            writer.settle()
        return first, writer.unsettled_records == 0
