"""Which numbers the stages keep, for `/metrics`; each is read only when somebody looks."""

from gateway.assembly.api import conditions
from gateway.assembly.stages import Stages
from gateway.metrics import Metrics
from gateway.tracking.state import FleetState


def declare(metrics: Metrics, stages: Stages) -> None:
    """Say what can be asked."""
    _declare_intake(metrics, stages)
    _declare_writer(metrics, stages)
    _declare_live(metrics, stages)
    _declare_routes(metrics, stages)
    _declare_posting(metrics, stages)
    _declare_composing(metrics, stages)
    asked = conditions(stages)
    metrics.gauges(
        "ready", "1 if the part works.", "part", lambda: {name: float(ask().ready) for name, ask in asked.items()}
    )


def _declare_intake(metrics: Metrics, stages: Stages) -> None:
    stage = stages.intake.stage
    received = stage.counts
    metrics.counter("received_positions", "Positions admitted.", lambda: received.positions)
    metrics.counter("lost_positions", "Positions that devices could no longer send.", lambda: received.lost)
    metrics.counters("batches", "Batches by their place in the spool.", "case", lambda: received.cases)
    metrics.counters("quarantined", "Inputs rejected since the start.", "reason", lambda: received.quarantined)
    metrics.counters("ignored", "Messages let go since the start.", "reason", lambda: received.ignored)
    metrics.gauge("pending_bytes", "Received and not yet durable.", lambda: stage.pending_bytes)


def _declare_writer(metrics: Metrics, stages: Stages) -> None:
    written = stages.writer.counts
    metrics.counter("written_positions", "Positions stored.", lambda: written.positions)
    metrics.counter("set_aside_positions", "Positions that the store refused.", lambda: written.set_aside)
    metrics.counter("failed_writes", "Writes that were tried again.", lambda: written.attempts_failed)


def _declare_live(metrics: Metrics, stages: Stages) -> None:
    metrics.gauges("offset", "How far each consumer has come.", "consumer", lambda: _offsets(stages))
    metrics.gauge("vehicles", "Vehicles followed.", lambda: len(stages.fleet.vehicles))
    metrics.gauge("silent_vehicles", "Vehicles that are silent.", lambda: _silent(stages.fleet))
    metrics.counter("vehicles_not_followed", "Records beyond the bound.", lambda: stages.fleet.not_followed)
    metrics.gauge("live_readers", "Readers of the live feed.", lambda: stages.feed.readers)


def _declare_routes(metrics: Metrics, stages: Stages) -> None:
    rounds, counts = stages.rounds.rounds, stages.rounds.counts
    metrics.gauge("routes", "Routes followed.", lambda: len(rounds.rounds))
    metrics.counter("routes_not_followed", "Routes beyond the bound.", lambda: rounds.not_followed)
    metrics.counters("route_events", "What happened on routes since the start.", "kind", lambda: counts.events)
    metrics.counter("route_snapshots", "States kept for a look back.", lambda: counts.snapshots)
    metrics.counter("route_saves", "Saves of the routes' states.", lambda: counts.saves)
    metrics.counter("route_save_seconds", "Time that these saves took.", lambda: counts.save_s)
    metrics.counter("failed_route_saves", "Saves that were tried again.", lambda: counts.failed_saves)
    metrics.counter(
        "journalled_plans_and_taps", "Handed from the book to the journal.", lambda: stages.journalling.journalled
    )


def _declare_posting(metrics: Metrics, stages: Stages) -> None:
    counts = stages.posting.counts
    metrics.gauges("letters_waiting", "Letters in the outbox.", "endpoint", lambda: counts.waiting)
    metrics.counters("letter_attempts", "What became of attempts since the start.", "fate", lambda: counts.fates)


def _declare_composing(metrics: Metrics, stages: Stages) -> None:
    counts = stages.composing.counts
    metrics.counter(
        "composed_events", "Events of which letters were made, if anybody wants any.", lambda: counts.events
    )
    metrics.counter("composed_letters", "Letters made.", lambda: counts.letters)
    metrics.counter("failed_compositions", "Events that no letters can be made of.", lambda: counts.failed)
    metrics.counter("routes_set_aside", "Routes whose fold failed.", lambda: stages.rounds.counts.set_aside)


def _offsets(stages: Stages) -> dict[str, float]:
    return {
        "journal": stages.tail.newest,
        "tracker": stages.tracker.offset,
        "state": stages.tracker.saved_offset,
        "rounds": stages.rounds.offset,
        "rounds_state": stages.rounds.saved_offset,
        "telemetry": stages.writer.counts.offset,
    }


def _silent(fleet: FleetState) -> int:
    return sum(vehicle.silent_since is not None for vehicle in fleet.vehicles.values())
