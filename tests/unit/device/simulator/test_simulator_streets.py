import pytest

from device.simulator.streets import Plane, Point, Streets, lengths, load


@pytest.fixture(scope="module")
def streets() -> Streets:
    return load()


def test_each_edge_goes_on_where_the_one_before_ends(streets):
    for street in streets.edges:
        assert street.next, street.name
        assert all(streets.edges[after].points[0] == street.points[-1] for after in street.next)


def test_no_edge_turns_round_in_the_street(streets):
    for street in streets.edges:
        assert all(streets.edges[after].points != street.points[::-1] for after in street.next)


def test_every_street_can_be_reached_from_every_other(streets):
    for start in (0, len(streets.edges) // 2):
        reached, waiting = {start}, [start]
        while waiting:
            fresh = set(streets.edges[waiting.pop()].next) - reached
            reached |= fresh
            waiting.extend(fresh)
        assert len(reached) == len(streets.edges)


def test_it_is_the_centre_of_helsinki(streets):
    names = {street.name for street in streets.edges}
    assert {"Mannerheimintie", "Pohjoisesplanadi", "Unioninkatu"} <= names
    assert {round(street.limit_mps * 3.6) for street in streets.edges} <= {5, 10, 20, 30, 40, 50}
    assert any(street.tunnel for street in streets.edges)
    lat, lon = streets.plane.degrees(streets.edges[5].points[0])
    assert 60.16 < lat < 60.18
    assert 24.93 < lon < 24.96


def test_the_flat_map_gives_back_what_it_was_given():
    plane = Plane(60.17, 24.94)
    lat, lon = plane.degrees(plane.point(60.1789, 24.9531))
    assert (lat, lon) == pytest.approx((60.1789, 24.9531), abs=1e-12)
    assert plane.point(60.18, 24.94).north == pytest.approx(1111.95, abs=0.01)


def test_the_length_of_a_line_is_the_sum_of_its_pieces():
    assert lengths((Point(0, 0), Point(3, 4), Point(3, 10))) == (0, 5, 11)
