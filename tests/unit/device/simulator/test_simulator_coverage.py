from device.simulator.coverage import Coverage, DeadZone, coverage
from device.simulator.leg import Moment
from device.simulator.streets import Plane, Point

PLANE = Plane(60.17, 24.94)
ZONE = DeadZone(60.17, 24.94, 100.0)


def at(east: float, *, tunnel: bool = False) -> Coverage:
    return coverage(Moment(Point(east, 0), 5.0, 90.0, 10.0, tunnel), PLANE, (ZONE,))


def test_a_dead_zone_ends_at_its_edge():
    assert at(99) is Coverage.DEAD_ZONE
    assert at(101) is Coverage.CONNECTED


def test_there_is_no_network_below_ground():
    assert at(500, tunnel=True) is Coverage.BELOW_GROUND
