"""`milepost eta`, as typed: what it prints, what it writes, and what it refuses in one line."""

import json

import pytest
import typer
from typer.testing import CliRunner

from gateway.domain.calibration import BUILT_IN
from gateway.evaluation.stored import decode_calibration, encode_calibration
from milepost.commands import eta
from milepost.errors import CommandError
from tests.fixtures.past_folders import write_days

runner = CliRunner()

SMALL = ("--simulated", "--dates", "2", "--vans", "4", "--stops", "24")


def run(*arguments):
    root = typer.Typer()
    root.callback()(lambda: None)
    eta.register(root)
    result = runner.invoke(root, ["eta", *map(str, arguments)])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_simulated_figures_are_labelled_and_name_all_methods():
    text = run("evaluate", *SMALL)
    assert text.startswith("Simulated data: proves that the code is right, not that it is accurate.")
    for method in ("ours", "static plan", "plan + current delay", "straight line", "router + fixed service"):
        assert f"| {method} " in text
    assert "learned from 2 other route days, of another date and vehicle" in text


def test_the_same_seed_gives_the_same_figures_and_another_gives_others(tmp_path):
    path = tmp_path / "built-in.json"
    path.write_bytes(encode_calibration(BUILT_IN))
    few = ("evaluate", "--simulated", "--dates", "1", "--vans", "2", "--stops", "8", "--calibration", path, "--json")
    first = run(*few)
    assert run(*few) == first
    assert run(*few, "--seed", "2") != first
    assert json.loads(first)["days"] == 2


def test_a_folder_teaches_a_calibration_that_judges_it(tmp_path):
    write_days(tmp_path, days=4)
    told = run("calibrate", tmp_path, "-o", tmp_path / "calibration.json")
    assert "from 4 route days" in told
    learned = decode_calibration((tmp_path / "calibration.json").read_bytes())
    assert learned.origin == f"4 route days: Real days of {tmp_path.name}"
    text = run("evaluate", tmp_path, "--calibration", tmp_path / "calibration.json")
    assert text.startswith(f"Real days of {tmp_path.name}")
    assert learned.origin in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name a folder of past days, or --simulated"),
        (("--simulated", "somewhere"), "one of both"),
        (("nowhere",), "nowhere has no positions"),
        (("--simulated", "--dates", "1", "--vans", "1", "--stops", "2"), "one vehicle on one date cannot both"),
        ((*SMALL, "--calibration", "none.json"), "cannot read none.json: No such file"),
    ],
)
def test_a_request_that_cannot_be_answered_is_one_line(arguments, told):
    with pytest.raises(CommandError) as error:
        run("evaluate", *arguments)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_calibration_is_named(tmp_path):
    path = tmp_path / "c.json"
    path.write_text('{"knots_ms": [1, 1], "low_ms": [0, 0], "high_ms": [0, 0], "origin": "x"}')
    with pytest.raises(CommandError, match=r"c\.json is no calibration: knots_ms do not rise"):
        run("evaluate", *SMALL, "--calibration", path)


def test_too_little_to_learn_from_is_said(tmp_path):
    with pytest.raises(CommandError, match="no horizon has 200 forecasts"):
        run("calibrate", "--simulated", "--dates", "1", "--vans", "1", "--stops", "2", "-o", tmp_path / "c.json")
