"""Which port the server takes, and what it says if there is none."""

import resource
import socket
import subprocess
import sys

import pytest

from gateway.http.server import MAX_CONNECTIONS, OTHER_FILES, PortTaken, bind
from tests.fixtures.require import ROOT, free_port


def listener(port):
    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


def test_the_wanted_port_if_it_is_free():
    port = free_port()
    with bind("127.0.0.1", port, 0) as bound:
        assert bound.getsockname()[1] == port


def test_a_taken_port_is_said_with_what_to_do():
    port = free_port()
    with listener(port), pytest.raises(PortTaken, match=rf"{port}.*\[http\]"):
        bind("127.0.0.1", port, 0)


def test_the_next_free_one_if_a_search_is_allowed():
    port = free_port()
    with listener(port), bind("127.0.0.1", port, 20) as bound:
        assert port < bound.getsockname()[1] <= port + 20


def test_an_address_that_is_not_ours():
    with pytest.raises(PortTaken, match=r"cannot listen on 203\.0\.113\.1"):
        bind("203.0.113.1", free_port(), 5)


def test_there_is_room_for_all_connections_where_the_system_allows_it():
    code = "import resource; from gateway.http.server import make_room; make_room(); "
    code += "print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    limited = f"ulimit -Sn 256; exec {sys.executable} -c '{code}'"
    shown = subprocess.run(["sh", "-c", limited], cwd=ROOT, capture_output=True, text=True, check=True)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert int(shown.stdout) == min(MAX_CONNECTIONS + OTHER_FILES, hard)
