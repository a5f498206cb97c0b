"""`milepost doctor` at a gateway behind the real Caddy with its own authority."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from gateway.doctor.measurements import Plain, Reach
from gateway.doctor.probes import web
from tests.fixtures.gateway import Gateway
from tests.fixtures.require import ROOT, free_port


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    running = Gateway(tmp_path_factory.mktemp("looked-at"), free_port())
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.fixture(scope="module")
def caddy(make_caddy, gateway):
    return make_caddy(gateway.port).start()


@pytest.fixture
def trusting(caddy, monkeypatch):
    """Let this process trust the proxy's authority, as the machine's own would be."""
    monkeypatch.setenv("SSL_CERT_FILE", str(caddy.authority))


@pytest.mark.usefixtures("trusting")
def test_this_gateway_is_found_behind_its_proxy(caddy, gateway):
    answer = web.ask(caddy.url)
    assert (answer.reach, answer.detail) == (Reach.ANSWERED, "200")
    assert answer.instance == web.instance_here(gateway.directory / "data")
    assert 0 < answer.certificate.left_s <= answer.certificate.whole_s


def test_a_certificate_that_nobody_knows_is_not_trusted(caddy):
    answer = web.ask(caddy.url)
    assert answer.reach is Reach.NOT_TRUSTED
    assert "certificate" in answer.detail


@pytest.mark.usefixtures("trusting")
def test_a_certificate_of_another_name_is_not_trusted(caddy):
    answer = web.ask(f"https://127.0.0.1:{caddy.port}")
    assert answer.reach in {Reach.NOT_TRUSTED, Reach.NO_TLS}  # Caddy has none for that name, and says so


@pytest.mark.usefixtures("trusting")
def test_a_proxy_without_its_gateway_answers_for_nobody(make_caddy, monkeypatch):
    alone = make_caddy(free_port()).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(alone.authority))
    answer = web.ask(alone.url)
    assert (answer.reach, answer.detail, answer.instance) == (Reach.ANSWERED, "502", None)


def test_plain_http_is_followed_as_far_as_its_redirection(caddy, gateway):
    assert web.ask_plainly(caddy.url, caddy.plain_port) is Plain.REDIRECTED
    assert web.ask_plainly(caddy.url, gateway.port) is Plain.SERVED
    assert web.ask_plainly(caddy.url, free_port()) is Plain.CLOSED
    assert web.ask_plainly(caddy.url) is Plain.NOT_KNOWN


def test_what_does_not_speak_tls_or_http_is_named(gateway):
    assert web.ask(f"https://localhost:{gateway.port}").reach is Reach.NO_TLS
    assert web.ask(f"https://localhost:{free_port()}").reach is Reach.UNREACHABLE
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        threading.Thread(target=_say_nonsense, args=(server,), daemon=True).start()
        assert web.ask(f"http://127.0.0.1:{server.getsockname()[1]}").reach is Reach.UNREACHABLE


def test_the_command_says_it(caddy, gateway):
    settings = gateway.directory / "doctor.toml"
    text = (gateway.directory / "gateway.toml").read_text()
    settings.write_text(text.replace("[http]", f'[http]\npublic_url = "{caddy.url}"'))
    command = [sys.executable, "-m", "milepost", "doctor", "--json", "--config", str(settings)]
    environment = {**os.environ, "SSL_CERT_FILE": str(caddy.authority)}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    of_web = [finding for finding in json.loads(said.stdout)["findings"] if finding["area"] == "web"]
    assert [finding["verdict"] for finding in of_web] == ["ok", "ok", "unknown"]
    assert f"{caddy.url} leads to this gateway" in of_web[1]["meaning"]


def _say_nonsense(server):
    connection, _ = server.accept()
    connection.recv(4096)
    connection.sendall(b"220 mail ready\r\n")
    connection.close()
