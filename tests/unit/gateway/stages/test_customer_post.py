"""The way out to customers: who it is, whether they want it and whether it is true is looked up when it is sent."""

import asyncio
from dataclasses import dataclass, field

import pytest

from gateway.domain.letter import Fate, Report
from gateway.domain.message import Consent, Contact, MessageKind
from gateway.domain.stop import Execution, FailureReason, LeftWith, Teller
from gateway.execution.view import TapShown
from gateway.messages.about import About
from gateway.planning.details import StopDetails
from gateway.ports import OperationsAway, StateUnavailable
from gateway.stages.customer_post import (
    AWAY,
    LOOK_AGAIN_MS,
    NEXT_TO_ASK_MS,
    CustomerPost,
    Door,
    NoChannels,
    Sources,
    Style,
)
from tests.fixtures.messages import letter_about, some_rules, true_stop
from tests.fixtures.routes import MINUTE, START
from tests.fixtures.shown import a_route
from tests.fixtures.waiting import eventually

ANN = StopDetails(stop="s1", order="ORD-1", recipient="Ann", phone="+358401234567", notify=True, language="es")
BOB = StopDetails(stop="s2", order="ORD-2", recipient="Bob", email="bob@example.org", notify=True)
NEXT = letter_about(About("main", "r1", "s1", MessageKind.NEXT))


@dataclass
class World:
    """Doors, links, opt-outs and a channel, in memory."""

    details: dict[str, StopDetails] = field(default_factory=lambda: {"s1": ANN, "s2": BOB})
    opted_out_contacts: set[str] = field(default_factory=set)
    public: bool = True
    away: Exception | None = None
    sms_answers: asyncio.Event | None = None
    answer: Report = field(default_factory=lambda: Report(Fate.DELIVERED, "200"))
    sent: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    shown: dict = field(default_factory=dict)

    async def find(self, key, stop, now):
        if self.away is not None:
            raise self.away
        if key.route != "r1" or stop not in self.details:
            return Door()
        shown = self.shown.get(stop) or true_stop(MessageKind.NEXT, stop=stop, order=f"ORD-{stop[1]}")
        return Door(a_route(), shown, self.details[stop])

    async def url(self, fleet, order):
        return f"https://x.example/t/{order}" if self.public else None

    async def opted_out(self, fleet, contacts):
        self.asked.append((fleet, tuple(contacts)))
        return bool(self.opted_out_contacts & set(contacts))

    async def send(self, letter, outgoing, now):
        self.sent.append((letter, outgoing))
        if outgoing.contact is Contact.PHONE and self.sms_answers is not None:
            await self.sms_answers.wait()
        return self.answer

    def post(self, **rules):
        sources = Sources(doors=self, links=self, opt_outs=self)
        return CustomerPost(sources, {"sms": self, "mail": self}, some_rules(**rules), Style("Acme", "en"))


@pytest.fixture
def world():
    return World()


async def test_a_message_goes_to_its_recipient_in_their_language(world):
    assert await world.post().send(NEXT, START) == Report(Fate.DELIVERED, "200")
    ((letter, sent),) = world.sent
    assert letter == NEXT
    assert (sent.contact, sent.to, sent.kind, sent.language) == (Contact.PHONE, "+358401234567", MessageKind.NEXT, "es")
    assert sent.message.text.startswith("Acme: Su entrega es la siguiente")
    assert sent.message.text.endswith("https://x.example/t/ORD-1")
    assert world.asked == [("main", ("+358401234567",))]


async def test_without_a_public_address_it_goes_without_a_link(world):
    world.public = False
    await world.post().send(NEXT, START)
    assert "http" not in world.sent[0][1].message.text


async def test_nobody_gets_anything_of_another_stop(world):
    for stop in ("s1", "s2"):
        await world.post().send(letter_about(About("main", "r1", stop, MessageKind.NEXT)), START)
    told = [repr(sent) for _, sent in world.sent]
    assert all(word not in told[0] for word in ("Bob", "bob@", "ORD-2"))
    assert all(word not in told[1] for word in ("Ann", "358401234567", "ORD-1"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda world: world.opted_out_contacts.add("+358401234567"), "opted_out"),
        (lambda world: world.details.update(s1=StopDetails(stop="s1", order="ORD-1")), "nobody"),
        (lambda world: world.details.pop("s1"), "unknown_stop"),
        (lambda world: world.shown.update(s1=true_stop(MessageKind.NEXT, execution=Execution.ARRIVED)), "superseded"),
    ],
)
async def test_what_changed_since_the_letter_was_written_counts(world, change, reason):
    change(world)
    assert await world.post(consent=Consent.ASSUMED).send(NEXT, START) == Report(Fate.DROPPED, reason)
    assert world.sent == []


