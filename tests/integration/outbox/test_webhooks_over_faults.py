"""Webhooks over a real socket to a receiver that fails: what is sent, when again, and what is never done."""

import asyncio
import ssl
import time
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest
from standardwebhooks import Webhook as Verifier

from gateway.adapters.webhooks import WebhookOptions, WebhookPost
from gateway.domain.letter import LetterState
from gateway.sending.secrets import write_secret
from gateway.stages.posting import Posting
from tests.fixtures.api import StoppedClock
from tests.fixtures.faulty_receiver import Fault
from tests.fixtures.letters import HOOK, KEY, LOCAL, OLD_KEY, draft
from tests.fixtures.waiting import eventually

A, B = draft("a"), draft("b")
ELSEWHERE = draft("elsewhere", lane="main/r1/s2")


class Sending:
    """A posting from a real outbox over a real socket, and the time that it sees."""

    def __init__(self, rig):
        self.rig = rig
        self.clock = StoppedClock()
        self.clock.now = time.time_ns() // 1_000_000
        self.posting = None

    @asynccontextmanager
    async def to(self, url, **options):
        """Send to an address until the end of the block."""
        given = {"keys": (KEY, OLD_KEY), "allowed": LOCAL, "timeout_s": 5.0} | options
        post = WebhookPost(WebhookOptions("erp", url, **given))
        self.posting = Posting(self.rig.outbox, {HOOK: post}, self.clock)
        task = asyncio.create_task(self.posting.run())
        async with AsyncExitStack() as closing:
            closing.push_async_callback(post.close)
            yield self
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def put(self, *drafts):
        await self.rig.put(*drafts, now=self.clock.now)
        self.posting.poke()

    async def fails(self, letter):
        """Wait for the letter's first failure; return what it is told to be."""
        await eventually(self.posting.counts.fates.total, "an attempt")
        return (await self.rig.kept(letter.id)).detail

    def wait(self, seconds):
        self.clock.now += seconds * 1000
        self.posting.poke()

    async def arrives(self, letter):
        async def has():
            return (await self.rig.kept(letter.id)).state == LetterState.DELIVERED

        await eventually(has, "its arrival")


@pytest.fixture
def sending(outbox_rig):
    return Sending(outbox_rig)


def verify(webhook, key=KEY):
    return Verifier(write_secret(key)).verify(webhook.body, webhook.headers)


async def test_what_arrives_is_signed_with_both_secrets(sending, faulty_receiver):
    async with sending.to(faulty_receiver.url):
        await sending.put(A, B)
        await sending.arrives(B)
    first, second = faulty_receiver.came
    assert verify(first) == verify(first, OLD_KEY)
    assert verify(first)["data"] == {"stop": "s1", "seq": 1}
    assert verify(second)["data"]["seq"] == 2
    assert first.headers["content-type"] == "application/json"
    assert first.headers["host"] == f"127.0.0.1:{faulty_receiver.port}"
    assert faulty_receiver.connections == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault.BROKEN, "500 Internal Server Error"),
        (Fault.MOVED, "302 Found"),
        (Fault.SILENT, "timed_out"),
        (Fault.CUT, "cut_off: ServerDisconnectedError"),
        (Fault.NO_HTTP, "no_http"),
    ],
)
async def test_what_fails_comes_again_the_same_and_in_order(sending, faulty_receiver, fault, told):
    faulty_receiver.faults.append(fault)
    faulty_receiver.headers["Location"] = faulty_receiver.url
    async with sending.to(faulty_receiver.url, timeout_s=0.3 if fault is Fault.SILENT else 5.0):
        await sending.put(A, B)
        assert (await sending.fails(A)).startswith(told)
        sending.wait(4)
        sending.wait(2)
        await sending.arrives(B)
    first, again, last = faulty_receiver.came
    assert (first.id, again.id, last.id) == (A.id, A.id, B.id)
    assert first.body == again.body
    assert verify(first) == verify(again)


async def test_too_many_requests_hold_all_lanes_for_as_long_as_asked(sending, faulty_receiver):
    faulty_receiver.faults.append(Fault.BUSY)
    faulty_receiver.headers["Retry-After"] = "120"
    async with sending.to(faulty_receiver.url):
        await sending.put(A)
        await sending.fails(A)
        await sending.put(ELSEWHERE)
        sending.wait(119)
        assert await sending.rig.due(sending.clock.now) == []
        assert len(faulty_receiver.came) == 1
        sending.wait(1)
        await sending.arrives(A)
        await sending.arrives(ELSEWHERE)


