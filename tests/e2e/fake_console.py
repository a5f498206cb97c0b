"""The built console on the fake gateway of `web/dev`: many routes whose day is a function of the time alone."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from tests.fixtures.require import ROOT, cannot_run, free_port, require_program
from tests.fixtures.waiting import until

TOKEN = "dev"
VITE = ROOT / "web/node_modules/vite/bin/vite.js"


@contextmanager
def fake_console(routes: int, stops: int) -> Iterator[int]:
    """Serve it on a free port, which is yielded; beside the routes' vans two more drive around."""
    node = require_program("node")
    if not VITE.exists() or not (ROOT / "gateway/http/static/console/index.html").exists():
        cannot_run("the console is not built (npm ci and npm run build in web/)")
    port = free_port()
    sizes = {"FAKE_ROUTES": str(routes), "FAKE_STOPS": str(stops), "FAKE_VEHICLES": "2"}
    command = [node, str(VITE), "preview", "--host", "127.0.0.1", "--port", str(port), "--strictPort"]
    process = subprocess.Popen(command, cwd=ROOT / "web", env=os.environ | sizes, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _answers(port), "the fake gateway's page")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
