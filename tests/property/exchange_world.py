"""The world of the exchange model: a gateway, a broker that misbehaves, and a device on a real spool."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

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
    TakeUp,
)
from device.spool.spool import Row, Spool
from gateway.intake.sequencing import Urgency, place
from wire.codec import decode_envelope, encode
from wire.messages import VERSION, GatewayStatus, Position, Presence, Watermark

PLENTY_BYTES = 50_000_000

PADDING = b',"padding":"' + b"x" * 900 + b'"}'
"""Makes a position fill a quarter of a page, so that a full disk has to be made room on soon."""


def body_of(content: int) -> bytes:
    """A position whose time is its content; what the wire does not know is ignored."""
    return encode(Position(content, 60.0, 24.0))[:-1] + PADDING


@dataclass
class Gateway:
    """Journals by the sequencing rules; `poison` are positions whose message it never answers (a bug of its own)."""

    watermarks: dict[str, int] = field(default_factory=dict)
    journal: dict[tuple[str, int], int] = field(default_factory=dict)
    lost: set[tuple[str, int]] = field(default_factory=set)
    since: int = 1
    is_online: bool = False
    coalesced: set[str] = field(default_factory=set)
    ever_stored: set[int] = field(default_factory=set)
    poison: set[int] = field(default_factory=set)
    backup: tuple[dict[str, int], dict[tuple[str, int], int], set[tuple[str, int]]] | None = None

    def receive(self, payload: bytes) -> list[Watermark]:
        envelope = decode_envelope(payload)
        contents = [position.time for position in envelope.positions]
        if self.poison.intersection(contents):
            return []
        watermark = self.watermarks.get(envelope.spool, 0)
        placed = place(watermark, after=envelope.after, seq=envelope.seq, count=len(contents), oldest=envelope.oldest)
        assert placed.watermark >= watermark
        self.watermarks[envelope.spool] = placed.watermark
        if placed.fresh is not None:
            for seq in range(placed.fresh.first, placed.fresh.last + 1):
                assert (envelope.spool, seq) not in self.journal
                self.journal[envelope.spool, seq] = contents[seq - envelope.seq]
                self.ever_stored.add(contents[seq - envelope.seq])
        if placed.lost is not None:
            self.lost.update((envelope.spool, seq) for seq in range(placed.lost.first, placed.lost.last + 1))
        if placed.urgency is Urgency.COALESCED:
            self.coalesced.add(envelope.spool)
            return []
        return [self.watermark(envelope.spool, gap=placed.case == "gap")]

    def watermark(self, spool: str, *, gap: bool = False) -> Watermark:
        return Watermark(VERSION, spool, self.watermarks.get(spool, 0), gap)

    def flush(self) -> list[Watermark]:
        answers = [self.watermark(spool) for spool in sorted(self.coalesced)]
        self.coalesced.clear()
        return answers

    def restart(self) -> None:
        self.since += 1
        self.coalesced.clear()

    def make_backup(self) -> None:
        self.backup = dict(self.watermarks), dict(self.journal), set(self.lost)

    def restore_backup(self) -> None:
        if self.backup is not None:
            self.watermarks, self.journal, self.lost = dict(self.backup[0]), dict(self.backup[1]), set(self.backup[2])
        self.restart()

    @property
    def stored(self) -> Counter[int]:
        return Counter(self.journal.values())

    @property
    def status(self) -> GatewayStatus:
        state = Presence.ONLINE if self.is_online else Presence.OFFLINE
        return GatewayStatus(VERSION, state, "gw", self.since if self.is_online else None)


class Device:
    """The real sender on the real spool, performing the actions as the agent does."""

    def __init__(self, folder: Path, publish: Callable[[bytes], None], jitter: Callable[[], float]) -> None:
        self._path = folder / "spool.db"
        self._image = folder / "image.db"
        self._publish = publish
        self._jitter = jitter
        self._spools = 0
        self.now = 0
        self.is_connected = False
        self.is_full = False
        self.committed: set[int] = set()
        self.discarded: set[int] = set()
        self.numbered: dict[tuple[str, int], int] = {}
        self.set_aside: set[int] = set()
        self.gone: set[int] = set()
        self._next_content = 1
        self.has_image = False
        self._start()

    def append(self, count: int) -> list[int]:
        contents = list(range(self._next_content, self._next_content + count))
        self._next_content += count
        before, counted = self.unsettled, self.spool.discarded
        appended = self.spool.append([Row(content, body_of(content)) for content in contents])
        thinned = before - self.held
        if appended.last is None:
            assert self.spool.discarded - counted == len(thinned) + count
            self.discarded |= thinned
            return []
        assert self.spool.discarded - counted == len(thinned)
        self.discarded |= thinned
        self.committed.update(contents)
        first = appended.last - count + 1
        self.numbered.update({(self.spool.id, first + step): content for step, content in enumerate(contents)})
        self._perform(self.sender.appended(self.spool.id, appended.last))
        return contents

    def fill_disk(self) -> None:
        self.is_full = True
        self.spool._db.execute("PRAGMA max_page_count=1")  # SQLite takes as many as it has now

    def free_disk(self) -> None:
        self.is_full = False
        self.spool._db.execute("PRAGMA max_page_count=100000")

    def expire(self) -> None:
        self.spool.expire()

    def connect(self, status: GatewayStatus) -> None:
        self.is_connected = True
        self._perform(self.sender.connected())
        self.hear(status)

    def disconnect(self) -> None:
        self.is_connected = False
        self._perform(self.sender.disconnected())

    def hear(self, status: GatewayStatus) -> None:
        if self.is_connected:
            self._perform(self.sender.gateway(status))

    def answer(self, mark: Watermark) -> None:
        if self.is_connected:
            self._perform(self.sender.answer(mark, self.now))

    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds
        self._perform(self.sender.timer(self.now))

    def crash(self) -> None:
        """Lose what was only in memory, and start again."""
        self.spool._db.close()
        self.is_connected = False
        self._start()

    def take_image(self) -> None:
        shutil.copy(self._path, self._image)
        self.has_image = True

    def restore_image(self) -> None:
        before = self.held
        self.spool._db.close()
        shutil.copy(self._image, self._path)
        self._path.with_name("spool.db-journal").unlink(missing_ok=True)
        self.is_connected = False
        self._start()
        self.gone |= before - self.held

    def close(self) -> None:
        self.spool._db.close()

    @property
    def held(self) -> set[int]:
        return {row[0] for row in self.spool._db.execute("SELECT time FROM position")}

    @property
    def unsettled(self) -> set[int]:
        rows = self.spool._db.execute("SELECT time FROM position WHERE seq > ?", (self.spool.settled,))
        return {row[0] for row in rows}

    def _start(self) -> None:
        self.spool = Spool(self._path, max_bytes=PLENTY_BYTES, keep_ms=5, new_id=self._new_id)
        self.spool._db.execute("PRAGMA synchronous=OFF")
        if self.is_full:
            self.fill_disk()
        self.sender = Sender(self._jitter)

    def _new_id(self) -> str:
        self._spools += 1
        return f"s{self._spools}"

    def _perform(self, actions: list[Action]) -> None:
        waiting = list(actions)
        while waiting:
            waiting[:0] = self._perform_one(waiting.pop(0))

    def _perform_one(self, action: Action) -> list[Action]:
        match action:
            case TakeUp(after):
                return self.sender.take_up(self.spool.stretch_after(after), self.now)
            case Ask(spool, after):
                self._send(question(spool=spool, after=after, sent_ms=0, source="tracker"))
            case Load(spool, above, limit):
                return self.sender.loaded(self.spool.read(spool, above, limit), self.now)
            case Publish(spool, batch, after, oldest):
                self._send(batch_message(batch, spool=spool, after=after, oldest=oldest, sent_ms=0, source="tracker"))
            case Settle(spool, seq):
                self.spool.settle(spool, seq)
            case Confirm(spool):
                self.spool.confirm(spool)
            case SetAside(spool, seq):
                before = self.held
                self.spool.set_aside(spool, seq)
                self.set_aside |= before - self.held
            case StartNewSpool(_, above):
                self.spool.start_new(above)
        return []

    def _send(self, payload: bytes) -> None:
        assert self.is_connected, "published without a connection"
        self._publish(payload)
