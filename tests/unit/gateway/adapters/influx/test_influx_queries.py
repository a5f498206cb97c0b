"""InfluxQL is quoted rightly, replies are read rightly, pages never cut a time in two."""

import pytest

from gateway.adapters.influx.queries import PAGE_ROWS, cut_page, identifier, literal, points, read_rows, track_query
from gateway.adapters.influx.tracks import InfluxTracks, InfluxTracksOptions, basic
from gateway.ports import TrackUnavailable
from wire.names import VehicleKey

REPLY = (
    b'{"results":[{"statement_id":0,"series":[{"name":"position","columns":["time","source","lat","lon","sats","spool",'
    b'"seq","received"],"values":[[1732375000000000041,"phone",60.1,24.9,9,"s",41,1732375000999],'
    b"[1732375001000000042,null,null,24.9,null,null,null,null],[1732375002000000000,null,1,2,null,null,null,null]]}]}]}"
)


@pytest.mark.parametrize(("text", "quoted"), [("a", "'a'"), ("a'b", "'a\\'b'"), ("a\\", "'a\\\\'")])
def test_a_value_cannot_leave_its_quotes(text, quoted):
    assert literal(text) == quoted


def test_a_name_cannot_leave_its_quotes():
    assert identifier('a"b\\') == '"a\\"b\\\\"'


def test_the_query_is_bounded_and_ordered():
    query = track_query(VehicleKey("main", "van-1"), 5, 9)
    assert "\"fleet\" = 'main' AND \"vehicle\" = 'van-1' AND time >= 5 AND time < 9" in query
    assert query.endswith(f"ORDER BY time LIMIT {PAGE_ROWS}")


def test_rows_become_points_and_others_rows_are_passed_over():
    first, second = points(read_rows(REPLY))
    assert first[:4] == ("phone", "s", 41, 1732375000999)
    assert (first.position.time, first.position.lat, first.position.sats) == (1732375000000, 60.1, 9)
    assert second[:4] == ("tracker", "", 0, 0)
    assert isinstance(second.position.lat, float)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b'{"error":"database not found"}', b'{"results":[{"error":"max-select-point"}]}', b"[]"]
)
def test_a_failed_query_is_an_unavailable_track(body):
    with pytest.raises(TrackUnavailable):
        read_rows(body)


def test_an_empty_reply_is_an_empty_track():
    assert read_rows(b'{"results":[{"statement_id":0}]}') == []


def rows(*times):
    return [{"time": time} for time in times]


def test_a_page_that_is_not_full_is_the_end_of_its_span():
    assert cut_page(rows(1, 2, 2), 100) == (rows(1, 2, 2), 100)


def test_a_full_page_leaves_its_last_time_for_the_next():
    full = rows(*range(PAGE_ROWS - 1), PAGE_ROWS - 2)
    page, start = cut_page(full, 10**9)
    assert page == full[:-2]
    assert start == PAGE_ROWS - 2


def test_a_full_page_of_one_time_does_not_hold_up_the_rest():
    full = rows(*[5] * PAGE_ROWS)
    assert cut_page(full, 10**9) == (full, 6)


def test_an_address_of_another_kind_is_refused_at_once():
    with pytest.raises(ValueError, match="http"):
        InfluxTracks(InfluxTracksOptions(url="ftp://127.0.0.1", database="m"))


def test_basic_credentials_are_utf_8():
    assert basic("käyttäjä", "p:w") == "Basic a8OkeXR0w6Rqw6Q6cDp3"
