"""Two thousand open customers' pages on one gateway while vehicles report: answers, memory, what the intake feels."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench.latency import Latency, listening, summary
from tests.bench.load import Load
from tests.bench.memory import resident_mib
from tests.bench.rig import Rig, run_load

PAGES = 2_000
ROUTES, STOPS = 40, 50
ZONE = "Europe/Helsinki"
REPORTING = 1_000
"""Vehicles, a position a second each; those of the routes are among them."""


@dataclass(frozen=True)
class Doorstep:
    """Milliseconds of the pages' answers; of a position's way to the live feed without and with the pages."""

    pages: Latency
    alone: Latency
    beside: Latency
    resident_mib: float


def measure(rig: Rig, folder: Path, seconds: float) -> Doorstep:
    """Bring routes, let their vehicles drive, and let all customers look."""
    urls = folder / "pages.txt"
    urls.write_text("\n".join(_pages(rig)))
    alone = _reports(rig, seconds, "alone", "positions without pages")
    with _visitors(urls, seconds) as visitors:
        beside = _reports(rig, seconds, "beside", "positions beside the pages")
        memory = resident_mib(rig.process)
        output, _ = visitors.communicate(timeout=60)
    asked = json.loads(output)
    wrong = set(asked["statuses"]) - {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
    assert not wrong, f"pages were answered {wrong}"
    return Doorstep(summary(f"{PAGES:,} pages", asked["took_ms"]), alone, beside, memory)


def _reports(rig: Rig, seconds: float, spool: str, label: str) -> Latency:
    with listening(rig) as listener:
        run_load(rig, Load(REPORTING, REPORTING, 1, seconds, spool=spool))
    return summary(label, listener.ages_ms)


@contextmanager
def _visitors(urls: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.bench.visitors", str(urls), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _pages(rig: Rig) -> Iterator[str]:
    """Import the routes, and yield the address of each customer's page."""
    status, body = rig.gateway.request("/api/v1/routes?format=json", "POST", json.dumps({"routes": _routes()}).encode())
    assert status == HTTPStatus.OK, body
    for number in range(ROUTES):
        status, body = rig.gateway.request(f"/api/v1/routes/bench-{number}")
        assert status == HTTPStatus.OK, body
        yield from (stop["tracking_url"] for stop in json.loads(body)["stops"])


def _routes() -> list[dict[str, object]]:
    today = datetime.now(ZoneInfo(ZONE)).date().isoformat()
    return [
        {"route": f"bench-{n}", "date": today, "zone": ZONE, "vehicle": f"bench-{n}", "start": "00:00",
         "stops": [_stop(n, place) for place in range(STOPS)]}
        for n in range(ROUTES)
    ]  # fmt: skip


def _stop(route: int, place: int) -> dict[str, object]:
    """Return a stop beside the circle on which the vehicle drives (`load.position`)."""
    angle = 2 * math.pi * place / STOPS
    lat = 60.17 + 0.02 * math.sin(angle) + route * 1e-5
    lon = 24.94 + 0.04 * math.cos(angle)
    return {"order": f"B{route}-{place}", "lat": lat, "lon": lon, "recipient": f"Visitor {route}-{place}"}
