from device.exchange.envelope import Batch, batch_message, question
from wire.codec import decode_envelope, encode
from wire.messages import Position


def test_a_batch_travels_as_the_wire_says_without_being_decoded():
    positions = (Position(1_000, 60.1, 24.9, speed=3.5), Position(2_000, 60.2, 24.8))
    batch = Batch(41, 40, tuple(encode(position) for position in positions))
    message = batch_message(batch, spool="s1", after=40, oldest=True, sent_ms=7, source="phone")
    envelope = decode_envelope(message)
    assert tuple(envelope.positions) == positions
    assert (envelope.spool, envelope.after, envelope.seq, envelope.last) == ("s1", 40, 41, 42)
    assert (envelope.oldest, envelope.sent, envelope.source) == (True, 7, "phone")
    assert batch.last == 42


def test_what_is_usual_is_absent():
    message = batch_message(Batch(1, 0, (b"{}",)), spool="s1", after=0, oldest=False, sent_ms=7, source="tracker")
    assert b"oldest" not in message


def test_a_question_has_no_positions_and_names_the_next_number():
    envelope = decode_envelope(question(spool="s1", after=12, sent_ms=7, source="tracker"))
    assert (envelope.after, envelope.seq, envelope.positions) == (12, 13, [])
