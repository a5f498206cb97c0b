"""`milepost dashboards`, against a stand-in for Grafana's one end point."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import typer
from typer.testing import CliRunner

from dashboards.build import BUILT, DASHBOARDS
from milepost.commands import dashboards
from milepost.errors import CommandError

TOKEN = "glsa_test"


class StandIn(BaseHTTPRequestHandler):
    """Stores what it is sent, as Grafana's POST /api/dashboards/db answers."""

    def do_POST(self) -> None:
        order = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/grafana/api/dashboards/db":
            self.answer(404, {"message": "Not found"})
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401, {"message": "Invalid API key"})
        else:
            self.server.orders.append(order)
            self.answer(200, {"status": "success", "url": f"/d/{order['dashboard']['uid']}/x"})

    def answer(self, status: int, body: dict) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def grafana():
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.orders = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def push(grafana, tmp_path):
    app = typer.Typer()
    dashboards.register(app)

    def run(token: str = f"{TOKEN}\n", path: str = "/grafana/", *more: str) -> str:
        (tmp_path / "token").write_text(token)
        address = f"http://127.0.0.1:{grafana.server_port}{path}"
        arguments = ["dashboards", "push", "--url", address, "--token-file", str(tmp_path / "token"), *more]
        result = CliRunner().invoke(app, arguments)
        if result.exception is not None:
            raise result.exception
        return result.output

    return run


def test_push_sends_every_dashboard_and_prints_where_it_is(push, grafana):
    printed = push()
    assert [order["dashboard"]["uid"] for order in grafana.orders] == ["milepost-fleet"]
    assert grafana.orders[0]["overwrite"] is True
    assert grafana.orders[0]["dashboard"]["id"] is None
    assert "folderUid" not in grafana.orders[0]
    assert f":{grafana.server_port}/grafana/d/milepost-fleet/x" in printed


def test_push_into_a_folder(push, grafana):
    push(f"{TOKEN}\n", "/grafana", "--folder", "ops")
    assert grafana.orders[0]["folderUid"] == "ops"


@pytest.mark.parametrize(
    ("token", "path", "words"),
    [
        ("wrong", "/grafana", "401 .*Invalid API key"),
        (TOKEN, "/elsewhere", "404 .*Not found"),
        ("", "/grafana", "one token alone"),
        ("two words", "/grafana", "one token alone"),
    ],
)
def test_a_refusal_is_one_clear_line(push, grafana, token, path, words):
    with pytest.raises(CommandError, match=words):
        push(token, path)
    assert grafana.orders == []


def test_a_grafana_that_is_not_there_is_named(push, grafana):
    grafana.shutdown()
    grafana.server_close()
    with pytest.raises(CommandError, match="cannot reach Grafana at http://127"):
        push()


def test_build_writes_the_committed_files(tmp_path):
    app = typer.Typer()
    dashboards.register(app)
    result = CliRunner().invoke(app, ["dashboards", "build", "--out", str(tmp_path / "new")])
    assert result.exit_code == 0
    for name in DASHBOARDS:
        assert (tmp_path / "new" / name).read_text() == (BUILT / name).read_text()
