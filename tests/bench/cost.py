"""CPU of the gateway process a position, everything included, and of the pipeline to compare with."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass, replace

import psutil

from tests.bench.load import Load
from tests.bench.rig import Rig, Servers, run_load

SETTLES_WITHIN_S = 30.0

WARMS_UP_S = 3.0


@dataclass(frozen=True)
class Cost:
    """What a load of `positions` cost. `behind_s` is how long after the last message the last row was stored."""

    label: str
    positions: int
    messages_per_s: float
    cpu_us: float
    stored: int
    behind_s: float

    @property
    def missing(self) -> int:
        return self.positions - self.stored


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of a process and its children."""
    family = [process, *process.children(recursive=True)]
    return sum(times.user + times.system for times in (member.cpu_times() for member in family))


def of_gateway(rig: Rig, label: str, load: Load) -> Cost:
    """Publish `load` and divide the gateway's CPU by the positions, when all of them are in the database.

    Each vehicle reports for a while before, so that what is measured is the state in which a gateway spends its days.
    """
    turns = max(2, round(WARMS_UP_S * load.messages_per_s / load.vehicles))
    warm_up = replace(load, seconds=turns * load.vehicles / load.messages_per_s)
    run_load(rig, warm_up)
    rig.until_settled()
    return _measure(rig, label, replace(load, first_turn=turns), rig.process, "position")


def of_reference(servers: Servers, label: str, load: Load) -> Cost:
    """Start the pipeline to compare with, give it the same load, and end it."""
    command = [sys.executable, "-m", "tests.bench.reference", str(servers.broker.port)]
    command += [servers.influx.url, servers.influx.database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pipeline:
        assert pipeline.stdout is not None
        assert pipeline.stdout.readline().strip() == "ready"
        try:
            return _measure(servers, label, load, psutil.Process(pipeline.pid), "reference")
        finally:
            pipeline.terminate()


def _measure(servers: Servers, label: str, load: Load, process: psutil.Process, measurement: str) -> Cost:
    rows_before = servers.rows(measurement)
    cpu_before = cpu_seconds(process)
    run_load(servers, load)
    ended = time.monotonic()
    rows = _until_stored(servers, measurement, rows_before + load.positions)
    behind_s = time.monotonic() - ended
    cpu_us = (cpu_seconds(process) - cpu_before) / load.positions * 1e6
    return Cost(label, load.positions, load.messages_per_s, cpu_us, rows - rows_before, behind_s)


def _until_stored(servers: Servers, measurement: str, expected: int) -> int:
    """Wait for `expected` rows, but not for rows that do not come."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    rows = servers.rows(measurement)
    while rows < expected and time.monotonic() < deadline:
        time.sleep(0.25)
        rows = servers.rows(measurement)
    return rows


def as_json(cost: Cost) -> str:
    return json.dumps(cost.__dict__)
