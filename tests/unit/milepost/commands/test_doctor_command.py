"""`milepost doctor`, as typed."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway.doctor.findings import Area, Finding, Verdict
from milepost.commands import doctor
from milepost.errors import CommandError
from tests.fixtures.require import free_port


@pytest.fixture
def run(tmp_path: Path):
    config = tmp_path / "gateway.toml"
    config.write_text(f'data_dir = "{tmp_path}"\n[mqtt]\nport = {free_port()}\n')
    app = typer.Typer()
    doctor.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["--config", str(config), *arguments])


def test_a_problem_is_a_line_with_what_to_do_and_exit_code_1(run):
    result = run()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    [at] = [number for number, line in enumerate(lines) if line.startswith("problem  broker")]
    assert lines[at + 1].strip().startswith("-> check host and port")


def test_json_says_the_same_to_programs(run):
    result = run("--json")
    assert result.exit_code == 1
    report = json.loads(result.output)
    assert report["worst"] == "problem"
    assert {finding["area"] for finding in report["findings"]} == {
        "broker",
        "database",
        "clock",
        "disk",
        "files",
        "web",
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--vehicle", "van-1"), "--password-file"),
        (("--vehicle", "van 1", "--password-file", "x"), "not a name"),
        (("--vehicle", "van-1", "--password-file", "/nowhere"), "cannot read /nowhere"),
    ],
)
def test_what_is_missing_is_one_clear_line(run, arguments, words):
    result = run(*arguments)
    assert isinstance(result.exception, CommandError)
    assert words in str(result.exception)


def test_warnings_alone_leave_the_exit_code_0(run, monkeypatch):
    async def all_but_well(*_: object) -> list[Finding]:
        return [Finding(Area.DISK, Verdict.WARNING, "little room", "make room")]

    monkeypatch.setattr(doctor, "examine", all_but_well)
    assert run().exit_code == 0
