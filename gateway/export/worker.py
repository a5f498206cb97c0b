"""The export process: reads requests from standard input, writes documents to standard output, until the input ends.

`python -m gateway.export.worker`. The first line says which reader to open (it may hold a password, so it comes by
pipe); it is answered with one ready frame.
"""

import importlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from typing import BinaryIO, cast

from gateway.domain.track import TrackRequest
from gateway.export.formats.choice import new_document
from gateway.export.frames import FrameKind, ReaderSpec, Request, cut, decode_request, decode_spec, encode_frame
from gateway.export.records.choice import record_document
from gateway.ports import RecordRequest, TrackReader, TrackUnavailable

NICENESS = 10
"""Behind the gateway's event loop where both want the same processor."""


def main() -> None:
    """Serve until the gateway closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the gateway's to handle
    os.nice(NICENESS)
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # the gateway is gone: nobody is left to flush for


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Open the reader, then answer one request after the other."""
    reader = open_reader(decode_spec(requests.readline()))
    _send(answers, FrameKind.READY)
    for line in requests:
        _answer(reader, decode_request(line), answers)


def open_reader(spec: ReaderSpec) -> TrackReader:
    """Return the reader that the spec names."""
    module, _, function = spec.factory.partition(":")
    factory = cast("Callable[[dict[str, object]], TrackReader]", getattr(importlib.import_module(module), function))
    return factory(spec.options)


def document(reader: TrackReader, request: TrackRequest) -> Iterator[bytes]:
    """Yield the document of a track in pieces. The first page is read before the first piece is given.

    Raises:
        TrackUnavailable: the store cannot be read.

    """
    text = new_document(request)
    pages = iter(reader.pages(request.key, request.from_ms, request.to_ms))
    first = next(pages, ())
    yield text.head()
    for page in chain((first,), pages):
        yield text.page(page)
    yield text.tail()


def _made(reader: TrackReader, request: Request) -> Iterator[bytes]:
    if isinstance(request, RecordRequest):
        return record_document(reader, request)
    return document(reader, request)


def _answer(reader: TrackReader, request: Request, answers: BinaryIO) -> None:
    try:
        for text in _made(reader, request):
            for piece in cut(text):
                _send(answers, FrameKind.PIECE, piece)
    except TrackUnavailable as error:
        _send(answers, FrameKind.FAILED, str(error).encode()[:1000])
    else:
        _send(answers, FrameKind.END)


def _send(answers: BinaryIO, kind: FrameKind, body: bytes = b"") -> None:
    answers.write(encode_frame(kind, body))
    answers.flush()


if __name__ == "__main__":
    main()
