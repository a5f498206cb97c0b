"""Letters in their lanes: numbered, in turn, once, and to an end."""

import pytest

from gateway.adapters.state import outbox
from gateway.adapters.state.outbox import (
    DEAD_KEPT_MS,
    DELIVERED_KEPT_MS,
    DISABLED,
    FULL,
    LANE_KEPT_MS,
    NO_ENDPOINT,
    PATIENCE_MS,
)
from gateway.domain.letter import Fate, LetterState
from gateway.sending.standing import Standing
from tests.fixtures.letters import HAPPENED, HOOK, draft

MINUTE, HOUR = 60_000, 3_600_000
A, B, C = draft("a"), draft("b"), draft("c")
OTHER = draft("other", lane="main/r1/s2")


def ids(letters):
    return [letter.id for letter in letters]


async def test_letters_are_numbered_in_their_lane_and_the_first_is_due(outbox_rig):
    await outbox_rig.put(A, B, OTHER, C)
    assert [(await outbox_rig.kept(each.id)).seq for each in (A, B, OTHER, C)] == [1, 2, 1, 3]
    assert ids(await outbox_rig.due()) == [A.id, OTHER.id]


async def test_a_letter_keeps_what_its_draft_says(outbox_rig):
    await outbox_rig.put(draft("a", expires=HAPPENED + 9), now=HAPPENED + 5)
    (letter,) = await outbox_rig.due(HAPPENED + 5)
    assert letter == (A.id, HOOK, A.lane, 1, A.kind, A.time, A.data, HAPPENED + 9, HAPPENED + 5, 0)


async def test_a_draft_that_is_known_changes_nothing(outbox_rig):
    await outbox_rig.put(A, A)
    await outbox_rig.settle(A.id, Fate.DELIVERED)
    await outbox_rig.put(A._replace(kind="stop.departed"), B)
    assert (await outbox_rig.kept(A.id)).state == LetterState.DELIVERED
    assert (await outbox_rig.kept(B.id)).seq == 2
    assert await outbox_rig.outbox.waiting() == {HOOK: 1}


async def test_what_was_dropped_is_opened_again_when_it_happens_anew(outbox_rig):
    """Delivered, failed and delivered again: the first was dropped as superseded, and the last is to be told."""
    await outbox_rig.put(A, B)
    await outbox_rig.settle(A.id, Fate.DROPPED)
    again = A._replace(time=A.time + 20_000, data=b'{"again":1}', expires=HAPPENED + 90_000)
    await outbox_rig.put(again, now=HAPPENED + 20_000)
    (letter,) = await outbox_rig.due(HAPPENED + 20_000)
    assert (letter.id, letter.seq) == (A.id, 1)
    assert (letter.time, letter.data, letter.expires) == (again.time, again.data, again.expires)
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 20_000)
    await outbox_rig.put(A._replace(time=A.time + 40_000))
    assert (await outbox_rig.kept(A.id)).state == LetterState.DELIVERED


async def test_what_was_dropped_stays_so_when_the_same_is_said_again(outbox_rig):
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, Fate.DROPPED)
    await outbox_rig.put(A)
    assert (await outbox_rig.kept(A.id)).state == LetterState.DROPPED


async def test_what_was_dropped_after_an_attempt_that_failed_is_opened_again_with_all_its_attempts(outbox_rig):
    """Delivered could not be sent, was failed in between, and is delivered after all: that is not to be lost."""
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, Fate.FAILED, again_at=HAPPENED + 5_000)
    await outbox_rig.settle(A.id, Fate.DROPPED, HAPPENED + 5_000)
    await outbox_rig.put(A._replace(time=A.time + 20_000), now=HAPPENED + 20_000)
    (letter,) = await outbox_rig.due(HAPPENED + 20_000)
    assert (letter.id, letter.attempts) == (A.id, 0)


