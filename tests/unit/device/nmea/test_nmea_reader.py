"""The facade and the fuser behind it: bytes of a receiver to positions, read like its day."""

import pytest

from device.nmea.quiet import MAX_QUIET_GAP_MS, QUIET_GAP_MS
from device.nmea.reader import NmeaReader
from tests.fixtures.sentences import sentence
from tests.nmea.builder import DAY_MS, gga, gll, gst, rmc, sentences, vtg, zda
from wire.messages import Position

NOON = DAY_MS + 12 * 3_600_000


def recorded(*bodies: str) -> list[Position]:
    reader = NmeaReader.recorded()
    return reader.feed(sentences(bodies), 0) + reader.finish(0)


def drops(*bodies: str) -> dict[str, int]:
    reader = NmeaReader.recorded()
    assert reader.feed(sentences(bodies), 0) + reader.finish(0) == []
    return dict(reader.dropped)


def test_an_epoch_is_one_position_with_all_that_is_known():
    [position] = recorded(rmc(), vtg(), gga(), gll())
    assert position == Position(
        time=NOON,
        lat=60.1666667,
        lon=24.9333333,
        speed=5.144,
        course=90.0,
        alt=23.1,
        accuracy=13.5,
        hdop=0.9,
        sats=9,
        fix="gps",
    )


def test_the_order_of_the_sentences_does_not_matter():
    assert (
        recorded(rmc(), gga(), gll(), vtg())
        == recorded(gll(), gga(), vtg(), rmc())
        == recorded(gga(), vtg(), rmc(), gll())
    )


def test_what_is_unknown_is_absent():
    position = recorded(rmc(knots="", course=""))[0]
    assert (position.speed, position.course, position.alt, position.accuracy, position.hdop, position.sats) == (
        None,
    ) * 6


def test_coordinates_are_quantised():
    position = recorded(rmc(place="6010.12345678,N,02456.12345678,E"))[0]
    assert (position.lat, position.lon) == (60.1687243, 24.9353909)


def test_the_next_time_closes_an_epoch():
    reader = NmeaReader.recorded()
    assert reader.feed(sentences([rmc(), gga()]), 0) == []
    assert [position.time for position in reader.feed(sentence(rmc("120001.00")), 0)] == [NOON]
    assert [position.time for position in reader.finish(0)] == [NOON + 1_000]
    assert reader.finish(0) == []


def test_times_that_are_rounded_differently_are_one_epoch():
    positions = recorded(gll("120000.297"), gga("120000.30"), rmc("120000.30"), gll("120001.297"), gga("120001.30"))
    assert [position.time for position in positions] == [NOON + 300, NOON + 1_297]


def test_times_that_are_rounded_over_midnight_are_one_epoch_of_the_new_day():
    positions = recorded(rmc("235958.00"), gga("235959.995"), rmc("000000.00", day="251126"), gga("000001.00"))
    assert [position.time - DAY_MS for position in positions] == [86_398_000, 86_400_000, 86_401_000]


def test_ten_fixes_a_second_are_ten():
    times = [f"120000.{tenth}00" for tenth in range(10)]
    assert [
        position.time - NOON for position in recorded(*(body for time in times for body in (gga(time), rmc(time))))
    ] == list(range(0, 1_000, 100))


def test_gga_first_at_midnight_turns_the_date():
    day = 86_400_000
    positions = recorded(
        gga("235959.00"), rmc("235959.00"), gga("000000.00"), rmc("000000.00", day="251126"), gga("000001.00")
    )
    assert [position.time - DAY_MS for position in positions] == [day - 1_000, day, day + 1_000]


def test_gga_alone_takes_its_date_from_zda_even_a_second_off():
    positions = recorded(zda("120001.00"), gga("120000.00"), gga("120001.00"))
    assert [position.time for position in positions] == [NOON, NOON + 1_000]


def test_zda_and_gst_do_not_split_an_epoch():
    positions = recorded(gga(), zda("120001.00"), gst("120001.00"), rmc())
    assert len(positions) == 1
    assert positions[0].speed is not None


def test_a_recording_without_a_date_gives_nothing():
    assert drops(gga(), gga("120001.00")) == {"no_date": 2}


def test_the_leap_second_is_an_epoch_of_its_own():
    positions = recorded(rmc("235959.00"), rmc("235960.00"), rmc("000000.00", day="251126"))
    assert [position.time - DAY_MS for position in positions] == [86_399_000, 86_400_000, 86_400_000]


@pytest.mark.parametrize(
    ("bodies", "reason"),
    [
        ([rmc(status="V", mode="N")], "no_fix"),
        ([rmc(status="V", mode="A"), gga()], "status_warning"),
        ([gga(quality="0"), rmc()], "no_fix"),
        ([gga(quality="7"), rmc()], "manual"),
        ([gga(quality="8"), rmc()], "simulated"),
        ([gga(quality=""), rmc(status="", mode="")], "no_status"),
        ([rmc(place="0000.0000,N,00000.0000,E")], "null_island"),
        ([rmc(place=",,,")], "no_place"),
        ([rmc(time="")], "no_time"),
    ],
)
def test_what_is_no_fix_is_dropped_by_name(bodies: list[str], reason: str):
    assert drops(*bodies) == {reason: 1}


def test_dead_reckoning_is_kept_with_a_wider_accuracy():
    position = recorded(gga(quality="6"), rmc(mode="E"))[0]
    assert (position.fix, position.accuracy) == ("dr", 54.0)


def test_differential_fixes_are_narrower():
    position = recorded(gga(quality="2"), rmc(mode="D"))[0]
    assert (position.fix, position.accuracy) == ("dgps", 3.38)


