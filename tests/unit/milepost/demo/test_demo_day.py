"""The demo's default day shows the whole fleet from the first look on."""

import itertools
import math

from device.simulator.coverage import Coverage
from device.simulator.streets import load
from device.simulator.van import EPOCH_MS, Epoch, Van
from milepost.demo.run import DWELL, PAST_MS, SEED

VANS = 12
BEGIN_MS = 1_732_375_000_000
SECONDS = 600


def fleet_from_the_command_on() -> list[list[Epoch]]:
    streets = load()
    vans = [Van(streets, f"{SEED}/van-{number:02d}", BEGIN_MS, DWELL) for number in range(1, VANS + 1)]
    past = PAST_MS // EPOCH_MS
    return [[van.epoch() for _ in range(past + SECONDS)][past:] for van in vans]


def test_all_vans_are_seen_at_once_and_dead_zones_and_tunnels_come_later():
    fleet = fleet_from_the_command_on()
    assert all(epoch.coverage is Coverage.CONNECTED for van in fleet for epoch in van[:60])
    assert {epoch.coverage for van in fleet for epoch in van} == set(Coverage)
    assert sum(van[5].truth.speed_mps > 1 for van in fleet) >= VANS / 2
    places = [van[5].truth.point for van in fleet]
    assert min(math.dist(a, b) for a, b in itertools.combinations(places, 2)) > 50