async def test_what_waits_while_it_happens_anew_lasts_as_long_as_that(outbox_rig):
    """An outcome that was taken back in the afternoon and said again in the evening is told in the morning."""
    await outbox_rig.put(A._replace(expires=HAPPENED + HOUR))
    await outbox_rig.settle(A.id, Fate.HELD, again_at=HAPPENED + 60_000)
    again = A._replace(time=A.time + 20_000, expires=HAPPENED + 2 * HOUR)
    await outbox_rig.put(again, A)
    assert await outbox_rig.due(HAPPENED + 59_999) == []
    (letter,) = await outbox_rig.due(HAPPENED + 60_000)
    assert (letter.time, letter.expires) == (again.time, again.expires)


@pytest.mark.parametrize(
    ("fate", "again_at"),
    [(Fate.DROPPED, None), (Fate.FAILED, None), (Fate.FAILED, HAPPENED + HOUR), (Fate.HELD, HAPPENED + HOUR)],
)
async def test_what_happens_anew_while_it_is_under_way_is_not_judged_by_what_became_of_that(outbox_rig, fate, again_at):
    await outbox_rig.put(A._replace(expires=HAPPENED + MINUTE), B)
    await outbox_rig.settle(A.id, Fate.HELD, again_at=HAPPENED)
    again = A._replace(time=A.time + 20_000, expires=HAPPENED + HOUR)
    await outbox_rig.put(again)
    await outbox_rig.settle(A.id, fate, HAPPENED + 30_000, again_at, time=A.time)
    (letter,) = await outbox_rig.due(HAPPENED + 30_000)
    assert (letter.id, letter.time, letter.attempts, letter.expires) == (A.id, again.time, 0, again.expires)
    await outbox_rig.settle(A.id, fate, HAPPENED + 40_000, again_at, time=again.time)
    assert A.id not in ids(await outbox_rig.due(HAPPENED + 40_000))


async def test_what_happens_anew_while_it_arrives_has_arrived(outbox_rig):
    await outbox_rig.put(A, A._replace(time=A.time + 20_000))
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 30_000, time=A.time)
    assert (await outbox_rig.kept(A.id)).state == LetterState.DELIVERED


async def test_an_endpoint_switched_off_gets_nothing_of_what_happened_anew_meanwhile(outbox_rig):
    await outbox_rig.put(A, A._replace(time=A.time + 20_000))
    await outbox_rig.settle(A.id, Fate.GONE, HAPPENED + 30_000, time=A.time)
    kept = await outbox_rig.kept(A.id)
    assert (kept.state, kept.detail) == (LetterState.DEAD, DISABLED)


async def test_what_is_dropped_says_also_what_had_held_it_up(outbox_rig):
    await outbox_rig.put(A, OTHER)
    await outbox_rig.settle(A.id, Fate.FAILED, again_at=HAPPENED + 5_000, detail="timed_out")
    await outbox_rig.settle(A.id, Fate.DROPPED, HAPPENED + 5_000, detail="expired")
    assert (await outbox_rig.kept(A.id)).detail == "expired, after: timed_out"
    await outbox_rig.settle(OTHER.id, Fate.HELD, again_at=HAPPENED + 5_000, detail="quiet_hours")
    await outbox_rig.settle(OTHER.id, Fate.DROPPED, HAPPENED + 5_000, detail="quiet_hours")
    assert (await outbox_rig.kept(OTHER.id)).detail == "quiet_hours"


async def test_nothing_is_opened_again_where_there_is_no_room(outbox_rig, monkeypatch):
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, Fate.DROPPED)
    monkeypatch.setattr(outbox, "OPEN_AT_MOST", 0)
    await outbox_rig.put(A._replace(time=A.time + 20_000))
    assert (await outbox_rig.kept(A.id)).state == LetterState.DROPPED


async def test_the_next_of_a_lane_is_due_when_the_one_before_is_settled(outbox_rig):
    await outbox_rig.put(A, B, C)
    await outbox_rig.settle(A.id, Fate.FAILED, again_at=HAPPENED + 5_000)
    assert await outbox_rig.due(HAPPENED + 4_999) == []
    (again,) = await outbox_rig.due(HAPPENED + 5_000)
    assert (again.id, again.attempts) == (A.id, 1)
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 5_001)
    assert ids(await outbox_rig.due(HAPPENED + 5_001)) == [B.id]
    await outbox_rig.settle(B.id, Fate.FAILED, HAPPENED + 5_002)
    assert ids(await outbox_rig.due(HAPPENED + 5_002)) == [C.id]


