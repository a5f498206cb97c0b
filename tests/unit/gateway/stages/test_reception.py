"""Messages become records, rejects and answers; each rule of the exchange as the gateway keeps it."""

import json

import pytest

from gateway.domain.records import LossRecord, PositionsRecord, PresenceRecord
from gateway.intake.sequencing import Urgency
from gateway.ports import Arrival, JournalUnavailable, Sender, SpoolKey
from gateway.stages import reception as reception_module
from gateway.stages.reception import Reception
from wire.codec import encode
from wire.messages import DeviceStatus, Envelope, Position, Presence, Rejection
from wire.names import VehicleKey
from wire.topics import Topics

NOW = 1_732_375_000_000
VAN = VehicleKey("main", "van")
TOPIC = "milepost/1/main/vehicle/van/positions"
STATUS = "milepost/1/main/vehicle/van/status"
SPOOL = SpoolKey("main", "van", "s")


class MemoryJournal:
    def __init__(self):
        self.watermarks = {}
        self.identities = set()
        self.broken = False

    def watermark(self, spool):
        return self.watermarks.get(spool, 0)

    def seen(self, spool, identity):
        if self.broken:
            raise JournalUnavailable("the disk is full")
        return (spool, identity) in self.identities


class Everybody:
    def knows(self, key):
        return key.vehicle != "stranger"


@pytest.fixture
def journal():
    return MemoryJournal()


@pytest.fixture
def reception(journal):
    return Reception(journal, Everybody(), Topics(), "main")


def fixes(count, **fields):
    return [Position(**{"time": NOW + n, "lat": 60.17, "lon": 24.94, **fields}) for n in range(count)]


def batch(seq, count=1, *, after=None, spool="s", **fields):
    after = seq - 1 if after is None else after
    return Envelope(v=1, spool=spool, after=after, seq=seq, sent=NOW, positions=fixes(count), **fields)


def arrival(payload, topic=TOPIC, *, retained=False):
    return Arrival(topic, payload if isinstance(payload, bytes) else encode(payload), NOW, retained, None)


def records(group):
    return [body.record for body in group.commit.bodies]


def reasons(group):
    return [(item.reason, item.seq) for item in group.commit.quarantined]


def test_a_batch_is_journalled_as_it_came(reception):
    message = arrival(batch(1, 3))
    spool = reception.take(message)
    group = reception.finish()
    assert records(group) == [PositionsRecord(VAN, "tracker", "s", 1, NOW, fixes(3))]
    assert group.commit.bodies[0].payload is message.payload
    assert group.commit.watermarks == {SPOOL: 3}
    assert group.spools == [spool]
    assert spool.answer().seq == 3


def test_a_duplicate_is_answered_and_not_journalled(reception, journal):
    journal.watermarks[SPOOL] = 9
    spool = reception.take(arrival(batch(5, 3)))
    group = reception.finish()
    assert (records(group), group.commit.watermarks) == ([], {})
    assert (spool.answer().seq, spool.urgency) == (9, Urgency.COALESCED)


def test_of_an_overlap_the_new_numbers_are_journalled(reception, journal):
    journal.watermarks[SPOOL] = 6
    reception.take(arrival(batch(5, 4)))
    (record,) = records(reception.finish())
    assert (record.first, list(record.positions)) == (7, fixes(4)[2:])


def test_batches_of_one_group_follow_each_other(reception):
    for seq in (1, 2, 3):
        reception.take(arrival(batch(seq)))
    group = reception.finish()
    assert [record.first for record in records(group)] == [1, 2, 3]
    assert group.commit.watermarks == {SPOOL: 3}


def test_a_gap_is_answered_with_where_to_go_back_to(reception, journal):
    journal.watermarks[SPOOL] = 4
    spool = reception.take(arrival(batch(8, 2)))
    assert records(reception.finish()) == []
    answer = spool.answer()
    assert (answer.seq, answer.gap, spool.urgency) == (4, True, Urgency.AT_ONCE)


def test_a_gap_that_was_filled_in_the_same_group_is_none(reception, journal):
    journal.watermarks[SPOOL] = 4
    reception.take(arrival(batch(6, 2)))
    reception.take(arrival(batch(5, 1)))
    spool = reception.take(arrival(batch(6, 2)))
    assert (spool.answer().seq, spool.answer().gap) == (7, False)


def test_what_nobody_holds_any_more_is_recorded_as_lost(reception, journal):
    journal.watermarks[SPOOL] = 4
    reception.take(arrival(batch(8, 2, after=4, oldest=True)))
    group = reception.finish()
    assert records(group)[0] == LossRecord(VAN, "tracker", "s", 5, 7, NOW)
    assert records(group)[1].first == 8
    assert group.commit.watermarks == {SPOOL: 9}


