"""One export process, as the gateway sees it: started, asked, drained or killed."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import suppress

from gateway.export.frames import HEADER, MAX_PIECE_BYTES, FrameKind, ReaderSpec, Request, encode_request, encode_spec
from gateway.ports import TrackUnavailable

START_S = 20.0
"""Until the process has imported its modules: a second usually, longer on a busy small machine."""

PATIENCE_S = 60.0
"""For the next piece: longer than the store's own time-out, after which the process says why it failed."""

DRAIN_BYTES = 1024 * 1024
DRAIN_S = 0.5
"""What is left of a cancelled document is read away if it is this little and this quick: cheaper than a new process."""

ENDING_S = 2.0
"""For a process to end by itself once its input is closed."""

_WORKER = (sys.executable, "-m", "gateway.export.worker")


class ProcessEnded(TrackUnavailable):
    """The process is gone; a new one may do better."""

    def __init__(self) -> None:
        super().__init__("the export process ended; try again")


class ExportProcess:
    """Answers one request at a time. After any failure of the pipe the process is killed and made anew."""

    def __init__(self, spec: ReaderSpec) -> None:
        self._spec = spec
        self._process: asyncio.subprocess.Process | None = None
        self._header = b""
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        return self._process.pid if self._process is not None else None

    async def ensure(self) -> None:
        """Have a process that is ready.

        Raises:
            TrackUnavailable: it does not start.

        """
        async with self._starting:
            if self._process is None or self._process.returncode is not None:
                await self._start()

    async def pieces(self, request: Request) -> AsyncGenerator[bytes, None]:
        """Yield the document's pieces; raises `TrackUnavailable`."""
        line = encode_request(request)
        whole = False
        try:
            await self._send(line)
            async for piece in self._until_end():
                yield piece
            whole = True
        except _Failed as failure:
            whole = True
            raise TrackUnavailable(str(failure)) from failure
        finally:
            if not whole:
                await self._drain()

    async def end(self) -> None:
        """End the process at once and see its end; the next request gets a new one."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.communicate()  # at most what the pipe holds

    async def close(self) -> None:
        """Let the process end by itself, or end it."""
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), ENDING_S)
        await self.end()

    async def _start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *_WORKER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MAX_PIECE_BYTES,
            start_new_session=True,
        )
        self._header = b""
        try:
            await self._send(encode_spec(self._spec))
            await self._frame(START_S)
        except BaseException:
            await self.end()
            raise

    async def _until_end(self) -> AsyncGenerator[bytes, None]:
        while True:
            kind, body = await self._frame(PATIENCE_S)
            if kind is FrameKind.END:
                return
            if kind is FrameKind.FAILED:
                raise _Failed(body.decode(errors="replace"))
            yield body

    async def _drain(self) -> None:
        """Read the rest away if it is short, else kill."""
        left = DRAIN_BYTES
        try:
            async with asyncio.timeout(DRAIN_S):
                async for piece in self._until_end():
                    left -= len(piece)
                    if left < 0:
                        break
                else:
                    return
        except (_Failed, TimeoutError, TrackUnavailable):
            pass
        await self.end()

    async def _send(self, line: bytes) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line)
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError) as error:
            raise ProcessEnded from error

    async def _frame(self, patience_s: float) -> tuple[FrameKind, bytes]:
        """Read one frame. What was read of it before a cancellation is kept, so that the next one is read rightly."""
        if self._process is None or self._process.stdout is None:
            raise ProcessEnded
        pipe = self._process.stdout
        try:
            async with asyncio.timeout(patience_s):
                self._header = self._header or await pipe.readexactly(HEADER.size)
                kind, length = HEADER.unpack(self._header)
                body = await pipe.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise ProcessEnded from error
        except TimeoutError as error:
            raise TrackUnavailable(f"the export process says nothing for {patience_s:.0f} s") from error
        self._header = b""
        return FrameKind(kind), body


class _Failed(Exception):  # noqa: N818 - the process's own word
    """The process could not make the document, and is ready for the next."""