async def test_a_busy_lane_is_passed_over(outbox_rig):
    await outbox_rig.put(A, OTHER)
    assert ids(await outbox_rig.due(busy=(A.lane,), limit=1)) == [OTHER.id]


async def test_the_limit_is_kept(outbox_rig):
    await outbox_rig.put(*(draft(str(number), lane=str(number)) for number in range(5)))
    assert len(await outbox_rig.due(limit=3)) == 3


async def test_what_expires_first_comes_before_a_heap_that_was_due_for_longer(outbox_rig):
    heap = [draft(str(n), lane=str(n), expires=HAPPENED + 14 * HOUR) for n in range(40)]
    await outbox_rig.put(*heap)
    arriving = draft("arriving", lane="arriving", expires=HAPPENED + 10 * MINUTE)
    await outbox_rig.put(draft("webhook", lane="webhook"), arriving, now=HAPPENED + 1)
    assert ids(await outbox_rig.due(HAPPENED + 1, limit=2)) == [arriving.id, heap[0].id]
    assert ids(await outbox_rig.due(HAPPENED + 1))[-1] != arriving.id


async def test_who_waited_for_others_long_enough_has_their_turn(outbox_rig):
    patient, later = draft("a", lane="a", expires=HAPPENED + 14 * HOUR), HAPPENED + PATIENCE_MS - 10 * MINUTE + 1
    await outbox_rig.put(patient)
    await outbox_rig.put(draft("b", lane="b", expires=later + 10 * MINUTE), now=later)
    assert ids(await outbox_rig.due(later, limit=1)) == [patient.id]


async def test_the_most_urgent_are_found_in_the_index_however_many_wait(outbox_rig):
    """No sorting, and what is not due yet is not looked at: retries of a webhook, and what waits for the morning."""

    def plan(connection):
        asked = {"endpoint": HOOK, "now": HAPPENED, "most": 8}
        return connection.execute(f"EXPLAIN QUERY PLAN {outbox._DUE}", asked).fetchall()

    (step,) = await outbox_rig.state.routes._file.run(plan)
    assert step[-1] == "SEARCH letter USING INDEX letter_turn (endpoint=? AND <expr><?)"


async def test_the_index_of_an_older_file_goes(outbox_rig):
    def names(connection):
        connection.execute("CREATE INDEX letter_due ON letter (endpoint, due)")
        connection.executescript(outbox.SCHEMA)
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index'")}

    found = await outbox_rig.state.routes._file.run(names)
    assert "letter_turn" in found
    assert "letter_due" not in found


@pytest.mark.parametrize(
    ("fate", "state", "attempts"),
    [
        (Fate.DELIVERED, LetterState.DELIVERED, 1),
        (Fate.FAILED, LetterState.DEAD, 1),
        (Fate.THROTTLED, LetterState.DEAD, 1),
        (Fate.GONE, LetterState.DEAD, 1),
        (Fate.DROPPED, LetterState.DROPPED, 0),
    ],
)
async def test_each_fate_has_its_end(outbox_rig, fate, state, attempts):
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, fate, HAPPENED + 1, detail="why")
    kept = await outbox_rig.kept(A.id)
    assert (kept.state, kept.attempts, kept.settled, kept.due, kept.detail) == (
        state,
        attempts,
        HAPPENED + 1,
        None,
        "why",
    )


async def test_holding_costs_no_attempt(outbox_rig):
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, Fate.HELD, again_at=HAPPENED + 60_000)
    (again,) = await outbox_rig.due(HAPPENED + 60_000)
    assert again.attempts == 0


