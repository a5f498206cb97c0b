"""Performs what the exchange decides: the one owner of the sender."""

import asyncio
import contextlib
from collections.abc import Callable

from device.clock import Clock, wait_for
from device.exchange.envelope import batch_message, question
from device.exchange.sender import (
    Action,
    Ask,
    Confirm,
    Load,
    Publish,
    Sender,
    SetAside,
    Settle,
    StartNewSpool,
    State,
    TakeUp,
)
from device.logs import Log, StateLog
from device.spool.worker import SpoolWorker
from device.uplink.events import Answered, Connected, Disconnected, Event, GatewayHeard, Line, LineLost
from wire.messages import DeviceStatus, Watermark

QUESTIONS_BEFORE_A_WARNING = 3
"""Questions without an answer, 35 s, before it is said: a gateway that restarts needs a few seconds."""


class Delivery:
    """Empties the spool by the exchange's rules. Events are taken one after the other, under one lock.

    `progressed` is set whenever something was settled, `confirmed` once the numbers of an earlier life may be used.
    """

    def __init__(
        self, spool: SpoolWorker, *, clock: Clock, random: Callable[[], float], source_name: str, log: Log
    ) -> None:
        self._spool = spool
        self._clock = clock
        self._source_name = source_name
        self._log = log
        self._state = StateLog(log)
        self._sender = Sender(random)
        self._line: Line | None = None
        self._lock = asyncio.Lock()
        self._appended: tuple[str, int] | None = None
        self._changed = asyncio.Event()
        self.progressed = asyncio.Event()
        self.confirmed = asyncio.Event()

    async def run(self) -> None:
        """Follow appends and time-outs, for ever."""
        while True:
            await wait_for(self._changed, self._clock, self._seconds_to_wake())
            self._changed.clear()
            async with self._lock:
                await self._take_appended()
                await self._perform(self._sender.timer(self._clock.monotonic_ms()))

    def note_appended(self, spool: str, last: int) -> None:
        """Hear that the spool committed positions up to number `last`; never waits."""
        self._appended = (spool, last)
        self._changed.set()

    async def hear(self, event: Event) -> None:
        """Take in an event of the uplink."""
        async with self._lock:
            await self._take_appended()
            await self._perform(self._actions(event))
        self._changed.set()

    async def announce(self, status: DeviceStatus) -> None:
        """Publish the device's status if there is a connection."""
        if self._line is not None:
            with contextlib.suppress(LineLost):
                await self._line.status(status)

    def say_where_it_stands(self) -> None:
        """Log the state of the exchange if it is another than when last asked."""
        if self._sender.state is State.WAITING:
            self._state.bad("no gateway is online: positions stay in the spool")
        elif self._sender.unanswered_questions >= QUESTIONS_BEFORE_A_WARNING:
            self._state.bad("a gateway is online but does not answer: is the vehicle registered, does the ACL fit?")
        elif self._sender.state is State.SENDING:
            self._state.good("a gateway takes positions")

    async def _take_appended(self) -> None:
        if self._appended is not None:
            (spool, last), self._appended = self._appended, None
            await self._perform(self._sender.appended(spool, last))

    def _actions(self, event: Event) -> list[Action]:
        match event:
            case Connected(line):
                self._line = line
                return self._sender.connected()
            case Disconnected():
                self._line = None
                return self._sender.disconnected()
            case GatewayHeard(status):
                return self._sender.gateway(status)
            case Answered(mark):
                self._note_rejection(mark)
                return self._sender.answer(mark, self._clock.monotonic_ms())

    async def _perform(self, actions: list[Action]) -> None:
        waiting = list(reversed(actions))
        while waiting:
            waiting.extend(reversed(await self._perform_one(waiting.pop())))

    async def _perform_one(self, action: Action) -> list[Action]:
        match action:
            case TakeUp(after):
                return self._sender.take_up(await self._spool.stretch_after(after), self._clock.monotonic_ms())
            case Load(spool, above, limit):
                return self._sender.loaded(await self._spool.read(spool, above, limit), self._clock.monotonic_ms())
            case Ask(spool, after):
                await self._publish(
                    question(spool=spool, after=after, sent_ms=self._clock.now_ms(), source=self._source_name)
                )
            case Publish():
                await self._publish(self._message(action))
            case Settle(spool, seq):
                await self._spool.settle(spool, seq)
                self.progressed.set()
            case Confirm(spool):
                await self._spool.confirm(spool)
                self.confirmed.set()
            case SetAside(spool, seq):
                self._log.error("the gateway answers questions but not position %d of spool %s: set aside", seq, spool)
                await self._spool.set_aside(spool, seq)
                self.progressed.set()
            case StartNewSpool(spool, above):
                self._log.warning("somebody else writes under the numbers of spool %s: going on in a new one", spool)
                await self._spool.start_new(above)
        return []

    def _message(self, publish: Publish) -> bytes:
        return batch_message(
            publish.batch,
            spool=publish.spool,
            after=publish.after,
            oldest=publish.oldest,
            sent_ms=self._clock.now_ms(),
            source=self._source_name,
        )

    async def _publish(self, payload: bytes) -> None:
        line = self._line
        if line is None:
            return
        try:
            await line.positions(payload)
        except LineLost as error:
            self._log.debug("not published: %s", error)  # the uplink says that the connection is gone

    def _seconds_to_wake(self) -> float | None:
        if self._sender.wake_at is None:
            return None
        return max(0, self._sender.wake_at - self._clock.monotonic_ms()) / 1000

    def _note_rejection(self, mark: Watermark) -> None:
        if mark.rejected is not None:
            numbers = f"{mark.rejected.from_seq} to {mark.rejected.to_seq}"
            self._log.error("the gateway put positions %s into quarantine: %s", numbers, mark.rejected.reason)
