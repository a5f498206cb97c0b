"""A message to a customer as a signed event: with the letter's id, so that it counts once."""

import msgspec

from gateway.adapters.webhooks.customer_message import WebhookChannel
from gateway.domain.letter import Fate, Report
from gateway.domain.message import Contact, MessageKind
from gateway.links.words import Language
from gateway.messages.about import About
from gateway.messages.write import Message
from gateway.sending.signing import write_body
from gateway.stages.customer_post import Outgoing
from tests.fixtures.messages import letter_about
from tests.fixtures.routes import START

LETTER = letter_about(About("main", "r1", "s1", MessageKind.NEXT))
URL = "https://x.example/t/a"


class Webhook:
    """Keeps the letters that it is to send."""

    def __init__(self):
        self.letters = []

    async def send(self, letter, now):
        self.letters.append(letter)
        return Report(Fate.DELIVERED, "200")


async def send(contact=Contact.PHONE, to="+358401234567", url=URL):
    webhook = Webhook()
    outgoing = Outgoing(contact, to, MessageKind.NEXT, Language.SPANISH, Message("Subject", "Text"), url)
    assert await WebhookChannel(webhook).send(LETTER, outgoing, START) == Report(Fate.DELIVERED, "200")
    (letter,) = webhook.letters
    return letter


async def test_it_says_to_whom_and_what():
    body = msgspec.json.decode(write_body(await send()))
    assert body["type"] == "customer.message"
    assert body["data"] == {
        "to": {"phone": "+358401234567"}, "kind": "next", "language": "es", "title": "Subject", "text": "Text",
        "url": URL, "seq": 1,
    }  # fmt: skip


async def test_it_keeps_the_id_of_its_letter():
    assert (await send()).id == LETTER.id


async def test_a_mail_without_a_link():
    data = msgspec.json.decode((await send(Contact.EMAIL, "a@b.example", None)).data)
    assert data["to"] == {"email": "a@b.example"}
    assert "url" not in data