async def test_an_endpoint_fails_since_its_first_failure_until_a_success(outbox_rig):
    await outbox_rig.put(A, B)
    await outbox_rig.settle(A.id, Fate.FAILED, HAPPENED + 1, HAPPENED + 2, detail="500")
    await outbox_rig.settle(A.id, Fate.FAILED, HAPPENED + 3, HAPPENED + 4, detail="timed_out")
    assert await outbox_rig.outbox.standing(HOOK) == Standing(HAPPENED + 1, None, None, "timed_out")
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 5)
    assert await outbox_rig.outbox.standing(HOOK) == Standing()


async def test_a_throttled_endpoint_is_left_alone_in_all_its_lanes(outbox_rig):
    await outbox_rig.put(A, OTHER)
    wanted, again = HAPPENED + 60_000, HAPPENED + 5_000
    await outbox_rig.settle(A.id, Fate.THROTTLED, HAPPENED, again, detail="429", wanted=wanted)
    assert await outbox_rig.due(wanted - 1) == []
    assert ids(await outbox_rig.due(wanted)) == [OTHER.id, A.id]


async def test_an_answer_to_what_was_sent_beside_does_not_undercut_what_an_endpoint_asked_for(outbox_rig):
    third, wanted = draft("c", lane="c"), HAPPENED + HOUR
    await outbox_rig.put(A, OTHER, third)
    await outbox_rig.settle(A.id, Fate.THROTTLED, HAPPENED, wanted, detail="429", wanted=wanted)
    await outbox_rig.settle(OTHER.id, Fate.DELIVERED, HAPPENED + 1, detail="200")
    assert await outbox_rig.outbox.standing(HOOK) == Standing(None, wanted, None, "429")
    shorter = HAPPENED + MINUTE
    await outbox_rig.settle(third.id, Fate.THROTTLED, HAPPENED + 2, shorter, detail="502", wanted=shorter)
    assert (await outbox_rig.outbox.standing(HOOK)).not_before == wanted
    assert await outbox_rig.due(wanted - 1) == []
    await outbox_rig.settle(A.id, Fate.DELIVERED, wanted, detail="200")
    assert await outbox_rig.outbox.standing(HOOK) == Standing()


async def test_410_switches_off_and_gives_up_what_waits_and_what_comes(outbox_rig):
    await outbox_rig.put(A, B, OTHER, draft("south", endpoint="webhook/south"))
    await outbox_rig.settle(A.id, Fate.GONE, HAPPENED + 1, detail="410 Gone")
    await outbox_rig.put(C)
    kept = [await outbox_rig.kept(each.id) for each in (A, B, OTHER, C)]
    assert [(each.state, each.detail) for each in kept] == [
        (LetterState.DEAD, "410 Gone"),
        *[(LetterState.DEAD, DISABLED)] * 3,
    ]
    assert await outbox_rig.due(HAPPENED + 9) == []
    assert await outbox_rig.outbox.waiting() == {"webhook/south": 1}
    assert await outbox_rig.outbox.standing(HOOK) == Standing(disabled=HAPPENED + 1, detail="410 Gone")


async def test_what_becomes_of_a_letter_that_was_given_up_meanwhile_changes_nothing(outbox_rig):
    await outbox_rig.put(A)
    await outbox_rig.outbox.disable(HOOK, HAPPENED, "why")
    await outbox_rig.settle(A.id, Fate.FAILED, again_at=HAPPENED + 1)
    assert (await outbox_rig.kept(A.id)).state == LetterState.DEAD
    assert (await outbox_rig.outbox.standing(HOOK)).disabled == HAPPENED


async def test_what_comes_to_a_full_endpoint_is_dead_in_its_place(outbox_rig, monkeypatch):
    monkeypatch.setattr(outbox, "OPEN_AT_MOST", 2)
    await outbox_rig.put(A, B, C, draft("south", endpoint="webhook/south"))
    kept = await outbox_rig.kept(C.id)
    assert (kept.state, kept.detail, kept.seq) == (LetterState.DEAD, FULL, 3)
    assert await outbox_rig.outbox.waiting() == {HOOK: 2, "webhook/south": 1}
    await outbox_rig.settle(A.id, Fate.DELIVERED)
    await outbox_rig.put(draft("d"))
    assert (await outbox_rig.kept(draft("d").id)).seq == 4


