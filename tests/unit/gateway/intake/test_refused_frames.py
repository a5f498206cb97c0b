"""The frame of a refused envelope is enough to answer it."""

import pytest

from gateway.intake.frames import read_frame
from wire.messages import MAX_NUMBER


def test_the_frame_of_a_newer_version_is_read():
    frame = read_frame(b'{"v":9,"spool":"s","after":4,"seq":5,"sent":"?","positions":[{"x":1},[2],3]}')
    assert frame is not None
    assert (frame.spool, frame.after, frame.seq, len(frame.positions), frame.oldest) == ("s", 4, 5, 3, False)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"spool":"s","after":4,"seq":5}',
        b'{"spool":"s/#","after":4,"seq":5,"positions":[]}',
        b'{"spool":"s","after":5,"seq":5,"positions":[]}',
        b'{"spool":"s","after":-1,"seq":5,"positions":[]}',
        b'{"spool":"s","after":4,"seq":%d,"positions":[]}' % (MAX_NUMBER + 1),
    ],
)
def test_a_frame_without_a_place_is_none(payload):
    assert read_frame(payload) is None
