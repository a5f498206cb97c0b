"""A driver's word from another place than the stop's."""

import pytest

from gateway.domain.events import DeviationKind
from gateway.domain.geo import METRES_PER_DEGREE
from gateway.domain.route import Place
from gateway.domain.stop import Execution, Said, Tap, Teller
from gateway.execution.deviations.watch import tapped
from gateway.execution.state import StopState
from tests.fixtures.routes import START
from tests.fixtures.watched import Watched


def episodes(tap_m: float | None = None, arrived: int | None = None, **said: object):
    """Say something of s1: the phone is `phone_m` away from it, the vehicle `tap_m` (None: not known)."""
    watched = Watched()
    watched.state.stops["s1"] = StopState(Execution.PENDING, tap_m=tap_m, arrived=arrived)
    phone_m = said.pop("phone_m", None)
    place = None if phone_m is None else Place(60.175 + float(phone_m) / METRES_PER_DEGREE, 24.94)
    tap = Tap(**{"id": "t", "time": START, "said": Said.SUCCEEDED, "by": Teller.DRIVER, "place": place, **said})
    told = tapped(watched.layout, watched.state, "s1", tap)
    assert len(told) == 2 * len(watched.episodes(DeviationKind.DONE_FAR_AWAY))
    return [round(each.greatest_m or 0.0) for each in watched.episodes(DeviationKind.DONE_FAR_AWAY)]


@pytest.mark.parametrize(
    ("said", "far"),
    [
        ({"phone_m": 240}, []),
        ({"phone_m": 260}, [260]),
        ({"phone_m": 75_000, "said": Said.FAILED}, [75_000]),
        ({"phone_m": 400, "accuracy": 500.0}, []),
        ({"phone_m": 10, "tap_m": 900.0}, []),
        ({"tap_m": 900.0}, [900]),
        ({}, []),
        ({"tap_m": 900.0, "by": Teller.OPERATOR}, []),
        ({"phone_m": 900, "by": Teller.INTEGRATOR}, [900]),
        ({"phone_m": 900, "said": Said.ARRIVED}, []),
        ({"phone_m": 900, "said": Said.UNDONE}, []),
        ({"phone_m": 900, "arrived": START - 1}, []),
    ],
    ids=[
        "a block away",
        "further",
        "far and failed",
        "a vague phone",
        "the phone knows best",
        "else the vehicle",
        "nobody knows where",
        "from a desk",
        "from another driver's program",
        "nothing done",
        "taken back",
        "a late word on a visited stop",
    ],
)
def test_who_says_what_from_where(said, far):
    assert episodes(**said) == far
