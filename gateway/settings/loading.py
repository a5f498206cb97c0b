"""Reads the settings' file, and the files of secrets that it names."""

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from gateway.settings.base import Settings
from gateway.settings.whole import GatewaySettings

_PLACE = re.compile(r"at `\$\.([a-z0-9_.]+)`$")


class SettingsError(ValueError):
    """The settings file cannot be used; the message names the file, the option and the bad value."""


def load(path: Path) -> GatewaySettings:
    """Read and check `path`. Relative paths in it are relative to the file, wherever the program is started.

    Raises:
        SettingsError: the file is missing, is no TOML, or has a wrong or unknown option.

    """
    try:
        options = msgspec.toml.decode(path.read_bytes())
        settings = msgspec.convert(options, GatewaySettings, dec_hook=_from_toml, str_keys=True)
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}{_found(str(error), options)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    return _anchored(settings, path.resolve().parent)


def read_secret(path: Path | None) -> str | None:
    """Return the first line of a file that holds a password or token; None if no file is named.

    Raises:
        SettingsError: it cannot be read, is no text, or is empty.

    """
    if path is None:
        return None
    try:
        secret = path.read_text().split("\n", 1)[0].strip()
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is no text: its first line is the secret") from error
    if not secret:
        raise SettingsError(f"{path} is empty: its first line is the secret")
    return secret


Section = TypeVar("Section", bound=Settings)


def _anchored(section: Section, folder: Path) -> Section:
    """Return the section with its relative paths, and those of its sections, made absolute from `folder`."""
    changes: dict[str, Any] = {}
    for name in section.__struct_fields__:
        value = getattr(section, name)
        if isinstance(value, Settings):
            changes[name] = _anchored(value, folder)
        elif isinstance(value, Path):
            changes[name] = folder / value
        elif isinstance(value, tuple):
            changes[name] = tuple(_anchored(each, folder) if isinstance(each, Settings) else each for each in value)
    return msgspec.structs.replace(section, **changes)


def _found(message: str, options: object) -> str:
    """Return the bad value at the place that a message of msgspec names, if it is one value."""
    place = _PLACE.search(message)
    for name in place[1].split(".") if place else ():
        options = options.get(name) if isinstance(options, dict) else None
    return "" if options is None or isinstance(options, dict) else f": {options!r}"


def _from_toml(kind: type, value: object) -> object:
    """Read what TOML has no type for."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"expected {kind.__name__}, got {value!r}")
