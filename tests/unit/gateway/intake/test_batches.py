"""One bad position costs one position; the numbers of the rest stay what they were."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.batches import sort_batch, sort_raw_batch
from wire.codec import encode
from wire.messages import Position

NOW = 1_732_375_000_000
GOOD = Position(time=NOW, lat=60.17, lon=24.94)
BAD = Position(time=NOW, lat=95.0, lon=24.94)


def test_a_bad_position_splits_the_batch():
    runs, refused = sort_batch([GOOD, BAD, GOOD, GOOD], 7, NOW)
    assert [(run.first, len(run.positions)) for run in runs] == [(7, 1), (9, 2)]
    assert [(bad.seq, bad.reason) for bad in refused] == [(8, "latitude_out_of_range")]
    assert refused[0].body == encode(BAD)


def test_an_unreadable_position_keeps_its_bytes():
    raws = [msgspec.Raw(encode(GOOD)), msgspec.Raw(b'{"lat":"north"}'), msgspec.Raw(encode(GOOD))]
    runs, refused = sort_raw_batch(raws, 1, NOW)
    assert [run.first for run in runs] == [1, 3]
    assert (refused[0].seq, refused[0].reason, refused[0].body) == (2, "wrong_shape", b'{"lat":"north"}')


@given(st.lists(st.sampled_from([GOOD, BAD]), max_size=20), st.integers(1, 1_000))
def test_each_number_is_in_one_run_or_refused(batch, first):
    runs, refused = sort_batch(batch, first, NOW)
    kept = [seq for run in runs for seq in range(run.first, run.first + len(run.positions))]
    assert sorted(kept + [bad.seq for bad in refused]) == list(range(first, first + len(batch)))
    assert all(batch[seq - first] is GOOD for seq in kept)
