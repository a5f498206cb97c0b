"""`milepost drivers`, as typed."""

import asyncio
from contextlib import closing

import pytest
import typer
from typer.testing import CliRunner

from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from milepost.commands import drivers
from milepost.errors import CommandError
from milepost.operations import opened
from tests.fixtures.routes import DAY, plan

BASE = "https://fleet.example.org/driver/"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(f'data_dir = "{tmp_path}/data"\n[http]\npublic_url = "https://fleet.example.org/"\n')
    return path


@pytest.fixture
def run(config):
    def run(*arguments):
        root = typer.Typer()
        root.callback()(lambda: None)
        drivers.register(root)
        result = CliRunner().invoke(root, ["drivers", *arguments, "--config", str(config)])
        if isinstance(result.exception, CommandError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    return run


def keep(config, *plans):
    async def save(database):
        with closing(OperationsThread(database)) as thread:
            await SqlRouteBook(thread).save(plans, {})

    with opened(config) as (_, database):
        asyncio.run(save(database))


def address(result):
    return result.stdout.splitlines()[-1]


def test_who_drives_on_a_date(run, config):
    keep(config, plan("r1", driver="Kim Laine"), plan("r2", vehicle="van-2"), plan("r3", driver="Lee", withdrawn=True))
    lines = run("list", "--date", DAY).stdout.splitlines()
    assert lines[1:] == [
        "Kim Laine  main   van      r1     2026-03-10",
        "van-2      main   van-2    r2     2026-03-10",
    ]
    assert BASE not in run("list", "--date", DAY).stdout
    assert len(run("list").stdout.splitlines()) == 1


def test_a_link_stays_until_it_is_revoked(run):
    first = run("link", "Kim Laine")
    assert address(first).startswith(BASE)
    assert "▀" in first.stdout
    assert max(map(len, first.stdout.splitlines()[:-1])) < 60
    assert address(run("link", "Kim Laine")) == address(first)
    assert "leads nowhere" in run("revoke", "Kim Laine").stdout
    assert address(run("link", "Kim Laine")) != address(first)


def test_nothing_is_revoked_for_a_name_that_nobody_has(run):
    with pytest.raises(CommandError, match="'Kim' has no link in fleet main"):
        run("revoke", "Kim")


def test_the_fleet_is_the_first_one_of_the_settings(run, config):
    config.write_text('fleets = ["north"]\n' + config.read_text())
    first = address(run("link", "Kim"))
    assert address(run("link", "Kim", "--fleet", "north")) == first
    run("revoke", "Kim")
    assert address(run("link", "Kim", "--fleet", "north")) != first


def test_a_name_that_no_plan_has_is_told(run):
    assert "no route of these days is driven by 'Kim'" in run("link", "Kim").stderr


def test_without_a_public_address_no_phone_gets_there(run, config):
    config.write_text(f'data_dir = "{config.parent}/data"\n[http]\nport = 9999\n')
    shown = run("link", "Kim")
    assert "public_url is not set" in shown.stderr
    assert address(shown).startswith("http://127.0.0.1:9999/driver/")


def test_a_damaged_key_is_named(run, config):
    folder = config.parent / "data"
    folder.mkdir()
    (folder / "links.key").write_bytes(b"short")
    with pytest.raises(CommandError, match=r"links\.key has 5 bytes"):
        run("link", "Kim")