async def test_settled_letters_are_forgotten_in_time_and_open_ones_never(outbox_rig):
    await outbox_rig.put(A, B, C, OTHER)
    for each, fate in ((A, Fate.DELIVERED), (B, Fate.FAILED), (C, Fate.DROPPED)):
        await outbox_rig.settle(each.id, fate)
    assert await outbox_rig.outbox.forget(HAPPENED + DELIVERED_KEPT_MS) == 0
    assert await outbox_rig.outbox.forget(HAPPENED + DELIVERED_KEPT_MS + 1) == 1
    assert await outbox_rig.outbox.forget(HAPPENED + DEAD_KEPT_MS + 1) == 2
    assert await outbox_rig.outbox.forget(HAPPENED + 2 * LANE_KEPT_MS) == 0
    assert (await outbox_rig.kept(OTHER.id)).state == LetterState.OPEN


async def test_a_lane_counts_on_after_its_letters_are_forgotten(outbox_rig):
    await outbox_rig.put(A)
    await outbox_rig.settle(A.id, Fate.DELIVERED)
    await outbox_rig.outbox.forget(HAPPENED + DEAD_KEPT_MS)
    await outbox_rig.put(B, now=HAPPENED + DEAD_KEPT_MS)
    assert (await outbox_rig.kept(B.id)).seq == 2


@pytest.mark.parametrize("switched_off", ["by another's 410", "by five days of failure"])
async def test_what_arrived_while_its_endpoint_was_switched_off_has_arrived(outbox_rig, switched_off):
    await outbox_rig.put(A, OTHER)
    if switched_off == "by another's 410":
        await outbox_rig.settle(OTHER.id, Fate.GONE, HAPPENED + 1, detail="410 Gone")
    else:
        await outbox_rig.outbox.disable(HOOK, HAPPENED + 1, "failing for 5 days")
    await outbox_rig.settle(A.id, Fate.DELIVERED, HAPPENED + 2, detail="204")
    kept = await outbox_rig.kept(A.id)
    assert (kept.state, kept.detail, kept.settled, kept.attempts) == (LetterState.DELIVERED, "204", HAPPENED + 2, 1)
    assert (await outbox_rig.outbox.standing(HOOK)).disabled == HAPPENED + 1


async def test_what_failed_while_its_endpoint_was_switched_off_stays_dead(outbox_rig):
    await outbox_rig.put(A)
    await outbox_rig.outbox.disable(HOOK, HAPPENED + 1, "why")
    await outbox_rig.settle(A.id, Fate.FAILED, HAPPENED + 2, HAPPENED + 9, detail="500")
    kept = await outbox_rig.kept(A.id)
    assert (kept.state, kept.detail, kept.due) == (LetterState.DEAD, DISABLED, None)


async def test_letters_to_an_endpoint_that_is_gone_from_the_settings_are_dead_until_it_is_back(outbox_rig):
    late = draft("late", lane="main/r1/s3", expires=HAPPENED + 5)
    elsewhere = draft("a", endpoint="webhook/shop")
    await outbox_rig.put(A, B, late, elsewhere)
    orphans = await outbox_rig.outbox.give_up_orphans({"webhook/shop"}, HAPPENED + 5)
    assert orphans == {HOOK: 3}
    found = [await outbox_rig.kept(each.id) for each in (A, B, late, elsewhere)]
    assert [(each.state, each.detail) for each in found] == [
        (LetterState.DEAD, NO_ENDPOINT),
        (LetterState.DEAD, NO_ENDPOINT),
        (LetterState.DROPPED, "expired"),
        (LetterState.OPEN, ""),
    ]
    assert await outbox_rig.outbox.give_up_orphans({"webhook/shop"}, HAPPENED + 6) == {}
    await outbox_rig.desk.replay([B.id, A.id], HAPPENED + 9)
    assert ids(await outbox_rig.due(HAPPENED + 9)) == [A.id]
