"""Whatever is put in, sent, given up and replayed: lanes keep their order, and nothing is lost in them."""

import asyncio
import tempfile
from collections import defaultdict
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.adapters.state.outbox import PATIENCE_MS
from gateway.domain.letter import Fate
from gateway.sending.schedule import PAUSES_S
from tests.fixtures.letters import HAPPENED, HOOK, draft
from tests.fixtures.outbox import OutboxRig

LANES = ("a", "b")
LATER = HAPPENED + 10 * PAUSES_S[-1] * 1000

put = st.tuples(st.just("put"), st.sampled_from(LANES), st.integers(1, 3))
sent = st.tuples(
    st.just("sent"), st.sampled_from([Fate.DELIVERED, Fate.FAILED, Fate.DROPPED, Fate.GONE]), st.booleans()
)
replayed = st.tuples(st.just("replayed"), st.integers(0, 20), st.just(0))
enabled = st.tuples(st.just("enabled"), st.just(0), st.just(0))
orphaned = st.tuples(st.just("orphaned"), st.just(0), st.just(0))
steps = st.lists(put | sent | put | sent | replayed | enabled | orphaned, max_size=25)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_only_the_first_open_letter_of_a_lane_is_due_and_its_numbers_have_no_gap(steps):
    with tempfile.TemporaryDirectory() as folder:
        rig = OutboxRig(Path(folder))
        asyncio.run(live(rig, steps))
        rig.state.close()


async def live(rig, steps):
    made = []
    for step in steps:
        await take(rig, made, step)
        kept = await rig.desk.letters(None, 1_000)
        assert {letter.id for letter in kept} == {each.id for each in made}
        for letters in lanes_of(kept).values():
            assert [letter.seq for letter in letters] == list(range(1, len(letters) + 1))
            due = [letter.due is not None for letter in letters if letter.state == "open"]
            assert due == [True] * bool(due) + [False] * (len(due) - 1)
        assert all((letter.state == "open") == (letter.settled is None) for letter in kept)


async def take(rig, made, step):
    what, which, how = step
    if what == "put":
        new = [draft(str(len(made) + each), lane=which) for each in range(how)]
        made += new
        await rig.put(*new, *made)
    elif what == "replayed" and made:
        await rig.desk.replay([made[which % len(made)].id], HAPPENED)
    elif what == "enabled":
        await rig.desk.enable(HOOK)
    elif what == "orphaned":
        await rig.outbox.give_up_orphans((), HAPPENED)
    elif what == "sent":
        for letter in await rig.due(LATER, limit=1):
            again_at = HAPPENED + 1 if how and which is Fate.FAILED else None
            await rig.settle(letter.id, which, again_at=again_at)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_no_lane_is_held_for_ever_whatever_came_before(steps):
    with tempfile.TemporaryDirectory() as folder:
        rig = OutboxRig(Path(folder))
        asyncio.run(end_in_order(rig, steps))
        rig.state.close()


async def end_in_order(rig, steps):
    """Live, and let everything arrive from then on: each open letter does, in the order of its lane."""
    made = []
    for step in steps:
        await take(rig, made, step)
    await rig.desk.enable(HOOK)
    await rig.desk.replay([each.id for each in made], HAPPENED)
    arrived = defaultdict(list)
    while found := await rig.due(LATER):
        for letter in found:
            arrived[letter.lane].append(letter.seq)
            await rig.settle(letter.id, Fate.DELIVERED, LATER)
    assert sum(map(len, arrived.values())) == len(made)
    assert all(numbers == sorted(numbers) for numbers in arrived.values())


def lanes_of(kept):
    lanes = defaultdict(list)
    for letter in sorted(kept, key=lambda each: each.seq):
        lanes[letter.lane].append(letter)
    return lanes


NEVER = 10 * HAPPENED
lives = st.none() | st.integers(1, 3 * PATIENCE_MS)
arrivals = st.lists(st.tuples(st.integers(0, 3 * PATIENCE_MS), lives), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(arrivals)
def test_of_two_due_letters_the_sooner_expiring_is_taken_first_but_none_is_overtaken_for_ever(arrivals):
    with tempfile.TemporaryDirectory() as folder:
        rig = OutboxRig(Path(folder))
        taken = asyncio.run(taken_of(rig, arrivals))
        rig.state.close()
    assert len(taken) == len(arrivals)
    for place, (due, expires) in enumerate(taken):
        for later_due, later_expires in taken[place + 1 :]:
            assert due <= later_due + PATIENCE_MS, "who has waited long enough is overtaken by nobody"
            waited = due + PATIENCE_MS <= later_expires
            assert expires <= later_expires or waited, "nobody is overtaken by who expires later and has not waited"


async def taken_of(rig, arrivals):
    """Return (due, expires) of all letters in the order in which they are taken when all are due."""
    for number, (after, life) in enumerate(arrivals):
        expires = None if life is None else HAPPENED + after + life
        await rig.put(draft(str(number), lane=str(number), expires=expires), now=HAPPENED + after)
    found = await rig.due(HAPPENED + 3 * PATIENCE_MS)
    return [(letter.made, letter.expires or NEVER) for letter in found]