async def test_gone_is_the_end(sending, faulty_receiver):
    faulty_receiver.faults.append(Fault.GONE)
    async with sending.to(faulty_receiver.url):
        await sending.put(A, B)
        await sending.fails(A)
        sending.wait(100_000)
        assert await sending.rig.desk.counts() == {"dead": 2}
    assert len(faulty_receiver.came) == 1


async def test_an_endless_answer_is_cut_and_its_status_counts(sending, faulty_receiver):
    faulty_receiver.faults.append(Fault.ENDLESS)
    async with sending.to(faulty_receiver.url):
        await sending.put(A, B)
        await sending.arrives(B)
    assert faulty_receiver.connections == 2
    assert faulty_receiver.sent_bytes < 16 * 1024 * 1024


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_a_private_address_is_never_connected_to(sending, faulty_receiver, host):
    async with sending.to(f"http://{host}:{faulty_receiver.port}/", allowed=()):
        await sending.put(A)
        assert (await sending.fails(A)).startswith("forbidden_address: ")
    assert faulty_receiver.connections == 0


async def test_a_name_keeps_its_host(sending, faulty_receiver):
    async with sending.to(f"http://localhost:{faulty_receiver.port}/"):
        await sending.put(A)
        await sending.arrives(A)
    assert faulty_receiver.came[0].headers["host"] == f"localhost:{faulty_receiver.port}"


async def test_an_address_in_the_old_ways_of_writing_is_no_way_round(sending, faulty_receiver):
    async with sending.to(f"http://2130706433:{faulty_receiver.port}/", allowed=()):
        await sending.put(A)
        await sending.fails(A)
    assert faulty_receiver.connections == 0


async def test_proxies_and_cookies_have_no_part(sending, faulty_receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    faulty_receiver.headers["Set-Cookie"] = "session=1"
    async with sending.to(faulty_receiver.url):
        await sending.put(A, B)
        await sending.arrives(B)
    assert all("cookie" not in webhook.headers for webhook in faulty_receiver.came)


async def test_an_unknown_host_and_a_closed_port_are_told_apart(sending, faulty_receiver):
    await faulty_receiver.stop()
    async with sending.to(faulty_receiver.url):
        await sending.put(A)
        assert await sending.fails(A) == "unreachable: Connection refused"
    async with sending.to("http://no-such-host.invalid/"):
        await sending.put(draft("c", lane="c"))
        sending.wait(6)
        await eventually(lambda: sending.posting.counts.fates["failed"])
        assert (await sending.rig.outbox.standing(HOOK)).detail.startswith("unknown_host")


async def test_a_certificate_that_nobody_vouches_for_is_refused_after_naming_the_host(
    sending, faulty_receiver, authority
):
    named = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("receiver"))
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    await faulty_receiver.stop()
    await faulty_receiver.start(context)
    async with sending.to(f"https://localhost:{faulty_receiver.port}/"):
        await sending.put(A)
        told = await sending.fails(A)
        assert told.startswith("bad_certificate: certificate verify failed: ")
        assert told.endswith("; renew it, or let this machine trust who issued it")
    assert named[0] == "localhost"
    assert faulty_receiver.came == []


async def test_a_receiver_without_tls_is_told_as_that(sending):
    async def answer_in_clear(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer_in_clear, "127.0.0.1", 0)
    async with server, sending.to(f"https://localhost:{server.sockets[0].getsockname()[1]}/"):
        await sending.put(A)
        assert (await sending.fails(A)).startswith("unreachable: TLS: ")


async def test_no_secret_and_no_address_is_logged(sending, faulty_receiver, capsys):
    faulty_receiver.faults += [Fault.BROKEN, Fault.GONE]
    async with sending.to(faulty_receiver.url):
        await sending.put(A)
        await sending.fails(A)
        sending.wait(6)
        await eventually(lambda: sending.posting.counts.fates["gone"])
    logged = "".join(capsys.readouterr())
    assert "tried again" in logged
    assert "part-of-the-address" not in logged
    assert write_secret(KEY) not in logged + repr(WebhookOptions("erp", faulty_receiver.url, (KEY,)))
