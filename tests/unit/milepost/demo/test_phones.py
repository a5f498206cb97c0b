"""The demo's phones speak the words of the drivers' page."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from aiohttp import web

from gateway.domain.stop import FailureReason, LeftWith, Said
from gateway.driving.taps import Result, TapBatch, TapOutcome, TapsTaken, read_taps
from milepost.demo.office import Refused
from milepost.demo.phones import Phones, phones
from milepost.demo.taps import Word

NOW = 1_773_122_400_000


class Desk:
    """Reads taps as the gateway does, and answers as it is told."""

    def __init__(self) -> None:
        self.read: list[object] = []
        self.headers: list[object] = []
        self.outcome = TapOutcome.TAKEN
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        self.headers.append(request.headers.get("Authorization"))
        batch = msgspec.json.decode(await request.read(), type=TapBatch)
        self.read += read_taps(batch, NOW)
        taken = TapsTaken(NOW, [Result("x", self.outcome) for _ in batch.taps])
        return web.Response(body=msgspec.json.encode(taken), status=self.status)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def switched_on(desk: Desk) -> AsyncIterator[Phones]:
    app = web.Application()
    app.router.add_post("/driver/secret/taps", desk.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with phones({"r1": f"http://127.0.0.1:{runner.addresses[0][1]}/driver/secret"}) as opened:
        yield opened
    await runner.cleanup()


FAILED = Word(1.0, "s7", Said.FAILED, reason=FailureReason.ABSENT)
DONE = Word(2.0, "s8", Said.SUCCEEDED, left_with=LeftWith.NEIGHBOUR)


async def test_a_batch_of_taps_is_what_the_gateway_reads(desk, switched_on):
    await switched_on.tap("r1", [(NOW - 60_000, FAILED), (NOW - 1_000, DONE)], NOW)
    failed, done = desk.read
    assert (failed.said.stop, failed.said.reason, failed.time) == ("s7", FailureReason.ABSENT, NOW - 60_000)
    assert (done.said.stop, done.said.left_with, done.time) == ("s8", LeftWith.NEIGHBOUR, NOW - 1_000)
    assert desk.headers == [None]


async def test_a_tap_that_is_not_taken_is_said(desk, switched_on):
    desk.outcome = TapOutcome.NOT_YOURS
    with pytest.raises(Refused, match="r1 s7: not_yours"):
        await switched_on.tap("r1", [(NOW, FAILED)], NOW)
    desk.status = 404
    with pytest.raises(Refused, match="404"):
        await switched_on.tap("r1", [(NOW, FAILED)], NOW)
