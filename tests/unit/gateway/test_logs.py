"""No secret reaches a log, whichever way it takes."""

import json
import logging

import pytest
import structlog

from gateway.logs import REDACTED, configure, redact
from gateway.settings import LogFormat, LogSettings

SECRET = "s3cr3t-0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        f"GET /t/{SECRET} 200",
        f"GET /driver/{SECRET}/stops",
        f"http://127.0.0.1:8080/#token={SECRET}",
        f"/api?token={SECRET}&x=1",
        f"Authorization: Bearer {SECRET}",
        f"authorization: basic {SECRET}",
        f'{{"password": "{SECRET}"}}',
        f"{{'secret': '{SECRET}'}}",
        f"mqtt://van:{SECRET}@broker:1883",
    ],
)
def test_a_secret_is_replaced_and_the_rest_stays(text):
    assert SECRET not in redact(text)
    assert REDACTED in redact(text)


@pytest.mark.parametrize("text", ["GET /track/12 200", "/t/short", "tokens: 3", "basic tests", "http://host:80/a@b"])
def test_what_is_no_secret_stays_as_it_is(text):
    assert redact(text) == text


@pytest.fixture
def logged(capsys):
    """Returns what was logged in a format; leaves logging as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def lines(form, say):
        configure(LogSettings(format=form))
        say()
        return capsys.readouterr().err

    yield lines
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def say_everything():
    log = structlog.get_logger("gateway.test")
    log.info("asked", path=f"/t/{SECRET}", token=SECRET)
    logging.getLogger("some.library").warning("GET /driver/%s", SECRET)
    try:
        int(f"Bearer {SECRET}")
    except ValueError:
        log.exception("failed")


@pytest.mark.parametrize("form", list(LogFormat))
def test_no_way_into_the_log_carries_a_secret(logged, form):
    text = logged(form, say_everything)
    assert SECRET not in text
    assert text.count(REDACTED) == 4
    assert "ValueError" in text


def test_json_lines_are_json(logged):
    text = logged(LogFormat.JSON, say_everything)
    entries = [json.loads(line) for line in text.splitlines()]
    assert [entry["event"] for entry in entries] == ["asked", f"GET /driver/{REDACTED}", "failed"]
    assert entries[0]["level"] == "info"
    assert entries[0]["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_logged(logged):
    text = logged(LogFormat.TEXT, lambda: structlog.get_logger("x").debug("detail"))
    assert text == ""
