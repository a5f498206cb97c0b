"""`milepost quarantine`, as typed, beside a gateway that has the journal open."""

import pytest
import typer
from typer.testing import CliRunner

from gateway.adapters.journal.journal import SqliteJournal
from gateway.ports import CommitGroup, Quarantined
from milepost.commands import quarantine
from milepost.errors import CommandError

runner = CliRunner()


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(f'data_dir = "{tmp_path}/data"\n')
    return path


def reject(reason, body=b"?", *, seq=None, detail="why", topic="milepost/1/main/vehicle/van/positions"):
    return Quarantined(1_732_375_000_000, "main", "van", "tracker", "s", seq, reason, detail, topic, body)


@pytest.fixture
async def journal(tmp_path):
    journal = await SqliteJournal(tmp_path / "data").open()
    yield journal
    await journal.close()


def run(*arguments):
    root = typer.Typer()
    root.callback()(lambda: None)
    quarantine.register(root)
    result = runner.invoke(root, ["quarantine", *map(str, arguments)])
    if isinstance(result.exception, CommandError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


async def test_the_list_counts_and_shows_the_newest_first(journal, config):
    items = [reject("null_island", seq=4), reject("not_json", b"hello"), reject("null_island", seq=9)]
    await journal.commit(CommitGroup(quarantined=items))
    lines = run("list", "--config", config, "--limit", 2).splitlines()
    assert [line.split() for line in lines[1:3]] == [["null_island", "2"], ["not_json", "1"]]
    assert lines[-2].split() == ["3", "2024-11-23", "15:16", "main/van", "9", "1", "null_island", "why"]
    assert lines[-1].split()[0] == "2"


async def test_one_reason_can_be_listed(journal, config):
    await journal.commit(CommitGroup(quarantined=[reject("null_island"), reject("not_json")]))
    assert len(run("list", "--config", config, "--reason", "not_json").splitlines()) == 6
    with pytest.raises(CommandError, match="reasons so far: not_json, null_island"):
        run("list", "--config", config, "--reason", "nul_island")


async def test_an_empty_quarantine_says_so(journal, config):
    assert run("list", "--config", config) == "nothing was ever rejected\n"


async def test_an_item_is_shown_with_what_it_held(journal, config):
    await journal.commit(CommitGroup(quarantined=[reject("wrong_shape", b'{"lat":"north"}', seq=7)]))
    shown = run("show", 1, "--config", config)
    assert "position  7" in shown
    assert "reason    wrong_shape" in shown
    assert shown.endswith('\n{"lat":"north"}\n')


async def test_what_is_no_text_is_shown_in_hexadecimal(journal, config):
    await journal.commit(CommitGroup(quarantined=[reject("not_json", b"\x1b[2J\xff" * 5)]))
    assert "000000  1b 5b 32 4a ff 1b" in run("show", 1, "--config", config)


async def test_a_stranger_s_words_do_not_move_the_cursor(journal, config):
    await journal.commit(CommitGroup(quarantined=[reject("not_json", b"\x1b[2J", detail="a\x1b[2Jb", topic="t\nu")]))
    for shown in (run("show", 1, "--config", config), run("list", "--config", config)):
        assert "\x1b" not in shown
        assert "a�[2Jb" in shown


async def test_an_item_that_is_not_kept_is_one_clear_line(journal, config):
    with pytest.raises(CommandError, match="there is no item 5"):
        run("show", 5, "--config", config)


def test_a_gateway_that_never_ran_is_one_clear_line(config):
    with pytest.raises(CommandError, match="has the gateway run with this data directory"):
        run("list", "--config", config)
