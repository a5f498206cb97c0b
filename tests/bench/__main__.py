"""`make bench`: every section in one run, the table in docs/benchmarks.md."""

import shutil
import sys
from pathlib import Path

from tests.bench import agent, cost, doorstep, folding, latency, memory, painting, replaying, report, rig
from tests.bench.cost import Cost
from tests.bench.load import Load
from tests.bench.report import Row

SECONDS = 20.0
REFERENCE_LOAD = Load(1000, 5_000, 1, SECONDS, spool="reference")
"""A rate at which the pipeline to compare with keeps up."""

NOTES_BY_HAND = Path(__file__).parent / "notes.md"


def main() -> int:
    """Run all sections; exit code 1 if a bound was missed."""
    folder = rig.on_disk("run")
    try:
        rows, notes = measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.write(rows, notes, NOTES_BY_HAND)
    print(report.TARGET.read_text())
    return 0 if all(row.kept for row in rows) else 1


def measure(folder: Path) -> tuple[list[Row], list[str]]:
    with rig.serving(folder / "reference") as servers:
        reference = said(cost.of_reference(servers, "reference, 5,000 messages/s", REFERENCE_LOAD))
    with rig.running(folder / "cost") as running:
        same = said(cost.of_gateway(running, "gateway, 5,000 messages/s", REFERENCE_LOAD))
        single = said(cost.of_gateway(running, "gateway, 20,000 messages/s", Load(1000, 20_000, 1, SECONDS, "single")))
        tens = said(cost.of_gateway(running, "gateway, batches of 10", Load(1000, 2_000, 10, SECONDS, "tens")))
        most = said(cost.of_gateway(running, "gateway, batches of 10, more", Load(1000, 3_500, 10, SECONDS, "most")))
    with rig.running(folder / "latency") as running:
        quiet = latency.quiet(running, SECONDS)
        disturbed = latency.disturbed(running, SECONDS)
    with rig.running(folder / "memory") as running:
        gateway_mib = memory.gateway_with_vehicles(running, 10_000)
    with rig.running(folder / "doorstep") as running:
        visited = doorstep.measure(running, folder, SECONDS)
    agent_mib = agent.resident_mib(folder / "agent")
    folded = folding.measure()
    replayed = replaying.measure(folder / "replay")
    painted = painting.measure()
    rows = [
        Row("CPU a position, one a message, 20,000 messages/s", single.cpu_us, 20, "µs"),
        Row("CPU a position, batches of 10, 20,000 positions/s", tens.cpu_us, 8, "µs"),
        Row("rows missing after 20,000 messages/s", single.missing, 0, ""),
        Row("seconds until the last of them was stored", single.behind_s, 5, "s"),
        Row(
            "reference's CPU a position / ours, same load", reference.cpu_us / same.cpu_us, 5, "×", more_is_better=True
        ),
        Row("publish → server-sent event, p99, 1,000 positions/s", quiet.p99_ms, 250, "ms"),
        Row("the same, while a track is exported and a backlog arrives", disturbed.p99_ms, 250, "ms"),
        Row("gateway's resident memory, 10,000 vehicles", gateway_mib, 150, "MiB"),
        Row("agent's resident memory", agent_mib, 45, "MiB"),
        Row("CPU to fold a position of a vehicle with a route of 150 stops", folded.record_us, 60, "µs"),
        Row("CPU to replay a day of 1,000 vehicles, a position each 10 s (scaled)", replayed.fleet_s / 60, 15, "min"),
        Row(f"{doorstep.PAGES:,} open customers' pages: an answer, p99", visited.pages.p99_ms, 500, "ms"),
        Row("gateway's resident memory with them", visited.resident_mib, 300, "MiB"),
        Row("publish → server-sent event, p99, beside them", visited.beside.p99_ms, 250, "ms"),
        Row("console's first paint, 300 routes of 150 stops", painted.first_ms / 1000, 2, "s"),
        Row("the same until the routes are listed", painted.rows_ms / 1000, 2, "s"),
    ]
    costs = [cost_note(each) for each in (reference, same, single, tens, most)]
    return rows, [*costs, latency_note(quiet, disturbed), pages_note(visited), fold_note(folded), replay_note(replayed)]


def said(measured: Cost) -> Cost:
    """Show progress: a run takes some minutes."""
    print(cost.as_json(measured), file=sys.stderr, flush=True)
    return measured


def cost_note(each: Cost) -> str:
    return (
        f"{each.label}: {each.cpu_us:.1f} µs of CPU a position, {each.stored:,} of {each.positions:,} positions "
        f"stored, the last {each.behind_s:.1f} s after it was published."
    )


def latency_note(*measured: latency.Latency) -> str:
    return f"Age of a position in the event stream: {'; '.join(map(_told, measured))}."


def pages_note(each: doorstep.Doorstep) -> str:
    return (
        f"Customers' pages, each asking about every 12 s: {_told(each.pages)}. Age of a position in the event stream: "
        f"{_told(each.alone)}; {_told(each.beside)}."
    )


def _told(each: latency.Latency) -> str:
    return (
        f"{each.label}: median {each.p50_ms:.0f} ms, p99 {each.p99_ms:.0f} ms, worst {each.worst_ms:.0f} ms "
        f"({each.samples:,} samples)"
    )


def fold_note(each: folding.Folded) -> str:
    return (
        f"Fold: {each.record_us:.0f} µs a position as a record of its own, with what is foreseen and the facts of each "
        f"event; {each.observe_us:.0f} µs of it are of the route alone."
    )


def replay_note(each: replaying.Replayed) -> str:
    return (
        f"Replay: {each.vehicles} records of days with {each.positions:,} positions took {each.seconds:.1f} s of CPU, "
        f"{each.position_us:.0f} µs a position from the store to the record; scaled to {replaying.FLEET:,} vehicles."
    )


if __name__ == "__main__":
    sys.exit(main())