@pytest.mark.parametrize(
    ("kind", "stands", "told"),
    [
        (MessageKind.DELIVERED, {"left_with": LeftWith.SAFE_PLACE}, "a las 12:20, en un lugar seguro"),
        (
            MessageKind.FAILED,
            {"failure": FailureReason.CLOSED},
            "A las 12:20 no hemos podido entregar: estaba cerrado.",
        ),
    ],
)
async def test_the_word_that_stands_is_told_and_not_the_one_that_was_taken_back(world, kind, stands, told):
    """First "to a neighbour" or "nobody was there" at 08:59, taken back, and said anew at 12:20."""
    tap = TapShown(time=START + 260 * MINUTE, by=Teller.DRIVER)
    world.shown["s1"] = true_stop(kind, tap=tap, **stands)
    await world.post().send(letter_about(About("main", "r1", "s1", kind)), START + 300 * MINUTE)
    assert told in world.sent[0][1].message.text


@pytest.mark.parametrize("away", [OperationsAway("locked"), StateUnavailable("locked")])
async def test_what_cannot_be_looked_up_waits_and_costs_no_attempt(world, away):
    world.away = away
    assert await world.post().send(NEXT, START) == Report(Fate.HELD, AWAY, START + LOOK_AGAIN_MS)


@pytest.mark.parametrize("answer", [Report(Fate.FAILED, "500"), Report(Fate.DELIVERED, "204")])
async def test_what_becomes_of_it_is_the_channels_word(world, answer):
    world.answer = answer
    assert await world.post().send(NEXT, START) == answer


async def test_a_channel_that_wants_fewer_holds_up_its_own_letters_alone_and_costs_none_an_attempt(world):
    """Ann is reached by SMS, Bob by mail; it is the sender of SMS that is asked too much."""
    post, until = world.post(), START + 5 * MINUTE
    world.answer = Report(Fate.THROTTLED, "429 Too Many Requests", until)
    held = Report(Fate.HELD, "sms: 429 Too Many Requests", until)
    assert await post.send(NEXT, START) == held
    world.answer = Report(Fate.DELIVERED)
    assert await post.send(letter_about(About("main", "r1", "s2", MessageKind.NEXT)), START) == Report(Fate.DELIVERED)
    assert await post.send(NEXT, until - 1) == held
    assert [sent.to for _, sent in world.sent] == ["+358401234567", "bob@example.org"]
    assert await post.send(NEXT, until) == Report(Fate.DELIVERED)


async def test_a_channel_that_fails_is_asked_by_one_at_a_time_and_leaves_the_others_free(world):
    post, mail = world.post(), letter_about(About("main", "r1", "s2", MessageKind.NEXT))
    world.answer = Report(Fate.FAILED, "timed_out")
    assert await post.send(NEXT, START) == world.answer
    world.answer, world.sms_answers = Report(Fate.DELIVERED), asyncio.Event()
    asking = asyncio.create_task(post.send(NEXT, START))
    await eventually(lambda: len(world.sent) == 2)
    assert await post.send(NEXT, START) == Report(Fate.HELD, "sms: timed_out", START + NEXT_TO_ASK_MS)
    assert await post.send(mail, START) == Report(Fate.DELIVERED)
    world.sms_answers.set()
    assert await asking == Report(Fate.DELIVERED)
    world.sms_answers.clear()
    both = [asyncio.create_task(post.send(NEXT, START)) for _ in range(2)]
    await eventually(lambda: len(world.sent) == 5)
    world.sms_answers.set()
    assert await asyncio.gather(*both) == [Report(Fate.DELIVERED)] * 2


async def test_what_would_be_too_late_when_its_channel_takes_more_is_dropped_and_says_why(world):
    world.answer = Report(Fate.THROTTLED, "429 Too Many Requests", START + 5 * MINUTE)
    post, ending = world.post(), NEXT._replace(expires=START + 5 * MINUTE)
    for now in (START, START + 1):
        assert await post.send(ending, now) == Report(Fate.DROPPED, "expired, sms: 429 Too Many Requests")
    assert len(world.sent) == 1


async def test_a_channel_that_wants_fewer_and_does_not_say_until_when_is_asked_again_soon(world):
    world.answer = Report(Fate.THROTTLED, "502 Bad Gateway")
    report = await world.post().send(NEXT, START)
    assert report == Report(Fate.HELD, "sms: 502 Bad Gateway", START + LOOK_AGAIN_MS)


async def test_a_channel_that_wants_nothing_more_does_not_switch_off_the_others(world):
    world.answer = Report(Fate.GONE, "410 Gone")
    assert await world.post().send(NEXT, START) == Report(Fate.FAILED, "410 Gone")


async def test_a_letter_that_says_nothing_is_dropped(world):
    assert await world.post().send(NEXT._replace(data=b"{}"), START) == Report(Fate.DROPPED, "unreadable")


async def test_no_report_names_a_person(world):
    world.opted_out_contacts.add("+358401234567")
    report = await world.post().send(NEXT, START)
    assert not any(word in repr(report) for word in ("Ann", "358"))


async def test_without_channels_what_waits_ends_with_that_reason():
    assert await NoChannels().send(NEXT, START) == Report(Fate.DROPPED, "no_channels")
