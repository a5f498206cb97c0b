"""A line is broken where nothing is known, and only there."""

from gateway.domain.track import TrackPoint
from gateway.export.formats import segments
from gateway.export.formats.segments import GAP_MS, Segmenter
from tests.fixtures.telemetry import TIME, fix


def point(time, source="tracker", lon=24.9):
    return TrackPoint(source, "s", 1, TIME, fix(time=TIME + time, lon=lon))


def cut(*points, pages=1):
    segmenter = Segmenter()
    size = -(-len(points) // pages) or 1
    ended = [piece for start in range(0, len(points), size) for piece in segmenter.add(points[start : start + size])]
    ended += segmenter.finish()
    return [(piece.source, piece.before is not None, [p.position.time - TIME for p in piece.points]) for piece in ended]


def test_one_line():
    assert cut(point(0), point(1000)) == [("tracker", False, [0, 1000])]


def test_a_gap_ends_a_line():
    assert cut(point(0), point(GAP_MS), point(2 * GAP_MS + 1)) == [
        ("tracker", False, [0, GAP_MS]),
        ("tracker", False, [2 * GAP_MS + 1]),
    ]


def test_two_sources_are_two_lines_although_their_points_alternate():
    assert cut(point(0), point(1, "phone"), point(2), point(3, "phone")) == [
        ("tracker", False, [0, 2]),
        ("phone", False, [1, 3]),
    ]


def test_the_180th_meridian_ends_a_line():
    assert [points for *_, points in cut(point(0, lon=179.9), point(1, lon=-179.9))] == [[0], [1]]


def test_a_long_line_continues(monkeypatch):
    monkeypatch.setattr(segments, "MAX_SEGMENT_POINTS", 2)
    assert cut(*map(point, range(5)), pages=2) == [
        ("tracker", False, [0, 1]),
        ("tracker", True, [2, 3]),
        ("tracker", True, [4]),
    ]


def test_many_sources_hold_a_bounded_number_of_points(monkeypatch):
    monkeypatch.setattr(segments, "MAX_OPEN_POINTS", 10)
    segmenter = Segmenter()
    for time in range(100):
        list(segmenter.add([point(time, f"source-{time % 20}")]))
        assert segmenter._held <= 10
    given = cut(*[point(time, f"source-{time % 20}") for time in range(100)])
    assert sorted(time for *_, times in given for time in times) == list(range(100))


def test_nothing_is_no_segment():
    assert cut() == []
