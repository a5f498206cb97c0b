"""The demo's integrator: keeps every event, and says those of one customer."""

import socket
import stat
from ipaddress import ip_network

import msgspec
import pytest

from gateway.adapters.webhooks import WebhookOptions, WebhookPost
from gateway.domain.letter import WEBHOOK, Fate, Letter
from gateway.sending.secrets import parse_secret
from gateway.settings import read_secret
from milepost.demo.options import free_port
from milepost.demo.receiver import receiving
from tests.fixtures.require import free_port as any_port

NOW = 1_773_122_400_000
"""A day of the demo, whatever day it is."""


def letter(stop, number):
    data = msgspec.json.encode({"route": "1124-01", "stop": stop, "order": f"o{number}"})
    return Letter(f"id-{number}", WEBHOOK + "demo", "lane", number, "stop.arrived", NOW, data, None, NOW, 0)


async def sent(settings, *letters):
    key = parse_secret(read_secret(settings.secret_file))
    allowed = tuple(ip_network(network) for network in settings.allow)
    post = WebhookPost(WebhookOptions(settings.name, settings.url, (key,), allowed))
    try:
        return [(await post.send(each, NOW)).fate for each in letters]
    finally:
        await post.close()


async def test_it_keeps_all_and_says_those_that_are_shown(tmp_path):
    said: list[str] = []
    with receiving(tmp_path, lambda: NOW, said.append) as receiver:
        receiver.shown = lambda line: "stop=s2 " in line
        fates = await sent(receiver.settings, letter("s1", 1), letter("s2", 2))
    assert fates == [Fate.DELIVERED, Fate.DELIVERED]
    kept = receiver.log.read_text().splitlines()
    assert [("s1" in line, "s2" in line) for line in kept] == [(True, False), (False, True)]
    assert len(said) == 1
    assert said == ["webhook 06:00:00  stop.arrived  order=o2"]


async def test_the_secret_is_its_owners_and_stays(tmp_path):
    with receiving(tmp_path, lambda: NOW, print) as receiver:
        secret = receiver.settings.secret_file
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        before = secret.read_text()
    with receiving(tmp_path, lambda: NOW, print):
        assert secret.read_text() == before


@pytest.mark.parametrize("taken", [True, False])
def test_links_are_made_for_a_port_that_is_free(taken):
    port = any_port()
    with socket.socket() as other:
        if taken:
            other.bind(("127.0.0.1", port))
            other.listen()
        assert (free_port(port) == port) is not taken
