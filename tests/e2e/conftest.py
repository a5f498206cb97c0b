"""The real demo, once for the tests of a module."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures.require import ROOT, cannot_run, free_port

STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 20.0


@dataclass
class Demo:
    port: int
    token: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    if not (ROOT / "gateway/http/static/console/index.html").exists():
        cannot_run("the console is not built (npm run build in web/)")
    port = free_port()
    process = _start(port, tmp_path_factory.mktemp("demo"))
    try:
        lines = _first_lines(process)
        yield Demo(int(lines["api"].split(":")[2].split("/")[0]), lines["token"])
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=ENDS_WITHIN_S)


def _start(port: int, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "milepost", "demo", "--data", str(folder)]
    environment = os.environ | {"MILEPOST_HTTP_PORT": str(port)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _first_lines(process: subprocess.Popen[str]) -> dict[str, str]:
    """Read the demo's three lines; a demo that says nothing is ended, which ends the reading."""
    watchdog = threading.Timer(STARTS_WITHIN_S, process.kill)
    watchdog.start()
    lines: dict[str, str] = {}
    assert process.stdout is not None
    while "token" not in lines:
        line = process.stdout.readline()
        assert line, f"the demo ended or was silent for {STARTS_WITHIN_S:.0f} s; it had said {lines}"
        name, _, value = line.strip().partition(" ")
        lines[name] = value
    watchdog.cancel()
    return lines
