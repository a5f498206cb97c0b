"""The outbox for operators: seen, and sent again in its place."""

import pytest

from gateway.adapters.state import outbox
from gateway.domain.letter import Fate, LetterState
from gateway.ports import Endpoint, NoSuchEndpoint, Replayed, ReplayRange
from gateway.sending.standing import Standing
from tests.fixtures.letters import HAPPENED, HOOK, draft

A, B, C = draft("a"), draft("b", time=HAPPENED + 1_000), draft("c", time=HAPPENED + 2_000)


@pytest.fixture
async def desk(outbox_rig):
    """Return the desk of an outbox with one delivered letter, one dead, and one open, in a lane."""
    await outbox_rig.put(A, B, C)
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 1)
    await outbox_rig.settle(B.id, Fate.FAILED, HAPPENED + 2, detail="500")
    return outbox_rig.desk


async def test_it_counts_and_lists_by_state(desk):
    assert await desk.counts() == {"delivered": 1, "dead": 1, "open": 1}
    assert [letter.id for letter in await desk.letters(None, 2)] == [C.id, B.id]
    (dead,) = await desk.letters(LetterState.DEAD, 9)
    assert (dead.id, dead.detail, dead.settled) == (B.id, "500", HAPPENED + 2)
    assert await desk.endpoints() == [Endpoint(HOOK, Standing(HAPPENED + 2, None, None, "500"), 1)]


async def test_a_replayed_letter_goes_before_those_that_came_after_it(desk, outbox_rig):
    assert await desk.replay([B.id, A.id], HAPPENED + 9) == {B.id: Replayed.REPLAYED, A.id: Replayed.REPLAYED}
    for each in (A, B, C):
        (first,) = await outbox_rig.due(HAPPENED + 9)
        assert (first.id, first.attempts) == (each.id, 0)
        await outbox_rig.settle(first.id, Fate.DELIVERED, HAPPENED + 9)


async def test_a_later_letter_that_was_under_way_meanwhile_waits_for_its_turn(desk, outbox_rig):
    await desk.replay([B.id], HAPPENED + 9)
    await outbox_rig.settle(C.id, Fate.FAILED, HAPPENED + 10, HAPPENED + 11)
    assert [letter.id for letter in await outbox_rig.due(HAPPENED + 99)] == [B.id]


async def test_a_range_takes_the_dead_ones_of_its_time(desk, outbox_rig):
    await outbox_rig.settle(C.id, Fate.FAILED, HAPPENED + 3)
    which = ReplayRange(HOOK, HAPPENED, HAPPENED + 2_000)
    assert await desk.has_dead(which)
    assert await desk.replay_range(which, HAPPENED + 9) == {B.id: Replayed.REPLAYED}
    assert not await desk.has_dead(which)
    assert await desk.has_dead(which._replace(end=HAPPENED + 99_000))
    assert await desk.replay_range(which, HAPPENED + 9) == {}
    assert await desk.replay_range(which._replace(endpoint="webhook/other"), HAPPENED + 9) == {}


async def test_what_cannot_be_replayed_says_why(desk, outbox_rig, monkeypatch):
    assert await desk.replay(["nothing", C.id], HAPPENED) == {"nothing": Replayed.UNKNOWN, C.id: Replayed.STILL_OPEN}
    monkeypatch.setattr(outbox, "OPEN_AT_MOST", 2)
    assert await desk.replay([A.id, B.id], HAPPENED) == {A.id: Replayed.REPLAYED, B.id: Replayed.FULL}
    await outbox_rig.outbox.disable(HOOK, HAPPENED, "why")
    assert await desk.replay([B.id], HAPPENED) == {B.id: Replayed.DISABLED}


async def test_nothing_is_replayed_that_nobody_would_send(desk, outbox_rig):
    elsewhere = desk.among({"webhook/shop"})
    assert await elsewhere.replay([B.id, C.id], HAPPENED) == {B.id: Replayed.NO_ENDPOINT, C.id: Replayed.STILL_OPEN}
    with pytest.raises(NoSuchEndpoint, match=HOOK):
        await elsewhere.replay_range(ReplayRange(HOOK, 0, HAPPENED * 2), HAPPENED)
    assert (await outbox_rig.kept(B.id)).state == LetterState.DEAD


async def test_an_endpoint_that_is_enabled_takes_letters_again(desk, outbox_rig):
    assert await desk.enable(HOOK) is None
    await outbox_rig.outbox.disable(HOOK, HAPPENED, "why")
    assert await desk.enable(HOOK) == 2
    await outbox_rig.put(draft("d"))
    assert [letter.id for letter in await outbox_rig.due()] == [draft("d").id]
