"""Messages to customers through a webhook: for whoever has a sender of SMS or mails of their own."""

import msgspec

from gateway.domain.letter import Letter, Report
from gateway.ports import Post
from gateway.stages.customer_post import Outgoing

KIND = "customer.message"


class _Data(msgspec.Struct, omit_defaults=True):
    to: dict[str, str]
    kind: str
    language: str
    title: str
    text: str
    url: str | None = None


class WebhookChannel:
    """Hands messages to a webhook as signed events, with the letter's own id; satisfies `customer_post.Channel`."""

    def __init__(self, post: Post) -> None:
        """Take what sends to the webhook."""
        self._post = post

    async def send(self, letter: Letter, outgoing: Outgoing, now: int) -> Report:
        """Try once. Never raises; takes as long as the webhook may."""
        data = _Data(
            to={outgoing.contact: outgoing.to},
            kind=outgoing.kind,
            language=outgoing.language,
            title=outgoing.message.title,
            text=outgoing.message.text,
            url=outgoing.url,
        )
        return await self._post.send(letter._replace(kind=KIND, data=msgspec.json.encode(data)), now)
