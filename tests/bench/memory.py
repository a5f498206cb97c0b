"""Resident memory: the gateway with ten thousand vehicles, the agent with a full day behind it."""

import psutil

from tests.bench.load import Load
from tests.bench.rig import Rig, run_load

MIB = 1024 * 1024


def resident_mib(process: psutil.Process) -> float:
    return process.memory_info().rss / MIB


def gateway_with_vehicles(rig: Rig, vehicles: int) -> float:
    """Let `vehicles` report ten times each, then look."""
    run_load(rig, Load(vehicles, 5_000, 1, 10 * vehicles / 5_000, spool="memory", prefix="many"))
    rig.until_settled()
    return resident_mib(rig.process)
