"""Decides what the device publishes next, and what it may forget. Pure: events in, actions out.

State     means                                  leaves on
away      no connection to the broker            connected -> waiting
waiting   connected, no gateway is online        a gateway turns online -> asking
asking    the question for the watermark is out  answer -> sending; time-out -> asks again, later each time
sending   the window is open                     time-out -> asking, with half the batch size
replaced  this spool's numbers belong to         nothing: a new sender for the new spool takes over
          somebody else
From each but `replaced`: disconnected -> away; the last gateway gone -> waiting; a gateway turns online -> asking.

Rules, W being the watermark that the gateway answers (docs/decisions/0002 gives the reasons):
1. Nothing is published before the question is answered.
2. W above every number that this life may have published: the disk image was restored. What this life wrote moves to
   a new spool under new numbers, the rest is settled.
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


class Ask(NamedTuple):
    """Publish the question; `after` is the acknowledged watermark."""

    after: int


class Load(NamedTuple):
    """Read the next consecutive rows above a number, at most `limit`, and hand them to `Sender.loaded`."""

    above: int
    limit: int


class Publish(NamedTuple):
    """Publish a batch."""

    batch: Batch
    after: int
    oldest: bool


class Settle(NamedTuple):
    """All up to `seq` is settled; rows above it are not, even if they once were."""

    seq: int


class SetAside(NamedTuple):
    """Take one position out of the way and keep it."""

    seq: int


class StartNewSpool(NamedTuple):
    """Give the rows above a number new numbers in a new spool; the others are settled."""

    above: int


Action = Ask | Load | Publish | Settle | SetAside | StartNewSpool


class State(StrEnum):
    """Where the exchange stands."""

    AWAY = "away"
    WAITING = "waiting"
    ASKING = "asking"
    SENDING = "sending"
    REPLACED = "replaced"


class Sender:
    """The exchange of one spool in one life of the agent.

    Args:
        spool: the spool's id; answers for another one are ignored.
        last: the last number ever given out by the file when this life began (0 for a spool begun by this life).
        acknowledged: the watermark that the file remembers.
        told: the highest watermark that the file remembers.
        random: returns a float in [0, 1), for the jitter.

    Times are milliseconds of one monotonic clock.

    """

    def __init__(self, spool: str, *, last: int, acknowledged: int, told: int, random: Callable[[], float]) -> None:
        self.spool = spool
        self.state = State.AWAY
        self.acknowledged = acknowledged
        self.wake_at: int | None = None
        self.unanswered_questions = 0
        self._random = random
        self._last_at_start = last
        self._published = last
        self._told = told
        self._last = last
        self._gateways: dict[str, int | None] = {}
        self._window = Window(acknowledged)
        self._limit = MAX_BATCH_POSITIONS
        self._stalls = 0
        self._gap_followed: int | None = None
        self._suspect: int | None = None
        self._accused = 0
        self._strikes = 0

    # --- events -------------------------------------------------------------------------------------------------

    def connected(self) -> list[Action]:
        """Note that the broker accepted us; the gateways' retained statuses follow."""
        self._pause(State.WAITING)
        self._gateways.clear()
        return []

    def disconnected(self) -> list[Action]:
        """Note that the connection is gone."""
        self._pause(State.AWAY)
        self._gateways.clear()
        return []

    def gateway(self, status: GatewayStatus, now: int) -> list[Action]:
        """Hear from a gateway that it is there, or from the broker that it is gone."""
        if self.state in {State.AWAY, State.REPLACED}:
            return []
        if status.state is Presence.OFFLINE:
            self._gateways.pop(status.gateway, None)
            if not self._gateways:
                self._pause(State.WAITING)
            return []
        if status.gateway in self._gateways and self._gateways[status.gateway] == status.since:
            return []
        self._gateways[status.gateway] = status.since
        self._stalls = self.unanswered_questions = 0
        return self._ask(now)

    def answer(self, mark: Watermark, now: int) -> list[Action]:
        """Take in a watermark."""
        if mark.spool != self.spool or self.state in {State.AWAY, State.REPLACED}:
            return []
        if mark.seq > self._published:
            return self._replace()
        if self.state is State.ASKING:
            return self._resume(mark.seq)
        if mark.gap and self.state is State.SENDING:
            return self._follow_gap(mark.seq)
        return self._advance(mark.seq, now) if mark.seq > self.acknowledged else []

    def appended(self, last: int) -> list[Action]:
        """Note that the spool committed positions up to number `last`."""
        self._last = max(self._last, last)
        return self._fill()

    def loaded(self, batch: Batch | None, now: int) -> list[Action]:
        """Take what the spool holds for the `Load`; None means that it holds nothing more."""
        if self.state is not State.SENDING:
            return []
        if batch is None:
            self._window.cursor = max(self._window.cursor, self._last)
            return []
        after, oldest = self._frame(batch)
        if self._window.is_empty:
            self._await_answer(now)
        self._window.add(Flight(batch.seq, batch.last))
        self._published = max(self._published, batch.last)
        self._last = max(self._last, batch.last)
        actions: list[Action] = [Publish(batch, after, oldest)]
        if self._window.is_full_of_messages:
            actions.append(Ask(self.acknowledged))  # small batches are answered late, a question at once
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

    def _ask(self, now: int) -> list[Action]:
        self.state = State.ASKING
        self._window.restart(self.acknowledged)
        self.wake_at = now + self._timeout(self.unanswered_questions)
        return [Ask(self.acknowledged)]

    def _pause(self, state: State) -> None:
        if self.state is State.REPLACED:
            return
        self.state = state
        self.wake_at = None
        self._suspect = None
        self._stalls = self.unanswered_questions = 0
        self._window.restart(self.acknowledged)

    def _replace(self) -> list[Action]:
        self.state = State.REPLACED
        self.wake_at = None
        return [StartNewSpool(max(self._last_at_start, self._told))]

    def _resume(self, watermark: int) -> list[Action]:
        actions = self._judge_suspect(watermark)
        self.unanswered_questions = 0
        self.state = State.SENDING
        return [*self._believe(watermark), *actions, *self._restart()]

    def _follow_gap(self, watermark: int) -> list[Action]:
        if watermark == self._gap_followed:
            return []
        actions = self._believe(watermark)
        restart = self._restart()
        self._gap_followed = watermark
        return [*actions, *restart]

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
        self._window.restart(self.acknowledged)
        self.wake_at = None
        return self._fill()

    def _fill(self) -> list[Action]:
        limit = min(self._limit, self._window.room)
        if self.state is not State.SENDING or limit <= 0 or self._window.cursor >= self._last:
            return []
        return [Load(self._window.cursor, limit)]

    # --- knowledge ----------------------------------------------------------------------------------------------

    def _believe(self, watermark: int) -> list[Action]:
        if watermark == self.acknowledged:
            return []
        if watermark > self.acknowledged:
            self._stalls = 0
            self._limit = min(MAX_BATCH_POSITIONS, 2 * self._limit)
        self.acknowledged = watermark
        self._told = max(self._told, watermark)
        return [Settle(watermark)]

    def _frame(self, batch: Batch) -> tuple[int, bool]:
        below = batch.seq - 1
        after = max(batch.previous, min(self.acknowledged, below))
        return after, min(self._told, below) > after

    def _single_in_doubt(self) -> int | None:
        flight = self._window.oldest
        return flight.first if flight is not None and flight.positions == 1 else None

    def _judge_suspect(self, watermark: int) -> list[Action]:
        suspect, self._suspect = self._suspect, None
        if suspect is None or watermark >= suspect:
            return []
        self._strikes = self._strikes + 1 if suspect == self._accused else 1
        self._accused = suspect
        return [SetAside(suspect)] if self._strikes >= STRIKES else []

    def _await_answer(self, now: int) -> None:
        self.wake_at = now + self._timeout(self._stalls)

    def _timeout(self, attempts: int) -> int:
        base = min(MAX_TIMEOUT_MS, ANSWER_TIMEOUT_MS << min(attempts, 10))
        return round(base * (1 + JITTER * self._random()))
