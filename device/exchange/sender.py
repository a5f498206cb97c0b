"""Decides what the device publishes next, and what it may forget. Pure: events in, actions out.

State     means                                  leaves on
away      no connection to the broker            connected -> waiting
waiting   connected, no gateway is online        a gateway turns online -> asking, at the oldest spool that is held
asking    the question for the watermark is out  answer -> sending; time-out -> asks again, later each time
sending   the window is open                     time-out -> asking, with half the batch size;
                                                 an older spool is through -> asking, for the next one
From each: disconnected -> away; the last gateway gone -> waiting; a gateway turns online -> asking.

Rules, W being the watermark that the gateway answers (docs/decisions/0002 and 0021 give the reasons):
1. Nothing of a spool is published before its question is answered.
2. W above every number that this life may have published: the disk image was restored, and somebody else used these
   numbers. What this life wrote under them moves to a new spool, the rest is settled.
3. The answer to a question, or a gap, is believed in both directions: a lower W means that the gateway was restored.
   Any other answer only raises W, for it may be late.
4. A gap restarts the window at W + 1 at once; further gaps at the same W are echoes of the same loss and are ignored
   until the time-out.
5. A window that W does not enter within the time-out is given up: ask again, then go on at W + 1 with half the batch.
   When W moves the batch doubles again, so that a single unreadable position is found by halving.
6. Only a batch of one that stays unanswered three times, each time with the question after it answered, is set aside.
7. `after` never exceeds the W that the device was told; numbers that were acknowledged once and are gone from the
   spool are declared with `oldest`, so that a restored gateway books them as lost.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from device.exchange.envelope import MAX_BATCH_POSITIONS, Batch
from device.exchange.stretch import Stretch
from device.exchange.window import Flight, Window
from wire.messages import GatewayStatus, Presence, Watermark

ANSWER_TIMEOUT_MS = 5_000
"""More than twice the gateway's coalescing time of 2 s, so that a slow link is not taken for a loss."""

MAX_TIMEOUT_MS = 60_000
"""The longest wait after an outage: data is back within a minute of the path."""

JITTER = 0.25
"""Time-outs are stretched by up to a quarter, so that a fleet that lost its gateway does not return in step."""

STRIKES = 3
"""How often one position may stay unanswered beside answered questions before it is set aside."""


class TakeUp(NamedTuple):
    """Hand the next stretch after this spool to `Sender.take_up`; None asks for the oldest that is held."""

    after: str | None


class Ask(NamedTuple):
    """Publish the question; `after` is the acknowledged watermark."""

    spool: str
    after: int


class Load(NamedTuple):
    """Read the next consecutive rows above a number, at most `limit`, and hand them to `Sender.loaded`."""

    spool: str
    above: int
    limit: int


class Publish(NamedTuple):
    """Publish a batch."""

    spool: str
    batch: Batch
    after: int
    oldest: bool


class Settle(NamedTuple):
    """All up to `seq` is settled; rows above it are not, even if they once were."""

    spool: str
    seq: int


class Confirm(NamedTuple):
    """Nobody else used the spool's numbers: this life may go on with them."""

    spool: str


class SetAside(NamedTuple):
    """Take one position out of the way and keep it."""

    spool: str
    seq: int


class StartNewSpool(NamedTuple):
    """Move the rows above a number to a new spool."""

    spool: str
    above: int


Action = TakeUp | Ask | Load | Publish | Settle | Confirm | SetAside | StartNewSpool


class State(StrEnum):
    """Where the exchange stands."""

    AWAY = "away"
    WAITING = "waiting"
    ASKING = "asking"
    SENDING = "sending"


NO_STRETCH = Stretch("", 0, 0, 0, 0, is_open=False)


