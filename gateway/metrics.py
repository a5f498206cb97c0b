"""The gateway's numbers for Prometheus.

The stages know nothing of Prometheus: each hands one small detail object a run, commit or event to `observe`. Gauges
are asked for only when somebody looks.
"""

from collections.abc import Callable
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from gateway.http.feed import FeedFlush
from gateway.stages.tracker import StateSaved, TrackerRun

Observe = Callable[[Any], None]


class Metrics:
    """One registry a gateway, so that several in one process do not add up."""

    def __init__(self) -> None:
        """Declare the counters that live here; `gauge` adds what others know."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._folded = self._counter("tracker_entries", "Journal entries taken by the live fold.")
        self._saved = self._counter("tracker_saved_vehicles", "Vehicles whose live state was saved.")
        self._told = self._counter("live_vehicles", "Changed vehicles told to the readers of the live feed.")
        self._observers: dict[type, Observe] = {
            TrackerRun: self._on_tracker_run,
            StateSaved: self._on_state_saved,
            FeedFlush: self._on_feed_flush,
        }

    def observe(self, detail: object) -> None:
        """Count what happened; details that nobody counts are let go."""
        observer = self._observers.get(type(detail))
        if observer is not None:
            observer(detail)

    def gauge(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Add a number that is asked for at each look."""
        Gauge(f"milepost_{name}", description, registry=self._registry).set_function(value)

    def exposition(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _counter(self, name: str, description: str) -> Counter:
        return Counter(f"milepost_{name}", description, registry=self._registry)

    def _on_tracker_run(self, run: TrackerRun) -> None:
        self._folded.inc(run.entries)

    def _on_state_saved(self, saved: StateSaved) -> None:
        self._saved.inc(saved.vehicles)

    def _on_feed_flush(self, flush: FeedFlush) -> None:
        self._told.inc(flush.vehicles)
