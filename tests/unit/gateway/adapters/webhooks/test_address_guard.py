"""Which addresses may be spoken to."""

from ipaddress import ip_address, ip_network

import pytest

from gateway.adapters.webhooks.guard import (
    ForbiddenAddress,
    GuardedResolver,
    permitted,
    require_permitted_literal,
)


@pytest.mark.parametrize("text", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "64:ff9b::101:101", "::ffff:1.1.1.1"])
def test_public_addresses_are_permitted(text):
    assert permitted(ip_address(text), ())


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:0:0:0:0:80ff:fffe",
        "0.1.2.3",
        "100.127.255.255",
        "192.0.0.1",
        "192.0.0.8",
        "192.88.99.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "239.255.255.250",
        "240.0.0.1",
        "::7f00:1",
        "::ffff:100.64.0.1",
        "::ffff:192.0.0.8",
        "64:ff9b::a01:203",
        "64:ff9b::c0a8:101",
        "64:ff9b::6440:1",
        "64:ff9b:1::a01:203",
        "2002:a01:203::1",
        "2002:c0a8:101::1",
        "2002:a9fe:a9fe::",
        "2001:0:5db8:d822:0:0:f5fe:fdfc",
        "2001:0:5db8:d822:0:0:3f57:fefe",
        "2001:db8::1",
        "100::1",
        "fec0::1",
        "feff::1",
        "ff0e::1",
    ],
)
def test_all_others_are_not_whichever_way_they_are_written(text):
    assert not permitted(ip_address(text), ())


def test_the_operator_can_allow_a_network_and_no_more():
    allowed = (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert permitted(ip_address("10.1.2.3"), allowed)
    assert permitted(ip_address("::ffff:10.1.2.3"), allowed)
    assert permitted(ip_address("fd00::1"), allowed)
    assert not permitted(ip_address("10.2.0.1"), allowed)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "fe80::1%eth0", "::ffff:169.254.169.254"])
def test_a_host_that_is_an_address_is_looked_at_itself(host):
    with pytest.raises(ForbiddenAddress):
        require_permitted_literal(host, ())


def test_a_name_is_left_to_the_resolver():
    require_permitted_literal("erp.example.org", ())


class Names:
    """Answers each question with the next of its answers."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host, port=0, family=0):
        self.asked += 1
        return [{"hostname": host, "host": each, "port": port} for each in self.answers.pop(0)]


async def test_only_the_permitted_addresses_of_a_name_are_returned():
    found = await GuardedResolver((), Names(["127.0.0.1", "1.1.1.1", "::1"])).resolve("erp.example.org", 443)
    assert [each["host"] for each in found] == ["1.1.1.1"]


async def test_a_name_with_no_other_addresses_is_refused():
    with pytest.raises(ForbiddenAddress, match=r"169\.254\.169\.254"):
        await GuardedResolver((), Names(["169.254.169.254", "fe80::1%2"])).resolve("erp.example.org", 443)
