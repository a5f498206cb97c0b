"""How long a silence ends an epoch, and how that is learnt."""

from device.nmea.quiet import MAX_QUIET_GAP_MS, QUIET_GAP_MS, Quiet


def test_nothing_heard_is_no_silence():
    assert not Quiet().has_come(10**12)


def test_a_silence_ends_an_epoch():
    quiet = Quiet()
    quiet.heard(1_000, epoch=0, late=0)
    assert not quiet.has_come(1_000 + QUIET_GAP_MS - 1)
    assert quiet.has_come(1_000 + QUIET_GAP_MS)


def test_a_clock_set_back_is_no_silence():
    quiet = Quiet()
    quiet.heard(1_000_000, epoch=0, late=0)
    assert not quiet.has_come(0)


def test_a_late_sentence_of_an_epoch_closed_for_silence_doubles_it_once():
    quiet = Quiet()
    quiet.closed(1)
    quiet.heard(1_000, epoch=1, late=1)
    quiet.heard(1_001, epoch=1, late=2)
    assert quiet.gap_ms == 2 * QUIET_GAP_MS


def test_a_late_sentence_of_an_epoch_that_the_next_one_closed_says_nothing_of_silence():
    quiet = Quiet()
    quiet.closed(1)
    quiet.heard(1_000, epoch=2, late=1)
    assert quiet.gap_ms == QUIET_GAP_MS


def test_an_epoch_closed_for_silence_without_a_late_sentence_keeps_it():
    quiet = Quiet()
    quiet.heard(0, epoch=0, late=3)
    quiet.closed(1)
    quiet.heard(1_000, epoch=1, late=3)
    assert quiet.gap_ms == QUIET_GAP_MS


def test_the_silence_does_not_grow_without_bound():
    quiet = Quiet()
    for late in range(1, 20):
        quiet.closed(late)
        quiet.heard(1_000 * late, epoch=late, late=late)
    assert quiet.gap_ms == MAX_QUIET_GAP_MS
