"""The process's log: structured, on standard error, and without a single secret.

Our own lines and those of the libraries (through `logging`) take the same way; the last step before the line is
written removes tokens from the *finished text*, so that none gets through in a path, a field or a traceback.
"""

import logging
import re
import sys
from typing import Any

import structlog

from gateway.settings import LogFormat, LogSettings

REDACTED = "[redacted]"

_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(/(?:t|driver)/)[A-Za-z0-9_-]{8,}"), rf"\1{REDACTED}"),
    (re.compile(r"(?i)\b((?:token|secret|password)['\"]?\s*[=:]\s*['\"]?)[^\s&'\",}]+"), rf"\1{REDACTED}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {REDACTED}"),
    (re.compile(r"(://[^/\s:@]+:)[^/\s@]+@"), rf"\1{REDACTED}@"),
)
"""Tracking and driver links; named values in queries, fields and JSON; authorization headers; URLs with a password."""

_QUIET_LIBRARIES = ("uvicorn", "litestar", "aiohttp", "asyncio", "amqtt", "transitions")
"""Their news below a warning is of no use to an operator. gmqtt is silent: `BrokerSession` speaks for it."""


def redact(text: str) -> str:
    """Return `text` with every token, secret and password in it replaced."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def configure(settings: LogSettings) -> None:
    """Send the logs of this process to standard error, as the settings say."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    _replace_root_handler(level, shared, settings.format)


def _replace_root_handler(level: int, shared: list[Any], form: LogFormat) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendering(form), _redact_line],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _rendering(form: LogFormat) -> list[Any]:
    if form is LogFormat.JSON:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    ]


def _redact_line(_logger: object, _method: str, line: Any) -> str:  # noqa: ANN401 - the renderer made it a str
    return redact(line)
