"""The task group: parts start in order, end in the other order, and one that fails ends all with its name."""

import asyncio

import pytest

from gateway import app
from gateway.app import GatewayFailed, Started, run_gateway
from gateway.assembly import Assembled, Part
from gateway.http.server import PortTaken
from gateway.settings import GatewaySettings

STARTED = Started("http://h/", "http://h/api/v1", None)


class Server:
    """Serves from the beginning."""

    def __init__(self):
        self.serving = asyncio.Event()
        self.serving.set()


class Diary:
    """Parts that write down what they do."""

    def __init__(self):
        self.lines = []

    def part(self, name, failure=None):
        async def run():
            self.lines.append(f"{name} begins")
            if failure is not None:
                raise failure
            try:
                await asyncio.Event().wait()
            finally:
                self.lines.append(f"{name} ends")

        return Part(name, run)

    def polite_part(self, name):
        asked = asyncio.Event()

        async def run():
            await asked.wait()
            self.lines.append(f"{name} ends by itself")

        return Part(name, run, asked.set)


@pytest.fixture
def diary():
    return Diary()


@pytest.fixture
def run(monkeypatch):
    """Runs given parts as if they had been assembled."""

    async def runner(*parts, **kwargs):
        async def assemble(_settings, _clock, _closing):
            return Assembled(parts, Server(), STARTED)

        monkeypatch.setattr(app, "assemble", assemble)
        async with asyncio.timeout(10):
            await run_gateway(GatewaySettings(), **kwargs)

    return runner


async def test_parts_begin_in_order_and_end_in_the_other(diary, run):
    stop = asyncio.Event()
    stop_soon = lambda _: asyncio.get_running_loop().call_soon(stop.set)  # noqa: E731
    await run(diary.part("tracker"), diary.part("intake"), ready=stop_soon, stop=stop)
    assert diary.lines == ["tracker begins", "intake begins", "intake ends", "tracker ends"]


async def test_who_can_end_by_itself_is_asked_to(diary, run):
    stop = asyncio.Event()
    stop.set()
    await run(diary.polite_part("server"), stop=stop)
    assert diary.lines == ["server ends by itself"]


async def test_it_says_where_it_is_reached_once_it_serves(diary, run):
    stop, said = asyncio.Event(), []
    stop.set()
    await run(diary.part("a"), ready=said.append, stop=stop)
    assert said == [STARTED]


async def test_a_failing_part_ends_all_with_its_name_and_cause(diary, run):
    with pytest.raises(GatewayFailed, match=r"^intake failed: ValueError: no such thing$") as failed:
        await run(diary.part("tracker"), diary.part("intake", ValueError("no such thing")))
    assert diary.lines == ["tracker begins", "intake begins", "tracker ends"]
    assert isinstance(failed.value.__cause__, BaseExceptionGroup)


async def test_a_failure_inside_a_parts_own_group_is_told_as_itself(diary, run):
    nested = ExceptionGroup("unhandled errors", [ExceptionGroup("more", [OSError("disk gone")])])
    with pytest.raises(GatewayFailed, match=r"^intake failed: OSError: disk gone$"):
        await run(diary.part("intake", nested))


async def test_cancelled_it_ends_in_order_too(diary, run):
    ready = asyncio.Event()
    task = asyncio.create_task(run(diary.part("tracker"), diary.part("intake"), ready=lambda _: ready.set()))
    await ready.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert diary.lines[-2:] == ["intake ends", "tracker ends"]


async def test_a_part_that_does_not_end_is_cancelled_and_named(diary, run, monkeypatch, capsys):
    monkeypatch.setattr(app, "END_WITHIN_S", 0.01)
    stop = asyncio.Event()
    stop.set()
    deaf = Part("deaf", asyncio.Event().wait, lambda: None)
    await run(deaf, diary.part("tracker"), stop=stop)
    assert "deaf" in capsys.readouterr().out


async def test_what_keeps_it_from_starting_is_a_line(monkeypatch):
    async def assemble(*_):
        raise PortTaken("port 8080 is in use")

    monkeypatch.setattr(app, "assemble", assemble)
    with pytest.raises(GatewayFailed, match=r"^port 8080 is in use$"):
        await run_gateway(GatewaySettings())
