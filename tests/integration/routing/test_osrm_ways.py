"""OSRM's answers, as its server gives them (`/route/v1`, steps, polyline6)."""

import pytest

from gateway.adapters import json_service
from gateway.adapters.routing.osrm import Osrm, OsrmOptions
from gateway.domain.polyline import encode
from gateway.domain.route import Place
from gateway.ports import ServiceAway

PLACES = [Place(60.170, 24.940), Place(60.172, 24.945), Place(60.174, 24.950), Place(60.176, 24.955)]


def leg(*line, m=512.3, s=75.2):
    turn = len(line) // 2
    steps = [
        {"geometry": encode(line[: turn + 1])},
        {"geometry": encode(line[turn:])},
        {"geometry": encode(line[-1:] * 2)},
    ]
    return {"distance": m, "duration": s, "weight": s, "summary": "", "steps": steps}


def found(*legs):
    return {"code": "Ok", "routes": [{"legs": list(legs), "distance": 1, "duration": 1}], "waypoints": []}


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(json_service, "PAUSES_S", (0.0, 0.0))


@pytest.fixture
async def router(stand_in):
    router = Osrm(OsrmOptions(url=stand_in.url + "/", max_places=3))
    yield router
    await router.close()


async def test_a_leg_is_put_together_of_its_steps(router, stand_in):
    corner = Place(60.170, 24.945)
    stand_in.answers = [(200, found(leg(PLACES[0], corner, PLACES[1])))]
    (road,) = (await router.way(PLACES[:2])).legs

    assert (road.m, road.ms) == (512.3, 75_200)
    assert list(dict.fromkeys(road.line)) == [PLACES[0], corner, PLACES[1]]
    (request,) = stand_in.requests
    assert request.path == "/route/v1/driving/24.940000,60.170000;24.945000,60.172000"
    assert dict(request.query) == {"overview": "false", "steps": "true", "geometries": "polyline6"}


async def test_a_long_route_is_asked_for_in_parts(router, stand_in):
    stand_in.answers = [(200, found(leg(*PLACES[:2]), leg(*PLACES[1:3]))), (200, found(leg(*PLACES[2:])))]

    assert len((await router.way(PLACES)).legs) == 3
    assert [request.path.count(";") for request in stand_in.requests] == [2, 1]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((400, {"code": "NoRoute", "message": "Impossible route"}), "NoRoute Impossible route"),
        ((400, {"code": "NoSegment", "message": "Could not find a matching segment"}), "NoSegment"),
        ((404, b"not here"), "404"),
        ((200, found()), "knows no way"),
        ((200, b"<html>"), "cannot be read"),
        ((200, b"[" * 100_000), "cannot be read"),
        ((200, found({"distance": 1, "duration": 1, "steps": [{"geometry": "_"}]})), "geometry that cannot be read"),
        ((503, b"busy"), "is busy"),
    ],
)
async def test_what_is_no_way_is_named(router, stand_in, answer, said):
    stand_in.answers = [answer]

    with pytest.raises(ServiceAway, match=said):
        await router.way(PLACES[:2])


async def test_a_busy_server_is_asked_again(router, stand_in):
    stand_in.answers = [(503, b""), (429, b""), (200, found(leg(*PLACES[:2])))]

    assert len((await router.way(PLACES[:2])).legs) == 1
    assert len(stand_in.requests) == 3


async def test_an_answer_without_end_is_refused(router, stand_in, monkeypatch):
    monkeypatch.setattr(json_service, "MAX_ANSWER_BYTES", 1000)
    stand_in.answers = [(200, b" " * 2000)]

    with pytest.raises(ServiceAway, match="more than 1000 bytes"):
        await router.way(PLACES[:2])
