"""The command line: one subcommand is loaded, errors are one line, strangers are refused."""

import subprocess
import sys
from importlib.machinery import ModuleSpec

import pytest

from milepost import main as command
from milepost.errors import CommandError


def test_another_distribution_with_our_module_name_is_named_and_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    stranger = tmp_path / "gateway"
    stranger.mkdir()
    (stranger / "__init__.py").touch()
    monkeypatch.setattr(command, "OUR_MODULES", ("gateway",))
    monkeypatch.setattr(
        command.importlib.util, "find_spec", lambda name: importlib_spec(name, stranger / "__init__.py")
    )
    with pytest.raises(CommandError) as refusal:
        command.refuse_strangers()
    assert str(stranger) in str(refusal.value)
    assert "environment of its own" in str(refusal.value)


def importlib_spec(name, path):
    return ModuleSpec(name, None, origin=str(path))


def test_our_own_modules_are_no_strangers() -> None:
    command.refuse_strangers()


def test_the_agents_command_does_not_load_the_gateways_libraries() -> None:
    script = (
        "import sys; from milepost.main import build; build(['device']);"
        "print(sorted({'litestar', 'gmqtt', 'sqlalchemy', 'aiohttp', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_extra_is_named_with_its_remedy() -> None:
    with pytest.raises(CommandError, match=r"milepost\[gateway\]"):
        command._missing("gateway", "litestar")()


@pytest.mark.parametrize("arguments", [["--help"], ["no-such-command"]])
def test_help_and_a_wrong_word_are_answered_without_a_traceback(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "milepost", *arguments], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr + done.stdout
    assert "Usage" in done.stdout + done.stderr
