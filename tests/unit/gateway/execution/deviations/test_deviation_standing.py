"""Standing where nothing is planned, five minutes or longer, within 50 m."""

import pytest

from gateway.domain.events import DeviationKind
from gateway.execution.deviations.moment import Near, Trust
from tests.fixtures.watched import Told, Watched

KIND = DeviationKind.UNPLANNED_STOP


def standing(places: dict[float, float], **more: object) -> Watched:
    """Return a vehicle that was so many metres north (values) at seconds (keys)."""
    watched = Watched()
    for second, north_m in places.items():
        watched.see(second, north_m=north_m, **more)
    return watched


MINUTELY = dict.fromkeys(range(0, 301, 60), 0.0)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (dict.fromkeys((0, 120, 240, 299), 0.0), []),
        (MINUTELY, [Told("began", 0)]),
        ({**MINUTELY, 330: 500}, [Told("began", 0), Told("ended", 300)]),
        ({0: 0, 60: 40, 120: -40, 180: 30, 240: 0, 300: 45}, [Told("began", 0)]),
        ({0: 0, 60: 60, 120: 120, 180: 180, 240: 240, 300: 300, 360: 360}, []),
        ({0: 0, 60: 0, 270: 0, 300: 0, 360: 0}, []),
        ({0: 0, 60: 0, 270: 0, 300: 0, 420: 0, 570: 0}, [Told("began", 270)]),
    ],
    ids=["a queue", "five minutes", "until it drives on", "drift", "slow traffic", "a gap is unknown", "after a gap"],
)
def test_from_stopping_to_driving_on(places, told):
    assert standing(places).of(KIND) == told


@pytest.mark.parametrize("more", [{"near": Near.STOP}, {"near": Near.DEPOT}])
def test_not_at_a_stop_or_the_depot(more):
    assert standing(MINUTELY, **more).of(KIND) == []


def test_a_fix_that_errs_does_not_end_it():
    watched = standing({0: 0, 60: 0, 120: 0})
    watched.see(150, north_m=5000, trust=Trust.JUMPED).see(240).see(300)
    assert watched.of(KIND) == [Told("began", 0)]


def test_a_vague_fix_does_not_end_it():
    watched = standing(MINUTELY).see(360, north_m=120, radius_m=150.0)
    assert watched.of(KIND) == [Told("began", 0)]


@pytest.mark.parametrize("started_s", [None, 0.0], ids=["not started", "over"])
def test_only_under_way(started_s):
    watched = Watched(started_s=started_s)
    if started_s is not None:
        watched.state.finished = watched.state.started
    for second in MINUTELY:
        watched.see(second)
    assert watched.of(KIND) == []
