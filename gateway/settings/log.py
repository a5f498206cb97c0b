"""The log."""

from enum import StrEnum

from gateway.settings.base import Settings


class LogLevel(StrEnum):
    """The least that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log looks: for a person, or one JSON object a line for a collector."""

    TEXT = "text"
    JSON = "json"


class LogSettings(Settings, frozen=True, kw_only=True):
    """The log goes to standard error; tokens and secrets never reach it."""

    level: LogLevel = LogLevel.INFO
    format: LogFormat = LogFormat.TEXT