class Sender:
    """The exchange in one life of the agent.

    `random` returns a float in [0, 1), for the jitter. Times are milliseconds of one monotonic clock. Actions are
    to be performed in order before the next event.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self.state = State.AWAY
        self.wake_at: int | None = None
        self.unanswered_questions = 0
        self._random = random
        self._gateways: dict[str, int | None] = {}
        self._published: dict[str, int] = {}
        self._stretch = NO_STRETCH
        self._window = Window(0)
        self._limit = MAX_BATCH_POSITIONS
        self._stalls = 0
        self._gap_followed: int | None = None
        self._suspect: int | None = None
        self._accused: tuple[str, int] | None = None
        self._strikes = 0

    # --- events -------------------------------------------------------------------------------------------------

    def connected(self) -> list[Action]:
        """Note that the broker accepted us; the gateways' retained statuses follow."""
        self._gateways.clear()
        return self._pause(State.WAITING)

    def disconnected(self) -> list[Action]:
        """Note that the connection is gone."""
        self._gateways.clear()
        return self._pause(State.AWAY)

    def gateway(self, status: GatewayStatus) -> list[Action]:
        """Hear from a gateway that it is there, or from the broker that it is gone."""
        if self.state is State.AWAY:
            return []
        if status.state is Presence.OFFLINE:
            self._gateways.pop(status.gateway, None)
            return [] if self._gateways else self._pause(State.WAITING)
        if status.gateway in self._gateways and self._gateways[status.gateway] == status.since:
            return []
        self._gateways[status.gateway] = status.since
        self._pause(State.ASKING)
        return [TakeUp(None)]

    def take_up(self, stretch: Stretch, now: int) -> list[Action]:
        """Turn to a stretch that the spool handed out for `TakeUp`."""
        self._stretch = stretch
        self._published.setdefault(stretch.spool, stretch.at_start)
        self._gap_followed = self._suspect = None
        self._stalls = self.unanswered_questions = 0
        return self._ask(now)

    def answer(self, mark: Watermark, now: int) -> list[Action]:
        """Take in a watermark."""
        if self.state is State.AWAY or mark.spool != self._stretch.spool:
            return []
        if mark.seq > self._published[mark.spool]:
            return self._numbers_are_taken(now)
        if self.state is State.ASKING:
            return [*self._confirm(), *self._resume(mark.seq)]
        if mark.gap and self.state is State.SENDING:
            return self._follow_gap(mark.seq)
        return self._advance(mark.seq, now) if mark.seq > self._stretch.acknowledged else []

    def appended(self, spool: str, last: int) -> list[Action]:
        """Note that the spool committed positions up to number `last`."""
        if spool == self._stretch.spool:
            self._stretch = self._stretch._replace(last=max(self._stretch.last, last))
        else:
            self._stretch = self._stretch._replace(is_open=False)
        return self._fill()

    def loaded(self, batch: Batch | None, now: int) -> list[Action]:
        """Take what the spool holds for the `Load`; None means that it holds nothing more."""
        if batch is None:
            self._window.cursor = max(self._window.cursor, self._stretch.last)
            return self._fill()
        spool = self._stretch.spool
        after, oldest = self._frame(batch)
        if self._window.is_empty:
            self._await_answer(now)
        self._window.add(Flight(batch.seq, batch.last))
        self._published[spool] = max(self._published[spool], batch.last)
        self._stretch = self._stretch._replace(last=max(self._stretch.last, batch.last))
        actions: list[Action] = [Publish(spool, batch, after, oldest)]
        if self._window.is_full_of_messages:  # small batches are answered late, a question at once
            actions.append(Ask(spool, self._stretch.acknowledged))
        return actions + self._fill()

    def timer(self, now: int) -> list[Action]:
        """Give up waiting for what is due; does nothing before `wake_at`."""
        if self.wake_at is None or now < self.wake_at:
            return []
        if self.state is State.ASKING:
            self.unanswered_questions += 1
            return self._ask(now)
        self._suspect = self._single_in_doubt()
        self._stalls += 1
        self._limit = max(1, self._limit // 2)
        return self._ask(now)

    # --- moves --------------------------------------------------------------------------------------------------

    def _pause(self, state: State) -> list[Action]:
        self.state = state
        self.wake_at = None
        self._suspect = None
        self._window.restart(self._stretch.acknowledged)
        return []

    def _ask(self, now: int) -> list[Action]:
        self.state = State.ASKING
        self._window.restart(self._stretch.acknowledged)
        self.wake_at = now + self._timeout(self.unanswered_questions)
        return [Ask(self._stretch.spool, self._stretch.acknowledged)]

    def _numbers_are_taken(self, now: int) -> list[Action]:
        stretch = self._stretch
        ours_above = max(stretch.at_start, stretch.told)
        if not stretch.is_open or stretch.last <= ours_above:
            return self._resume(stretch.last) if self.state is State.ASKING else self._advance(stretch.last, now)
        self._pause(State.ASKING)
        settled = self._believe(ours_above)
        return [*settled, StartNewSpool(stretch.spool, ours_above), TakeUp(stretch.spool)]

    def _confirm(self) -> list[Action]:
        return [Confirm(self._stretch.spool)] if self._stretch.is_open else []

    def _resume(self, watermark: int) -> list[Action]:
        judged = self._judge_suspect(watermark)
        self.unanswered_questions = 0
        self.state = State.SENDING
        return [*self._believe(watermark), *judged, *self._restart()]

    def _follow_gap(self, watermark: int) -> list[Action]:
        if watermark == self._gap_followed:
            return []
        actions = [*self._believe(watermark), *self._restart()]
        self._gap_followed = watermark
        return actions

    def _advance(self, watermark: int, now: int) -> list[Action]:
        actions = self._believe(watermark)
        self._window.settle(watermark)
        if self._window.is_empty:
            self.wake_at = None
        else:
            self._await_answer(now)
        return [*actions, *self._fill()]

    def _restart(self) -> list[Action]:
        self._gap_followed = None
        self._window.restart(self._stretch.acknowledged)
        self.wake_at = None
        return self._fill()

    def _fill(self) -> list[Action]:
        if self.state is not State.SENDING:
            return []
        if self._window.cursor < self._stretch.last:
            limit = min(self._limit, self._window.room)
            return [Load(self._stretch.spool, self._window.cursor, limit)] if limit > 0 else []
        if self._window.is_empty and not self._stretch.is_open:
            return [*self._believe(self._stretch.last), TakeUp(self._stretch.spool)]
        return []

    # --- knowledge ----------------------------------------------------------------------------------------------

    def _believe(self, watermark: int) -> list[Action]:
        if watermark == self._stretch.acknowledged:
            return []
        if watermark > self._stretch.acknowledged:
            self._stalls = 0
            self._limit = min(MAX_BATCH_POSITIONS, 2 * self._limit)
        told = max(self._stretch.told, watermark)
        self._stretch = self._stretch._replace(acknowledged=watermark, told=told)
        return [Settle(self._stretch.spool, watermark)]

    def _frame(self, batch: Batch) -> tuple[int, bool]:
        below = batch.seq - 1
        after = max(batch.previous, min(self._stretch.acknowledged, below))
        return after, min(self._stretch.told, below) > after

    def _single_in_doubt(self) -> int | None:
        flight = self._window.oldest
        return flight.first if flight is not None and flight.positions == 1 else None

    def _judge_suspect(self, watermark: int) -> list[Action]:
        suspect, self._suspect = self._suspect, None
        if suspect is None or watermark >= suspect:
            return []
        spool = self._stretch.spool
        self._strikes = self._strikes + 1 if (spool, suspect) == self._accused else 1
        self._accused = (spool, suspect)
        return [SetAside(spool, suspect)] if self._strikes >= STRIKES else []

    def _await_answer(self, now: int) -> None:
        self.wake_at = now + self._timeout(self._stalls)

    def _timeout(self, attempts: int) -> int:
        base = min(MAX_TIMEOUT_MS, ANSWER_TIMEOUT_MS << min(attempts, 10))
        return round(base * (1 + JITTER * self._random()))
