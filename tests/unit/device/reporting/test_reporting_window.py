"""Whether a straight line may stand for the fixes held."""

from device.reporting.window import MAX_WINDOW, Window
from wire.messages import Position

METRE = 1 / 111_195


def at(second: float, east_m: float, north_m: float = 0.0) -> Position:
    return Position(time=round(second * 1000), lat=north_m * METRE, lon=east_m * METRE)


def test_a_straight_even_way_is_not_bent():
    window = Window(at(0, 0))
    for second in range(1, 10):
        window.hold(at(second, 10 * second))
    assert not window.is_bent_by(at(10, 100), 1.0)


def test_a_corner_bends_it():
    window = Window(at(0, 0))
    window.hold(at(1, 20))
    assert window.is_bent_by(at(2, 20, 30), 10.0)


def test_time_counts_a_halt_on_a_straight_way_bends_it():
    window = Window(at(0, 0))
    window.hold(at(1, 30))
    window.hold(at(10, 30))
    assert window.is_bent_by(at(11, 60), 10.0)


def test_an_empty_window_is_straight():
    assert not Window(at(0, 0)).is_bent_by(at(1, 1_000), 1.0)


def test_a_full_window_counts_as_bent():
    window = Window(at(0, 0))
    for tenth in range(1, MAX_WINDOW + 10):
        window.hold(at(tenth / 10, tenth))
    assert window.is_bent_by(at(MAX_WINDOW, 10 * MAX_WINDOW), 10.0)
    assert len(window._held) == MAX_WINDOW
