"""What an operator reads when the gateway cannot reach its broker."""

import asyncio
import contextlib
import logging

import pytest
import structlog
from structlog.testing import LogCapture

from gateway.adapters.mqtt.session import BrokerSession, BrokerState, Terms, tls_context
from gateway.clock import SystemClock
from gateway.logs import configure
from gateway.settings import LogSettings, MqttSettings

TERMS = Terms(client_id="milepost-gateway-1-main", filters=(), qos=0, clean_session=True)


@pytest.fixture
def lines(monkeypatch):
    seen = LogCapture()
    loud = structlog.make_filtering_bound_logger(logging.DEBUG)
    log = structlog.wrap_logger(None, processors=[seen], wrapper_class=loud)
    monkeypatch.setattr("gateway.adapters.mqtt.session.log", log)
    return seen.entries


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "cannot read password_file {}: No such file or directory"),
        ("binary", "password_file {} is no text: it holds the password alone"),
    ],
)
async def test_why_the_broker_cannot_be_reached_is_logged(tmp_path, lines, name, said):
    (tmp_path / "binary").write_bytes(b"\xff\n")
    settings = MqttSettings(username="gateway@milepost", password_file=tmp_path / name)
    session = BrokerSession(settings, TERMS, SystemClock())
    running = asyncio.create_task(session.run(lambda *_: None))
    while session.condition.state is BrokerState.CONNECTING:
        await asyncio.sleep(0)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert [(line["log_level"], line["state"]) for line in lines] == [("warning", BrokerState.UNREACHABLE)]
    assert lines[0]["detail"] == said.format(tmp_path / name)


def test_a_certificate_file_that_is_missing_is_said_to_be_one(tmp_path):
    with pytest.raises(OSError, match=r"tls_… files of \[mqtt\]: No such file"):
        tls_context(MqttSettings(tls=True, tls_ca_file=tmp_path / "nowhere.crt"))


def test_the_client_library_stays_silent_when_the_log_is_set_up():
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        configure(LogSettings())
        assert not logging.getLogger("gmqtt.mqtt.protocol").isEnabledFor(logging.CRITICAL)
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
        structlog.reset_defaults()
