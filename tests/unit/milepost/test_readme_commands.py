"""What the README and the operator's guide tell people to type exists."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = (
    "README.md",
    "docs/customers.md",
    "docs/dashboards.md",
    "docs/drivers.md",
    "docs/eta.md",
    "docs/events.md",
    "docs/messages.md",
    "docs/mqtt.md",
    "docs/operations.md",
    "docs/webhooks.md",
)
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def lines(page: str) -> list[str]:
    """The command lines of a page's shell blocks, continued lines joined."""
    text = "\n".join(BLOCK.findall((ROOT / page).read_text())).replace("\\\n", " ")
    return [line.strip() for line in text.splitlines() if line.strip()]


def milepost_calls() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """(page, words of the subcommand, options) of each call of `milepost`."""
    found = []
    for page in PAGES:
        for line in lines(page):
            for call in re.findall(r"(?:^|\s)milepost ([a-z][^|&;>]*)", line):
                words = shlex.split(call, comments=True)
                options = tuple(word.split("=")[0] for word in words if word.startswith("--"))
                plain = words[: next((at for at, word in enumerate(words) if word.startswith("-")), len(words))]
                found.append((page, tuple(plain), options))
    return found


CALLS = milepost_calls()


def test_the_readme_shows_how_to_start_each_part() -> None:
    shown = {words[0] for page, words, _ in CALLS if page == "README.md"}
    assert {"devices", "gateway", "device", "doctor"} <= shown


@pytest.mark.parametrize(("page", "words", "options"), CALLS, ids=[" ".join(words) for _, words, _ in CALLS])
def test_each_command_and_its_options_exist(page: str, words: tuple[str, ...], options: tuple[str, ...]) -> None:
    groups = {"devices", "tokens", "quarantine", "dashboards", "routes", "eta", "notify", "drivers", "messages"}
    subcommand = words[: 2 if words[0] in groups else 1]
    command = [sys.executable, "-m", "milepost", *subcommand, "--help"]
    said = subprocess.run(command, capture_output=True, text=True, env={"COLUMNS": "200", "TERM": "dumb"}, check=False)
    assert said.returncode == 0, f"{page}: {said.stderr}"
    for option in options:
        assert option in said.stdout, f"{page}: milepost {' '.join(subcommand)} has no {option}"


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_of_the_readme_are_targets(target: str) -> None:
    assert f"make {target}" in lines("README.md")
    done = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_links_to_is_there(page: str) -> None:
    missing = [link for link in LINK.findall((ROOT / page).read_text()) if not ((ROOT / page).parent / link).exists()]
    assert not missing