def test_a_question_is_answered_at_once(reception, journal):
    journal.watermarks[SPOOL] = 4
    spool = reception.take(arrival(batch(9, 0)))
    assert (spool.answer().seq, spool.answer().gap, spool.urgency) == (4, False, Urgency.AT_ONCE)
    assert reception.finish().commit.watermarks == {}


def test_an_answer_says_nothing_of_the_last_one(reception, journal):
    journal.watermarks[SPOOL] = 4
    spool = reception.take(arrival(batch(8)))
    spool.settle()
    assert (spool.answer().gap, spool.urgency) == (False, Urgency.COALESCED)


def test_one_bad_position_is_quarantined_by_itself_and_settled(reception):
    positions = [*fixes(1), *fixes(1, lat=91.0), *fixes(1)]
    reception.take(arrival(Envelope(v=1, spool="s", after=0, seq=1, sent=NOW, positions=positions)))
    group = reception.finish()
    assert [(record.first, len(record.positions)) for record in records(group)] == [(1, 1), (3, 1)]
    assert reasons(group) == [("latitude_out_of_range", 2)]
    assert group.commit.watermarks == {SPOOL: 3}
    assert all(body.payload is None for body in group.commit.bodies)


def test_one_unreadable_position_is_quarantined_by_itself_and_settled(reception):
    envelope = json.loads(encode(batch(1, 3)))
    envelope["positions"][2] = {"time": "noon"}
    reception.take(arrival(json.dumps(envelope).encode()))
    group = reception.finish()
    assert [(record.first, len(record.positions)) for record in records(group)] == [(1, 2)]
    assert reasons(group) == [("wrong_shape", 3)]
    assert group.commit.watermarks == {SPOOL: 3}


def test_an_envelope_refused_whole_is_settled_and_answered(reception):
    envelope = {**json.loads(encode(batch(1, 3))), "v": 2}
    spool = reception.take(arrival(json.dumps(envelope).encode()))
    group = reception.finish()
    assert records(group) == []
    assert reasons(group) == [("unknown_version", 1)]
    assert group.commit.watermarks == {SPOOL: 3}
    assert spool.answer().rejected == Rejection(1, 3, "unknown_version")
    assert spool.urgency is Urgency.AT_ONCE


def test_a_refused_envelope_sent_again_is_a_duplicate(reception):
    payload = json.dumps({**json.loads(encode(batch(1, 3))), "v": 2}).encode()
    reception.take(arrival(payload)).settle()
    spool = reception.take(arrival(payload))
    assert spool.answer().rejected is None
    assert len(reception.finish().commit.quarantined) == 1


@pytest.mark.parametrize("payload", [b"", b"hello", b"{", b'{"v":1}', b"\x01binary"])
def test_what_has_no_frame_is_quarantined_without_an_answer(reception, payload):
    assert reception.take(arrival(payload)) is None
    assert len(reception.finish().commit.quarantined) == 1


def test_a_stranger_is_quarantined_once_and_not_answered(reception):
    topic = TOPIC.replace("van", "stranger")
    for _ in range(3):
        assert reception.take(arrival(batch(1), topic)) is None
    group = reception.finish()
    assert reasons(group) == [("unknown_vehicle", None)]
    assert records(group) == []
    assert reception.counts.ignored["unknown_vehicle"] == 2


def test_whom_we_know_ourselves_needs_no_registration(reception):
    """A phone of a driver whose van has no tracker, and so was never registered."""
    topic = TOPIC.replace("van", "stranger")
    vouched = Arrival(
        topic, encode(batch(1, source="phone")), NOW, retained=False, settle=None, sender=Sender.VOUCHED_FOR
    )
    assert reception.take(vouched) is not None
    assert [(record.key.vehicle, record.source) for record in records(reception.finish())] == [("stranger", "phone")]


def test_strangers_are_remembered_within_a_bound(reception, monkeypatch):
    monkeypatch.setattr(reception_module, "STRANGERS", 0)
    reception.take(arrival(batch(1), TOPIC.replace("van", "stranger")))
    assert reasons(reception.finish()) == []


def test_a_spool_cannot_pose_as_a_phone(reception):
    assert reception.take(arrival(batch(1, spool="owntracks"))) is None
    assert reasons(reception.finish()) == [("foreign_spool_name", None)]