def test_measured_deviations_count_before_the_dilution():
    assert recorded(gst(lat="1.5", lon="2.0"), gga(), rmc())[0].accuracy == 5.0
    assert recorded(gga(), rmc(), gst(lat="1.5", lon="2.0"))[0].accuracy == 5.0


def test_deviations_of_another_epoch_do_not_count():
    assert recorded(gst("115959.00"), gga(), rmc())[0].accuracy == 13.5


def test_pubx_gives_the_accuracy():
    pubx = "PUBX,00,120000.00,6010.0000,N,02456.0000,E,40.0,G3,2.1,2.0,36.0,77.52,0.007,,0.92,1.19,0.77,9,0,0"
    assert recorded(pubx, rmc())[0].accuracy == 4.2


def test_a_course_is_held_while_the_vehicle_stands():
    bodies = [rmc("120000.00", knots="20.0", course="90.0"), rmc("120001.00", knots="0.3", course="211.0"),
              rmc("120002.00", knots="0.0", course=""), rmc("120003.00", knots="8.0", course="95.0")]  # fmt: skip
    assert [position.course for position in recorded(*bodies)] == [90.0, 90.0, 90.0, 95.0]


def test_a_course_is_never_invented():
    assert recorded(rmc(knots="0.0", course="0.0"))[0].course is None
    assert recorded(rmc("120000.00", course="90.0"), rmc("120001.00", course=""))[1].course is None


def test_ais_and_other_sentences_pass_by():
    ais = sentence("AIVDM,1,1,,B,13njCt031t0DA=lN2:jKmad60l1p,0", start="!")
    reader = NmeaReader.recorded()
    data = (
        sentence(rmc())
        + ais
        + sentence("SDDBT,1.0,f,0.3,M,,")
        + sentence("PGRME,7.6,M,41.7,M,42.4,M")
        + sentence(gga())
    )
    assert len(reader.feed(data, 0) + reader.finish(0)) == 1
    assert (reader.sentences, reader.epochs, dict(reader.dropped)) == (5, 1, {})


# A live receiver: the clock and silence.


def test_a_live_epoch_is_complete_after_a_silence():
    reader = NmeaReader.live()
    assert reader.feed(sentences([rmc(), gga()]), NOON) == []
    assert reader.idle(NOON + QUIET_GAP_MS - 1) == []
    assert [position.time for position in reader.idle(NOON + QUIET_GAP_MS)] == [NOON]
    assert reader.idle(NOON + 10 * QUIET_GAP_MS) == []


def test_bytes_after_a_silence_close_the_epoch_too():
    reader = NmeaReader.live()
    reader.feed(sentence(gga()), NOON)
    assert len(reader.feed(b"$GPGSV,", NOON + 900)) == 1


def test_an_epoch_without_a_place_waits_for_it():
    reader = NmeaReader.live()
    reader.feed(sentence(gga(place=",,,")), NOON)
    assert reader.idle(NOON + 5_000) == []
    assert reader.feed(sentence(rmc()), NOON + 5_000) == []
    assert len(reader.idle(NOON + 5_000 + QUIET_GAP_MS)) == 1


def test_a_receiver_that_pauses_within_an_epoch_is_waited_for_from_then_on():
    reader = NmeaReader.live()
    positions = []
    for second in range(4):
        now = NOON + second * 1_000
        positions += reader.feed(sentence(gga(f"12000{second}.00")), now)
        positions += reader.idle(now + 300)
        positions += reader.feed(sentence(rmc(f"12000{second}.00")), now + 400)
    positions += reader.idle(NOON + 4_000 + MAX_QUIET_GAP_MS)
    assert [position.time for position in positions] == [NOON, NOON + 1_000, NOON + 2_000, NOON + 3_000]
    assert [position.speed is not None for position in positions] == [False, True, True, True]
    assert reader.dropped == {"late": 1}


def test_a_recording_does_not_know_silence():
    reader = NmeaReader.recorded()
    reader.feed(sentence(rmc()), 0)
    assert reader.idle(10**12) == []
    assert len(reader.finish(0)) == 1


def test_a_phone_that_sends_no_date_gets_the_clocks():
    reader = NmeaReader.live()
    reader.feed(sentences([gga("115959.00"), vtg()]), NOON)
    position = reader.idle(NOON + 300)[0]
    assert (position.time, position.time_source) == (NOON - 1_000, "system")


def test_a_receiver_with_an_old_week_number_is_corrected_and_flagged():
    reader = NmeaReader.live()
    reader.feed(sentence(rmc(day="100407")), NOON)
    position = reader.idle(NOON + 300)[0]
    assert (position.time, position.time_source) == (NOON, "rollover")


def test_the_late_rmc_of_a_closed_epoch_still_tells_its_date():
    reader = NmeaReader.live()
    reader.feed(sentence(gga()), NOON)
    assert reader.idle(NOON + 300)[0].time_source == "system"
    reader.feed(sentence(rmc()), NOON + 400)
    reader.feed(sentence(gga("120001.00")), NOON + 1_000)
    assert reader.idle(NOON + 3_500)[0].time_source is None


def test_a_sentence_that_runs_late_does_not_split_the_next_epoch():
    positions = recorded(rmc(), gga("120001.00"), gll("120000.00"), rmc("120001.00"))
    assert [position.time for position in positions] == [NOON, NOON + 1_000]
    assert positions[1].speed is not None


def test_a_second_receiver_on_the_line_does_not_make_it_jump():
    other = "6010.0000,N,02456.0500,E"
    bodies = []
    for second in range(5):
        time = f"12000{second}.00"
        bodies += [gga(time, place=other, talker="GP"), gga(time), rmc(time)]
    assert {(position.lat, position.lon) for position in recorded(*bodies)} == {(60.1666667, 24.9333333)}
