"""What the OwnTracks apps send becomes positions, is ignored with a name, or is quarantined."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.intake.owntracks import Ignored, Located, Unreadable, Unusable, read, vehicle_of

TOPIC = "owntracks/anna/phone"
IOS = {
    "_type": "location", "acc": 5, "alt": 154, "batt": 53, "cog": 271, "conn": "w", "lat": 51.5030,
    "lon": -0.1277, "p": 100.5, "t": "u", "tid": "AN", "tst": 1732375000, "vac": 4, "vel": 36, "inregions": ["home"],
}  # fmt: skip


def message(**changes):
    fields = {**IOS, **changes}
    return json.dumps({name: value for name, value in fields.items() if value is not ...}).encode()


def located(**changes):
    result = read(TOPIC, message(**changes))
    assert isinstance(result, Located), result
    return result


def test_units_are_ours():
    position = located(odometer=12.5, uext=12.1, ign=True).position
    assert (position.time, position.lat, position.lon) == (1_732_375_000_000, 51.5030, -0.1277)
    assert position.speed == 10.0  # 36 km/h
    assert position.accuracy == pytest.approx(8.1)  # 68 % of 5 m is 95 % of 8.1 m
    assert (position.course, position.alt, position.battery_percent) == (271, 154, 53)
    assert (position.odometer_m, position.supply_volts, position.ignition) == (12_500, 12.1, True)


def test_what_the_app_leaves_out_is_unknown_not_zero():
    position = located(acc=..., alt=..., cog=..., vel=..., batt=...).position
    assert (position.accuracy, position.alt, position.course, position.speed) == (None, None, None, None)


def test_a_zero_that_is_said_is_zero():
    assert located(vel=0, cog=0).position.speed == 0
    assert located(vel=0, cog=0).position.course == 0


def test_negative_means_unknown_but_for_the_accuracy_which_condemns_the_place():
    position = located(vel=-1, cog=-1, acc=-1).position
    assert (position.speed, position.course) == (None, None)
    assert position.accuracy is not None
    assert position.accuracy < 0


def test_numbers_in_quotes_are_numbers():
    assert located(lat="51.5030", tst="1732375000").position == located().position


@pytest.mark.parametrize("kind", ["lwt", "transition", "waypoints", "encrypted", "cmd"])
def test_other_messages_are_ignored_by_name(kind):
    assert read(TOPIC, json.dumps({"_type": kind}).encode()) is Ignored(kind)


def test_unheard_of_messages_and_cleared_ones_are_ignored():
    assert read(TOPIC, b'{"_type":"horoscope"}') is Ignored.OTHER
    assert read(TOPIC, b"") is Ignored.EMPTY


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"not json", Unusable.OWNTRACKS_NOT_JSON),
        (b'{"_type":"location","lat":1}', Unusable.OWNTRACKS_WRONG_SHAPE),
        (message(lat="north"), Unusable.OWNTRACKS_WRONG_SHAPE),
        (b"[1]", Unusable.OWNTRACKS_WRONG_SHAPE),
        (b"{" + b" " * 70_000, Unusable.OWNTRACKS_TOO_LARGE),
        (b'{"_type":"location","tst":1e300,"lat":1e400,"lon":1}', Unusable.OWNTRACKS_WRONG_SHAPE),
        (b'{"_type":"\xff"}', Unusable.OWNTRACKS_NOT_JSON),
        (message(tst="nan"), Unusable.OWNTRACKS_NOT_JSON),
        (message(tst="inf"), Unusable.OWNTRACKS_NOT_JSON),
    ],
)
def test_what_cannot_be_read_has_a_reason(payload, reason):
    result = read(TOPIC, payload)
    assert isinstance(result, Unreadable)
    assert result.reason is reason


def test_the_same_message_is_the_same_position():
    assert located().identity == located(conn="m", batt=52).identity
    assert located().identity != located(tst=1732375001).identity
    assert located().identity != located(t="p").identity


def test_an_id_decides_if_there_is_one():
    assert located(_id="a1").identity == located(_id="a1", lat=52.0).identity
    assert located(_id="a1").identity != located(_id="a2").identity


def test_two_phones_of_one_user_are_two_positions():
    assert read("owntracks/anna/phone", message()) != read("owntracks/anna/tablet", message())


def test_an_identity_has_sixty_bits():
    identities = [located(tst=1732375000 + second).identity for second in range(300)]
    assert len(set(identities)) == 300
    assert all(0 <= identity < 2**60 for identity in identities)


@pytest.mark.parametrize(
    ("topic", "vehicle"),
    [
        ("owntracks/anna/phone", "anna"),
        ("owntracks/anna/phone/event", None),
        ("owntracks/an na/phone", None),
        ("other/anna/phone", None),
        ("owntracks/anna", None),
    ],
)
def test_the_user_is_the_vehicle(topic, vehicle):
    assert vehicle_of(topic) == vehicle


@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.dictionaries(st.sampled_from([*IOS, "_id", "x"]), inner, max_size=6),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_nothing_makes_it_fall(payload):
    assert isinstance(read(TOPIC, payload), Located | Ignored | Unreadable)