def test_a_vehicle_that_begins_too_many_spools_gets_no_answer(reception, monkeypatch):
    monkeypatch.setattr("gateway.stages.native.NEW_SPOOLS_A_VEHICLE", 2)
    answered = [reception.take(arrival(batch(1, spool=f"s{n}"))) is not None for n in range(3)]
    assert answered == [True, True, False]
    assert reasons(reception.finish()) == [("too_many_spools", None)]


def test_of_many_spools_few_are_held_and_the_others_found_again(reception, journal):
    for seq in (1, 2):
        for number in range(20):
            spool = reception.take(arrival(batch(seq, spool=f"s{number}")))
            assert spool is not None
            assert spool.answer().seq == seq
        journal.watermarks.update(reception.finish().commit.watermarks)
    (reporter,) = reception._reporters.values()
    assert len(reporter.spools) == 8


def status(**fields):
    known = {"v": 1, "state": Presence.ONLINE, "spool": "s", "boot": 3, "depth": 12}
    return encode(DeviceStatus(**{**known, **fields}))


def test_births_and_wills_are_journalled(reception):
    reception.take(arrival(status(), STATUS))
    reception.take(arrival(status(state=Presence.OFFLINE), STATUS))
    assert records(reception.finish()) == [
        PresenceRecord(VAN, "tracker", "s", online=True, boot=3, depth=12, received=NOW),
        PresenceRecord(VAN, "tracker", "s", online=False, boot=3, depth=12, received=NOW),
    ]


def test_a_retained_status_that_says_nothing_new_is_no_news(reception):
    reception.take(arrival(status(), STATUS, retained=True))
    reception.take(arrival(status(), STATUS, retained=True))
    assert len(records(reception.finish())) == 1


@pytest.mark.parametrize(
    "payload",
    [
        b"?",
        status(boot=2**60),
        status(depth=-1),
        b'{"v":1,"state":"online","spool":"s","boot":-99999999999999999999}',
        status(spool="a b"),
        status(source="a/b"),
    ],
)
def test_an_unsound_status_is_quarantined(reception, payload):
    reception.take(arrival(payload, STATUS))
    group = reception.finish()
    assert (len(group.commit.quarantined), records(group)) == (1, [])


PHONE = "owntracks/anna/phone"


def location(**fields):
    known = {"_type": "location", "lat": 60.17, "lon": 24.94, "tst": NOW // 1000}
    return json.dumps({**known, **fields}).encode()


def test_a_phone_s_position_is_journalled_once(reception, journal):
    reception.take(arrival(location(), PHONE))
    reception.take(arrival(location(), PHONE))
    group = reception.finish()
    (record,) = records(group)
    assert (record.key, record.source, record.spool) == (VehicleKey("main", "anna"), "owntracks", "owntracks")
    assert group.commit.identities == {(SpoolKey("main", "anna", "owntracks"), record.first)}
    journal.identities |= group.commit.identities
    reception.take(arrival(location(), PHONE))
    assert records(reception.finish()) == []
    assert reception.counts.ignored["owntracks_repeated"] == 2


def test_a_retained_message_is_no_receipt(reception):
    reception.take(arrival(location(tst=NOW // 1000 - 3600), PHONE, retained=True))
    assert records(reception.finish())[0].received == NOW - 3_600_000


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"?", "owntracks_not_json"),
        (location(acc=-1), "accuracy_out_of_range"),
        (location(lat=99), "latitude_out_of_range"),
    ],
)
def test_a_phone_s_nonsense_is_quarantined(reception, payload, reason):
    reception.take(arrival(payload, PHONE))
    assert reasons(reception.finish()) == [(reason, None)]


def test_a_phone_s_message_waits_when_the_journal_cannot_be_asked(reception, journal):
    journal.broken = True
    with pytest.raises(JournalUnavailable):
        reception.take(arrival(location(), PHONE))
    assert records(reception.finish()) == []


@pytest.mark.parametrize("topic", ["milepost/1/main/vehicle/van/ack", "a/b", "milepost/2/main/vehicle/van/positions"])
def test_other_topics_are_ignored(reception, topic):
    assert reception.take(arrival(b"x", topic)) is None
    assert reception.counts.ignored["no_such_topic"] == 1


def test_topics_are_forgotten_between_groups_and_found_again(reception, journal, monkeypatch):
    monkeypatch.setattr(reception_module, "KNOWN_TOPICS", 2)
    for group in range(3):
        for van in range(3):
            topic = f"milepost/1/main/vehicle/van{van}/positions"
            assert reception.take(arrival(batch(group + 1), topic)).answer().seq == group + 1
        journal.watermarks.update(reception.finish().commit.watermarks)
    assert len(reception._handlers) <= 3
