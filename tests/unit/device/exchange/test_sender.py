"""The exchange, told as stories: what the device does next when this happens."""

import pytest

from device.exchange.envelope import Batch
from device.exchange.sender import (
    MAX_TIMEOUT_MS,
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
from device.exchange.stretch import Stretch
from device.exchange.window import MAX_MESSAGES_IN_FLIGHT, MAX_POSITIONS_IN_FLIGHT
from wire.messages import VERSION, GatewayStatus, Presence, Watermark

SPOOL = "s1"
ONLINE = GatewayStatus(VERSION, Presence.ONLINE, "gw", 1)
OFFLINE = GatewayStatus(VERSION, Presence.OFFLINE, "gw")


def stretch(last: int = 0, *, at_start: int | None = None, acknowledged: int = 0, told: int | None = None, **more):
    told = acknowledged if told is None else told
    is_open = more.pop("is_open", True)
    return Stretch(more.pop("spool", SPOOL), last, last if at_start is None else at_start, acknowledged, told, is_open)


def batch(first: int, last: int, previous: int = 0) -> Batch:
    return Batch(first, previous, tuple(b"{}" for _ in range(first, last + 1)))


def mark(seq: int, *, gap: bool = False, spool: str = SPOOL) -> Watermark:
    return Watermark(VERSION, spool, seq, gap)


def asking(held: Stretch) -> Sender:
    sender = Sender(lambda: 0.0)
    sender.connected()
    assert sender.gateway(ONLINE) == [TakeUp(None)]
    assert sender.take_up(held, 0) == [Ask(SPOOL, held.acknowledged)]
    return sender


def sending(held: Stretch, watermark: int | None = None) -> Sender:
    sender = asking(held)
    sender.answer(mark(held.acknowledged if watermark is None else watermark), 0)
    assert sender.state is State.SENDING
    return sender


def test_nothing_is_asked_while_no_gateway_is_online():
    sender = Sender(lambda: 0.0)
    assert sender.connected() == []
    assert sender.state is State.WAITING
    assert sender.appended(SPOOL, 3) == []
    assert sender.timer(10**9) == []


def test_a_gateway_that_turns_online_is_asked_first_and_served_after_its_answer():
    sender = asking(stretch(7))
    assert sender.appended(SPOOL, 8) == []
    assert sender.answer(mark(0), 0) == [Confirm(SPOOL), Load(SPOOL, 0, 500)]
    assert sender.loaded(batch(1, 8), 0) == [Publish(SPOOL, batch(1, 8), 0, oldest=False)]


def test_the_same_status_again_changes_nothing_but_a_new_since_asks_again():
    sender = sending(stretch(0))
    assert sender.gateway(ONLINE) == []
    assert sender.gateway(GatewayStatus(VERSION, Presence.ONLINE, "gw", 2)) == [TakeUp(None)]


def test_the_last_gateway_that_goes_silences_the_device():
    sender = sending(stretch(0))
    sender.gateway(GatewayStatus(VERSION, Presence.ONLINE, "other", 1))
    sender.take_up(stretch(0), 0)
    assert sender.gateway(OFFLINE) == []
    assert sender.state is State.ASKING
    sender.gateway(GatewayStatus(VERSION, Presence.OFFLINE, "other"))
    assert sender.state is State.WAITING
    assert sender.wake_at is None


def test_an_unanswered_question_is_asked_again_later_each_time():
    sender = asking(stretch(5))
    waits = []
    now = 0
    for _ in range(8):
        waits.append(sender.wake_at - now)
        now = sender.wake_at
        assert sender.timer(now) == [Ask(SPOOL, 0)]
    assert waits == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000]
    assert sender.unanswered_questions == 8


def test_jitter_stretches_a_wait_by_a_quarter_at_most():
    sender = Sender(lambda: 0.999)
    sender.connected()
    sender.gateway(ONLINE)
    sender.take_up(stretch(1), 0)
    assert 6_240 < sender.wake_at < 6_250


