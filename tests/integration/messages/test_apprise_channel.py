"""The real Apprise against a receiver on this machine: what arrives, what is refused, and that nothing is told."""

import asyncio
import logging
import socket
import time
from contextlib import aclosing

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from gateway.adapters.apprise import channel as adapter
from gateway.adapters.apprise.channel import (
    BUSY,
    LOOK_AGAIN_MS,
    REFUSED,
    TIMED_OUT,
    AppriseChannel,
    AppriseOptions,
    BadAddress,
)
from gateway.domain.letter import Fate, Report
from gateway.domain.message import Contact, MessageKind
from gateway.links.words import Language
from gateway.messages.about import About
from gateway.messages.write import Message
from gateway.sending.standing import AT_ONCE
from gateway.stages.customer_post import Outgoing
from tests.fixtures.messages import letter_about
from tests.fixtures.routes import START
from tests.fixtures.waiting import eventually

SLOW = "json://127.0.0.1:{port}/sms/?rto=60&to="
"""Of a service that Apprise waits for longer than a test lasts."""

SECRET, NUMBER = "hunter2password", "+358401234567"
LETTER = letter_about(About("main", "r1", "s1", MessageKind.NEXT))


def outgoing(contact=Contact.PHONE, to=NUMBER):
    return Outgoing(contact, to, MessageKind.NEXT, Language.ENGLISH, Message("Subject", "Text & more <b>"), None)


class Receiver:
    """Keeps what came: (path, JSON); answers with `status`, after `delay_s` and when `hold` is set."""

    def __init__(self):
        self.came, self.status, self.delay_s, self.port = [], 200, 0.0, 0
        self.hold = None

    async def answer(self, request):
        self.came.append((request.raw_path, await request.json()))
        await asyncio.sleep(self.delay_s)
        if self.hold is not None:
            await self.hold.wait()
        return web.Response(status=self.status)


@pytest.fixture
async def receiver():
    receiver = Receiver()
    application = web.Application()
    application.router.add_route("*", "/{any:.*}", receiver.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    listener = socket.create_server(("127.0.0.1", 0))
    receiver.port = listener.getsockname()[1]
    await web.SockSite(runner, listener).start()
    yield receiver
    await runner.cleanup()


def channel(receiver, template="json://someone:{secret}@127.0.0.1:{port}/sms/", contact=Contact.PHONE, **options):
    address = template.format(secret=SECRET, port=receiver.port) + f"{{{contact}}}"
    return aclosing_channel(AppriseChannel(AppriseOptions(contact, address, **options)))


def aclosing_channel(made):
    made.aclose = made.close
    return aclosing(made)


async def test_a_message_arrives_at_the_number_of_its_recipient(receiver):
    async with channel(receiver) as sms:
        assert await sms.send(LETTER, outgoing(), START) == Report(Fate.DELIVERED)
    ((path, body),) = receiver.came
    assert path == "/sms/+358401234567"
    assert (body["title"], body["message"]) == ("", "Text & more <b>")


async def test_a_mail_has_its_subject(receiver):
    async with channel(receiver, contact=Contact.EMAIL) as mail:
        await mail.send(LETTER, outgoing(Contact.EMAIL, "a+b&c=d@example.org"), START)
    ((path, body),) = receiver.came
    assert path == "/sms/a+b&c=d@example.org"
    assert body["title"] == "Subject"


async def test_a_recipient_cannot_change_the_address(receiver):
    async with channel(receiver) as sms:
        await sms.send(LETTER, outgoing(to="1/../?x=1#y@evil.example"), START)
    assert receiver.came
    for path, _ in receiver.came:
        assert path.startswith("/sms/")
        assert "?x=1" not in path


@pytest.mark.parametrize("status", [400, 500, 503])
async def test_what_the_service_refuses_failed(receiver, status):
    receiver.status = status
    async with channel(receiver) as sms:
        assert await sms.send(LETTER, outgoing(), START) == Report(Fate.FAILED, REFUSED)


async def test_a_service_that_is_not_there_failed(receiver):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        receiver.port = unused.getsockname()[1]
    async with channel(receiver) as sms:
        assert (await sms.send(LETTER, outgoing(), START)).fate is Fate.FAILED


async def test_a_service_that_hangs_holds_nobody_up(receiver):
    receiver.delay_s = 2.0
    async with channel(receiver, timeout_s=0.2) as sms:
        began = time.monotonic()
        reports = await asyncio.gather(*(sms.send(LETTER, outgoing(), START) for _ in range(20)))
        assert time.monotonic() - began < 1.5
    assert set(reports) == {Report(Fate.FAILED, TIMED_OUT)}


async def test_a_service_that_lets_no_thread_go_costs_no_attempt_and_is_told_once(receiver, monkeypatch):
    monkeypatch.setattr(adapter, "THREADS", 2)
    receiver.hold = asyncio.Event()
    held = Report(Fate.HELD, BUSY, START + LOOK_AGAIN_MS)
    with capture_logs() as told:
        async with channel(receiver, template=SLOW, timeout_s=0.2) as sms:
            reports = await asyncio.gather(*(sms.send(LETTER, outgoing(), START) for _ in range(4)))
            assert reports == [Report(Fate.FAILED, TIMED_OUT)] * 2 + [held] * 2
            assert await sms.send(LETTER, outgoing(), START) == held
            assert len(told) == 1
            receiver.hold.set()

            async def arrives():
                return await sms.send(LETTER, outgoing(), START) == Report(Fate.DELIVERED)

            await eventually(arrives)
    assert "lets no thread go" in told[0]["event"]


async def test_those_that_a_service_does_not_let_go_keep_nobody_from_sending(receiver):
    """As many as go out at once are stuck and given up; the service is well again for the next."""
    stuck = receiver.hold = asyncio.Event()
    async with channel(receiver, template=SLOW) as sms:
        given_up = [asyncio.create_task(sms.send(LETTER, outgoing(), START)) for _ in range(AT_ONCE)]
        await eventually(lambda: len(receiver.came) == AT_ONCE)
        for each in given_up:
            each.cancel()
        receiver.hold = None
        assert await sms.send(LETTER, outgoing(), START) == Report(Fate.DELIVERED)
        stuck.set()


@pytest.mark.parametrize("status", [200, 500])
async def test_neither_secret_nor_number_is_logged(receiver, caplog, status):
    receiver.status = status
    caplog.set_level(logging.DEBUG)
    with capture_logs() as ours:
        async with channel(receiver) as sms:
            report = await sms.send(LETTER, outgoing(), START)
            shown = repr(sms._options)
        with pytest.raises(BadAddress) as refused:
            AppriseChannel(AppriseOptions(Contact.PHONE, f"nosuch://{SECRET}@x/{{phone}}"))
    told = caplog.text + repr(ours) + repr(report) + shown + repr(refused.value)
    assert SECRET not in told
    assert "358401234567" not in told


@pytest.mark.parametrize(
    ("address", "contact"),
    [("json://127.0.0.1/sms", Contact.PHONE), ("json://127.0.0.1/{email}", Contact.PHONE),
     ("none {phone}", Contact.PHONE),
     ("nosuch://x/{phone}", Contact.PHONE), ("{phone}", Contact.PHONE), ("json://127.0.0.1/{phone}", Contact.EMAIL)],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_refused_at_the_start(address, contact):
    with pytest.raises(BadAddress):
        AppriseChannel(AppriseOptions(contact, address))
