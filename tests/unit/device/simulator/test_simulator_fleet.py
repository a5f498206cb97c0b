"""Which way a fleet's vans take."""

import math

from device.simulator.fleet import FleetPlan
from device.simulator.leg import Stop
from device.simulator.planned import Tour, Visit, stays
from device.simulator.streets import load

BEGIN_MS = 1_732_375_000_000


def test_a_van_with_a_tour_drives_it_and_the_others_drive_on_without_a_plan():
    streets = load()
    edges = [edge for edge, street in enumerate(streets.edges) if street.length_m > 60]
    tour = Tour(Stop(edges[0], 20.0), 100.0, (Visit(Stop(edges[30], 30.0), 60.0, "s1"),))
    plan = FleetPlan(7, BEGIN_MS, tours={"van-01": tour}, begin_s=90.0)
    planned, free = plan.van(streets, "van-01"), plan.van(streets, "van-02")
    day = [planned.epoch() for _ in range(600)]
    assert all(epoch.truth.speed_mps == 0 for epoch in day[:10])
    assert day[14].truth.speed_mps > 0
    first = stays(streets, tour, "7/van-01")[0]
    assert day[math.ceil(first.arrived_s - 90)].truth.speed_mps == 0
    assert day[int(first.arrived_s - 90) - 3].truth.speed_mps > 0
    assert free.epoch().truth.point != day[0].truth.point
