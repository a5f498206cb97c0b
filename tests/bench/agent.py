"""Resident memory of the agent process, connected and delivering."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.require import require_program, require_shared

CONFIG = """
vehicle = "bench"
data_dir = "{folder}/data"
[source]
kind = "file"
path = "{log}"
[mqtt]
port = {port}
"""
RUNS_S = 8.0


def resident_mib(folder: Path) -> float:
    """Play a recorded log for some seconds against a real broker, then look."""
    folder.mkdir(parents=True)
    broker = Mosquitto(require_program("mosquitto"), folder, ANONYMOUS)
    broker.start()
    settings = folder / "device.toml"
    log = require_shared("nmea/gpsd/neo-m8n.log")
    settings.write_text(CONFIG.format(folder=folder, log=log, port=broker.port))
    agent = subprocess.Popen([sys.executable, "-m", "milepost", "device", "--config", str(settings)])
    try:
        time.sleep(RUNS_S)
        return psutil.Process(agent.pid).memory_info().rss / 1024 / 1024
    finally:
        agent.terminate()
        agent.wait(15)
        broker.stop()
