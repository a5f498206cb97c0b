"""`milepost doctor` against the real InfluxDB, and against none."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from gateway.doctor.examination import Extras, examine
from gateway.doctor.findings import Area, Finding, Verdict
from gateway.settings import GatewaySettings, StoreKind, TelemetrySettings
from tests.fixtures.require import free_port


def look(telemetry: TelemetrySettings, tmp_path: Path) -> list[Finding]:
    findings = asyncio.run(examine(GatewaySettings(telemetry=telemetry, data_dir=tmp_path), Extras()))
    return [finding for finding in findings if finding.area in (Area.DATABASE, Area.CLOCK)]


def influx_1(url: str, **more) -> TelemetrySettings:
    return TelemetrySettings(kind=StoreKind.INFLUXDB_1, url=url, **more)


def texts(findings: list[Finding], verdict: Verdict, area: Area = Area.DATABASE) -> list[str]:
    return [finding.meaning for finding in findings if finding.verdict is verdict and finding.area is area]


def test_a_database_that_is_well(influxdb, tmp_path):
    findings = look(influx_1(influxdb.url), tmp_path)
    assert texts(findings, Verdict.PROBLEM) == texts(findings, Verdict.WARNING) == []
    well = " / ".join(texts(findings, Verdict.OK))
    assert "version 1.6" in well
    assert "takes what the gateway writes" in well
    assert "for ever" in well
    assert "the database's clock agrees with this one" in texts(findings, Verdict.OK, Area.CLOCK)
    assert influxdb.query("SELECT looked FROM milepost_doctor")[0]["values"][0][1] == 1


def test_a_missing_database_is_named(make_influxdb, tmp_path):
    [problem] = texts(look(influx_1(make_influxdb().url), tmp_path), Verdict.PROBLEM)
    assert "no_database" in problem


def test_a_short_retention_is_named(influxdb, tmp_path):
    policy = 'RETENTION POLICY "autogen" ON "milepost" DURATION 36h SHARD DURATION 1h'
    influxdb.query(f"ALTER {policy}", method="POST")
    assert texts(look(influx_1(influxdb.url), tmp_path), Verdict.WARNING) == ["it deletes positions after 36 hours"]


def test_a_wrong_password_is_named(make_influxdb, tmp_path):
    server = make_influxdb(auth=True)
    server.query("CREATE USER root WITH PASSWORD 'right' WITH ALL PRIVILEGES", method="POST")
    (tmp_path / "password").write_text("wrong\n")
    (tmp_path / "password").chmod(0o600)
    telemetry = influx_1(server.url, username="root", password_file=tmp_path / "password")
    [problem] = texts(look(telemetry, tmp_path), Verdict.PROBLEM)
    assert "unauthorised" in problem


def test_a_database_that_is_not_there_is_named(tmp_path):
    [problem] = texts(look(influx_1(f"http://127.0.0.1:{free_port()}"), tmp_path), Verdict.PROBLEM)
    assert "cannot be reached" in problem
    assert "wait in the journal" in problem


def test_1_6_asked_as_if_it_were_2_is_named(influxdb, tmp_path):
    (tmp_path / "token").write_text("x")
    (tmp_path / "token").chmod(0o600)
    telemetry = TelemetrySettings(kind=StoreKind.INFLUXDB_2, url=influxdb.url, token_file=tmp_path / "token")
    [problem] = texts(look(telemetry, tmp_path), Verdict.PROBLEM)
    assert "misdirected" in problem


async def test_version_2_is_asked_in_its_own_way(tmp_path):
    """No InfluxDB 2 at hand: a stand-in that answers as its documentation says."""
    asked: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.method, request.path_qs, request.headers.get("Authorization", "")))
        if request.path == "/api/v2/buckets":
            rules = [{"type": "expire", "everySeconds": 2_592_000}]
            return web.json_response({"buckets": [{"name": "milepost", "retentionRules": rules}]})
        return web.Response(status=204, headers={"X-Influxdb-Version": "v2.7.11"})

    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    (tmp_path / "token").write_text("secret\n")
    telemetry = TelemetrySettings(
        kind=StoreKind.INFLUXDB_2, url=f"http://127.0.0.1:{port}", token_file=tmp_path / "token"
    )
    findings = await examine(GatewaySettings(telemetry=telemetry, data_dir=tmp_path), Extras())
    await runner.cleanup()
    assert ("POST", "/api/v2/write?bucket=milepost&org=milepost", "Token secret") in asked
    assert {authorization for _, _, authorization in asked} == {"Token secret"}
    assert "it keeps positions for 30 days" in texts(findings, Verdict.OK)


@pytest.mark.parametrize("kind", [StoreKind.EMBEDDED])
def test_the_embedded_store_needs_no_visit(tmp_path, kind):
    assert texts(look(TelemetrySettings(kind=kind), tmp_path), Verdict.OK) == [
        "the store is embedded in the gateway; see disk and files"
    ]
