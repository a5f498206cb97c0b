import asyncio
from contextlib import aclosing

from device.simulator.source import BACKLOG_EPOCHS, SimulatedSource
from device.simulator.streets import load
from device.simulator.van import Van

NOW_MS = 1_732_375_000_000


class Hand:
    def __init__(self) -> None:
        self.now = NOW_MS

    def now_ms(self) -> int:
        return self.now

    def monotonic_ms(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += int(seconds * 1000)
        await asyncio.sleep(0)


async def chunks(source: SimulatedSource, count: int) -> list[bytes]:
    async with aclosing(source.chunks()) as stream:
        return [await anext(stream) for _ in range(count)]


def source(clock: Hand, begin_ms: int, seen: list[int]) -> SimulatedSource:
    van = Van(load(), "1", begin_ms)
    return SimulatedSource("van-01", van, clock, lambda epoch: seen.append(epoch.time_ms))


async def test_the_past_comes_at_once_and_then_each_second_its_epoch():
    clock, seen = Hand(), []
    begin_ms = NOW_MS - (BACKLOG_EPOCHS + 10) * 1000
    first, second, third, fourth = await chunks(source(clock, begin_ms, seen), 4)
    assert first.count(b"RMC") == BACKLOG_EPOCHS
    assert second.count(b"RMC") == 11  # ten that were left, and the one that is due now
    assert (third.count(b"RMC"), fourth.count(b"RMC")) == (1, 1)
    assert clock.now == NOW_MS + 2_000
    assert seen == [NOW_MS, NOW_MS + 1_000]  # the past is said, and not seen


async def test_opened_again_it_goes_on_where_it_was():
    clock, seen = Hand(), []
    van = source(clock, NOW_MS, seen)
    before, after = await chunks(van, 2), await chunks(van, 1)
    assert len({*before, *after}) == 3


async def test_on_a_fast_day_what_is_now_is_seen_though_it_is_said_late():
    clock, seen = Hand(), []
    stream = source(clock, NOW_MS, seen).chunks()
    await anext(stream)
    clock.now += 20_000  # the reader took a moment, at speed
    await anext(stream)
    await anext(stream)
    assert seen == [NOW_MS, NOW_MS + 20_000]
    await stream.aclose()
