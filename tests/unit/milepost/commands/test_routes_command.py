"""`milepost routes`, as typed."""

import asyncio
import json

import pytest
import typer
from typer.testing import CliRunner

from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.domain.calibration import Calibration
from gateway.domain.route import RouteKey
from gateway.evaluation.stored import encode_calibration
from gateway.planning.document import ImportFormat
from milepost.commands import routes
from milepost.errors import CommandError
from milepost.operations import opened
from tests.fixtures.route_files import json_file, route, stop

DAY = ("--date", "2026-11-24", "--zone", "Europe/Helsinki")
TABLE = "Bestellnummer;Breite;Länge;Fahrzeug;Farbe\nA1;60,17;24,94;van-1;rot\nA2;60,18;24,95;van-1;\n"


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(f'data_dir = "{tmp_path}/data"\nfleets = ["north"]\n')
    return path


@pytest.fixture
def run(config):
    def run(*arguments, stdin=None, code=0):
        root = typer.Typer()
        root.callback()(lambda: None)
        routes.register(root)
        asked = ["--config", str(config)] if arguments[0] != "schema" else []
        result = CliRunner().invoke(root, ["routes", *map(str, arguments), *asked], input=stdin)
        if isinstance(result.exception, CommandError):
            raise result.exception
        assert result.exit_code == code, result.output
        return result.output

    return run


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "day.csv"
    path.write_text(TABLE)
    return path


def test_a_table_is_imported_listed_and_shown(run, table):
    said = run("import", table, *DAY)

    assert [line.split()[:2] for line in said.splitlines()[1:6]] == [
        ["Bestellnummer", "order"],
        ["Breite", "lat"],
        ["Länge", "lon"],
        ["Fahrzeug", "vehicle"],
        ["Farbe", "-"],
    ]
    assert said.splitlines()[-1] == "imported"
    assert "nothing changes" in run("import", table, *DAY)
    assert run("list", "2026-11-24").splitlines()[1].split()[:4] == ["north", "2026-11-24_van-1", "1", "van-1"]
    shown = run("show", "2026-11-24_van-1").splitlines()
    assert [line.split()[1] for line in shown[-2:]] == ["A1", "A2"]


def test_every_fault_is_printed_and_ends_with_1(run, tmp_path):
    path = tmp_path / "day.json"
    path.write_bytes(json_file(route(stop(1, lat="x"), stop(2, parcels=-1))).content)
    said = run("import", path, code=1)

    assert 'fault: row 1, routes[0].stops[0].lat "x" is not a number' in said
    assert 'fault: row 2, routes[0].stops[1].parcels "-1" is not from 0 to 10000' in said
    assert said.splitlines()[-1] == "rejected: nothing of the file was kept"
    assert len(run("list", "2026-11-24").splitlines()) == 1


def test_an_imported_route_carries_the_calibration_that_the_settings_name(run, table, config, tmp_path):
    learned = Calibration((0,), (-1000,), (2000,), "learned in a test")
    (tmp_path / "windows.json").write_bytes(encode_calibration(learned))
    config.write_text(f'{config.read_text()}\n[routes]\ncalibration_file = "windows.json"\n')
    run("import", table, *DAY)

    async def newest():
        with opened(config) as (_, database):
            thread = OperationsThread(database)
            try:
                return await SqlRouteBook(thread).newest(RouteKey("north", "2026-11-24_van-1"))
            finally:
                thread.close()

    assert asyncio.run(newest()).calibration == learned


def test_a_calibration_that_cannot_be_read_is_one_line(run, table, config):
    config.write_text(f'{config.read_text()}\n[routes]\ncalibration_file = "nowhere.json"\n')
    with pytest.raises(CommandError, match=r"cannot read .*nowhere\.json"):
        run("import", table, *DAY)


def test_a_dry_run_keeps_nothing_and_columns_can_be_mapped(run, table):
    said = run("import", table, *DAY, "--dry-run", "--map", "Farbe=notes", "--map", "Fahrzeug=", "--vehicle", "v9")

    assert "2026-11-24_v9" in said
    assert said.splitlines()[-1] == "a preview: nothing was kept"
    assert len(run("list", "2026-11-24").splitlines()) == 1


def test_standard_input_is_a_file(run):
    assert "imported" in run("import", "-", stdin=json_file().content)


def test_what_cannot_be_is_one_line(run, table, tmp_path):
    for arguments in (("import", tmp_path / "none.csv"), ("import", table, "--map", "Farbe"), ("show", "none")):
        with pytest.raises(CommandError):
            run(*arguments)


def test_the_schema_is_printed(run):
    assert json.loads(run("schema"))["title"] == "Milepost routes"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"{", ImportFormat.CSV),
        ("a.txt", b"order;lat", ImportFormat.CSV),
        ("a.json", b'{"routes": []}', ImportFormat.JSON),
        ("a.json", b'\xef\xbb\xbf {"routes": [], "summary": {}}', ImportFormat.VROOM),
        ("a.json", b'{"solution": {}}', ImportFormat.VROOM),
        ("a.json", b"{", ImportFormat.JSON),
        ("a.json", b"[" * 100_000, ImportFormat.JSON),
        ("a.json", b"\xff\xfe", ImportFormat.CSV),
    ],
)
def test_the_format_is_told_from_the_file(name, content, told, tmp_path):
    assert routes.told_format(tmp_path / name, content) is told
