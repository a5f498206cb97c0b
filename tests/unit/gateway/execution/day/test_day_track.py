"""The driven line: broken where nothing was heard, and small however long the day."""

from gateway.execution.day import track as module
from gateway.execution.day.track import Track, TrackFix


def track(*times, breaks=()):
    line = Track()
    for time in times:
        if time in breaks:
            line.break_at(time)
        line.add(time, time / 100, 24.0, time * 2.0)
    return line


def times(line):
    return [[fix.time for fix in part] for part in line.lines()]


def test_lines_are_broken_where_it_is_said():
    assert times(track(1, 2, 3, 4, breaks=(3,))) == [[1, 2], [3, 4]]


def test_a_break_before_the_first_fix_or_behind_the_last_is_none():
    line = Track()
    line.break_at(1)
    line.add(5, 60.0, 24.0, 0.0)
    line.break_at(9)
    line.break_at(9)
    assert times(line) == [[5]]


def test_nothing_is_no_line():
    assert times(Track()) == []
    assert Track().newest_until(10) is None
    assert Track().driven_m_until(10) == 0.0


def test_what_was_known_at_a_time():
    line = track(10, 20)
    assert line.newest_until(9) is None
    assert line.newest_until(19) == TrackFix(10, 0.1, 24.0)
    assert line.newest_until(20) == TrackFix(20, 0.2, 24.0)
    assert (line.driven_m_until(9), line.driven_m_until(15), line.driven_m_until(99)) == (0.0, 20.0, 40.0)


def test_a_long_day_is_thinned_evenly(monkeypatch):
    monkeypatch.setattr(module, "MAX_POINTS", 100)
    line = track(*range(1, 1001))
    assert len(line) < 100
    assert line.every == 16
    [kept] = times(line)
    assert kept == list(range(16, 1001, 16))