def test_what_is_appended_is_sent_at_once_and_settled_by_its_answer():
    sender = sending(stretch(0))
    assert sender.appended(SPOOL, 1) == [Load(SPOOL, 0, 500)]
    sender.loaded(batch(1, 1), 100)
    assert sender.wake_at == 5_100
    assert sender.answer(mark(1), 200) == [Settle(SPOOL, 1)]
    assert sender.wake_at is None


def test_an_answer_for_another_spool_or_a_late_lower_one_is_ignored():
    sender = sending(stretch(9, acknowledged=4))
    sender.loaded(batch(5, 9, 4), 0)
    assert sender.answer(mark(9, spool="s0"), 0) == []
    assert sender.answer(mark(2), 0) == []
    assert sender.answer(mark(9), 0) == [Settle(SPOOL, 9)]


def test_the_window_is_bounded_in_positions():
    sender = sending(stretch(5_000))
    actions = [Load(SPOOL, 0, 500)]
    sent = 0
    while actions:
        load = actions[-1]
        actions = sender.loaded(batch(load.above + 1, load.above + load.limit, load.above), 0)[1:]
        sent = load.above + load.limit
    assert sent == MAX_POSITIONS_IN_FLIGHT
    assert sender.answer(mark(500), 0) == [Settle(SPOOL, 500), Load(SPOOL, 2_000, 500)]


def test_a_window_full_of_small_batches_is_followed_by_a_question():
    sender = sending(stretch(200))
    for number in range(1, MAX_MESSAGES_IN_FLIGHT):
        assert Ask(SPOOL, 0) not in sender.loaded(batch(2 * number, 2 * number, 2 * number - 2), 0)
    last = 2 * MAX_MESSAGES_IN_FLIGHT
    assert sender.loaded(batch(last, last, last - 2), 0)[1:] == [Ask(SPOOL, 0)]


def test_a_gap_goes_back_at_once_and_its_echoes_are_ignored():
    sender = sending(stretch(9))
    sender.loaded(batch(1, 4), 0)
    sender.loaded(batch(5, 9, 4), 0)
    assert sender.answer(mark(0, gap=True), 0) == [Load(SPOOL, 0, 500)]
    sender.loaded(batch(1, 9), 0)
    assert sender.answer(mark(0, gap=True), 0) == []


def test_after_the_time_out_it_asks_and_goes_on_with_half_the_batch():
    sender = sending(stretch(400))
    sender.loaded(batch(1, 400), 0)
    assert sender.timer(4_999) == []
    assert sender.timer(5_000) == [Ask(SPOOL, 0)]
    assert sender.answer(mark(0), 5_050) == [Confirm(SPOOL), Load(SPOOL, 0, 250)]
    sender.loaded(batch(1, 250), 5_050)
    assert sender.wake_at == 15_050


def test_when_the_watermark_moves_the_batch_doubles_again():
    sender = sending(stretch(400))
    sender.loaded(batch(1, 400), 0)
    sender.timer(5_000)
    assert sender.answer(mark(0), 5_050)[-1] == Load(SPOOL, 0, 250)
    sender.loaded(batch(1, 250), 5_050)
    assert sender.answer(mark(250), 5_100)[-1] == Load(SPOOL, 250, 500)


def test_an_answer_that_was_only_lost_costs_no_second_sending():
    sender = sending(stretch(3))
    sender.loaded(batch(1, 3), 0)
    sender.timer(5_000)
    assert sender.answer(mark(3), 5_050) == [Confirm(SPOOL), Settle(SPOOL, 3)]


def test_one_position_three_times_unanswered_beside_answered_questions_is_set_aside():
    sender = sending(stretch(1))
    now = 0
    for strike in (1, 2, 3):
        sender.loaded(batch(1, 1), now)
        now = sender.wake_at
        assert sender.timer(now) == [Ask(SPOOL, 0)]
        actions = sender.answer(mark(0), now)
        assert (SetAside(SPOOL, 1) in actions) == (strike == 3)


