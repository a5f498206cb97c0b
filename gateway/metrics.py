"""The gateway's numbers for Prometheus.

The stages know nothing of Prometheus: each hands one small detail object a run, commit or event to `observe`, or keeps
plain counts of its own. These, and gauges, are asked for only when somebody looks.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.http.feed import FeedFlush
from gateway.stages.tracker import StateSaved, TrackerRun

Observe = Callable[[Any], None]
Number = Callable[[], float]
Numbers = Callable[[], Mapping[Any, float]]
"""Keys are the label's values, mostly enumerations."""


class Metrics:
    """One registry a gateway, so that several in one process do not add up."""

    def __init__(self) -> None:
        """Declare the counters that live here; `gauge` and `counter` add what others know."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._folded = self._own("tracker_entries", "Journal entries taken by the live fold.")
        self._saved = self._own("tracker_saved_vehicles", "Vehicles whose live state was saved.")
        self._told = self._own("live_vehicles", "Changed vehicles told to the readers of the live feed.")
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

    def gauge(self, name: str, description: str, value: Number) -> None:
        """Add a number that goes up and down, asked for at each look."""
        family = GaugeMetricFamily(f"milepost_{name}", description)
        self._registry.register(_Asked(lambda: _filled(family, [], {"": value()})))

    def counter(self, name: str, description: str, value: Number) -> None:
        """Add a number that only goes up, asked for at each look."""
        family = CounterMetricFamily(f"milepost_{name}", description)
        self._registry.register(_Asked(lambda: _filled(family, [], {"": value()})))

    def counters(self, name: str, description: str, label: str, values: Numbers) -> None:
        """Add numbers that only go up, one for each value of `label`, asked for at each look."""
        family = CounterMetricFamily(f"milepost_{name}", description, labels=[label])
        self._registry.register(_Asked(lambda: _filled(family, [label], values())))

    def gauges(self, name: str, description: str, label: str, values: Numbers) -> None:
        """Add numbers that go up and down, one for each value of `label`, asked for at each look."""
        family = GaugeMetricFamily(f"milepost_{name}", description, labels=[label])
        self._registry.register(_Asked(lambda: _filled(family, [label], values())))

    def exposition(self) -> bytes:
        """Return all numbers in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _own(self, name: str, description: str) -> Counter:
        return Counter(f"milepost_{name}", description, registry=self._registry)

    def _on_tracker_run(self, run: TrackerRun) -> None:
        self._folded.inc(run.entries)

    def _on_state_saved(self, saved: StateSaved) -> None:
        self._saved.inc(saved.vehicles)

    def _on_feed_flush(self, flush: FeedFlush) -> None:
        self._told.inc(flush.vehicles)


class _Asked(Collector):
    """A metric whose values are asked for at each look."""

    def __init__(self, ask: Callable[[], Metric]) -> None:
        self._ask = ask

    def collect(self) -> Iterator[Metric]:
        yield self._ask()


def _filled(family: GaugeMetricFamily | CounterMetricFamily, labels: list[str], values: Mapping[str, float]) -> Metric:
    family.samples.clear()
    for label, value in values.items():
        family.add_metric([label] if labels else [], value)
    return family