def test_without_answers_nothing_is_ever_set_aside():
    sender = sending(stretch(1))
    sender.loaded(batch(1, 1), 0)
    for _ in range(20):
        assert sender.timer(sender.wake_at) == [Ask(SPOOL, 0)]
    assert sender.wake_at is not None


def test_a_larger_batch_is_never_set_aside():
    sender = sending(stretch(2))
    for _ in range(2):
        sender.loaded(batch(1, 2), sender.wake_at or 0)
        sender.timer(sender.wake_at)
        assert not [action for action in sender.answer(mark(0), 0) if isinstance(action, SetAside)]


def test_a_restored_gateway_is_served_again_from_its_watermark():
    sender = sending(stretch(100, acknowledged=100), watermark=40)
    assert sender.loaded(batch(41, 100, 40), 0) == [Publish(SPOOL, batch(41, 100, 40), 40, oldest=False)]


def test_what_a_restored_gateway_lacks_and_the_device_freed_is_declared():
    sender = sending(stretch(120, acknowledged=100), watermark=40)
    assert sender.loaded(batch(81, 120), 0) == [Publish(SPOOL, batch(81, 120), 40, oldest=True)]


def test_thinned_numbers_are_jumped_over_with_the_row_before():
    sender = sending(stretch(9))
    assert sender.loaded(batch(1, 1), 0)[0] == Publish(SPOOL, batch(1, 1), 0, oldest=False)
    assert sender.loaded(batch(3, 3, previous=1), 0)[0] == Publish(SPOOL, batch(3, 3, 1), 1, oldest=False)


def test_an_older_spool_that_is_through_makes_room_for_the_next():
    sender = sending(stretch(3, is_open=False))
    sender.loaded(batch(1, 3), 0)
    assert sender.answer(mark(3), 0) == [Settle(SPOOL, 3), TakeUp(SPOOL)]
    assert sender.take_up(stretch(5, spool="s2"), 0) == [Ask("s2", 0)]


def test_an_older_spool_whose_end_was_thinned_is_through_too():
    sender = sending(stretch(3, is_open=False))
    sender.loaded(batch(1, 2), 0)
    assert sender.answer(mark(2), 0) == [Settle(SPOOL, 2), Load(SPOOL, 2, 500)]
    assert sender.loaded(None, 0) == [Settle(SPOOL, 3), TakeUp(SPOOL)]


def test_a_spool_is_closed_when_rows_are_appended_to_a_newer_one():
    sender = sending(stretch(0))
    assert sender.appended("s2", 1) == [TakeUp(SPOOL)]


def test_a_watermark_beyond_an_untouched_spool_settles_it_and_is_no_confirmation():
    sender = asking(stretch(100))
    assert sender.answer(mark(150), 0) == [Settle(SPOOL, 100)]
    assert sender.appended(SPOOL, 100) == []


def test_a_watermark_beyond_what_this_life_published_starts_a_new_spool():
    sender = sending(stretch(100, acknowledged=100))
    sender.appended(SPOOL, 120)
    sender.loaded(batch(101, 120, 100), 0)
    assert sender.answer(mark(110), 0)[0] == Settle(SPOOL, 110)
    assert sender.answer(mark(150), 0) == [StartNewSpool(SPOOL, 110), TakeUp(SPOOL)]


@pytest.mark.parametrize("attempts", [10, 60])
def test_however_long_it_lasts_the_wait_stays_bounded(attempts):
    sender = asking(stretch(1))
    for _ in range(attempts):
        sender.timer(sender.wake_at)
    before = sender.wake_at
    sender.timer(before)
    assert sender.wake_at - before == MAX_TIMEOUT_MS


def test_nothing_moves_without_a_connection():
    sender = sending(stretch(3))
    sender.disconnected()
    assert sender.state is State.AWAY
    assert sender.answer(mark(3), 0) == []
    assert sender.gateway(ONLINE) == []
    assert sender.timer(10**9) == []
