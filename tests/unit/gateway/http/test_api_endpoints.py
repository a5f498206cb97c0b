"""What the endpoints answer."""

import base64
import gzip

import pytest

from gateway.domain.track import TrackFormat, TrackRequest
from gateway.http.files import read_tree
from gateway.ports import JournalUnavailable
from gateway.stages.pending import Unanswerable
from tests.fixtures.api import BEARER, NOW, SECRET, VAN
from wire.codec import decode_watermark
from wire.messages import MAX_PAYLOAD_BYTES
from wire.names import VehicleKey

DAY_MS = 24 * 3600 * 1000
QUESTION = b'{"v":1,"spool":"ab","after":3,"seq":4,"sent":1,"positions":[]}'


def get(api, path):
    answer = api.get(path, headers=BEARER)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_all_vehicles_or_one_fleet(api, api_rig):
    api_rig.put()
    api_rig.put(VehicleKey("south", "truck"), speed=9.0)
    assert get(api, "/api/v1/vehicles")["now"] == NOW
    assert [shown["vehicle"] for shown in get(api, "/api/v1/vehicles")["vehicles"]] == ["van", "truck"]
    assert [shown["vehicle"] for shown in get(api, "/api/v1/vehicles?fleet=south")["vehicles"]] == ["truck"]


def test_one_vehicle_with_what_is_known_alone(api, api_rig):
    api_rig.put(speed=9.0)
    assert get(api, "/api/v1/vehicles/van") == {
        "fleet": "main",
        "vehicle": "van",
        "source": "tracker",
        "time": NOW,
        "received": NOW,
        "lat": 60.0,
        "lon": 24.0,
        "state": "moving",
        "since": NOW,
        "odometer_m": 0.0,
        "speed": 9.0,
    }


def test_a_vehicle_of_another_fleet_is_asked_for_by_it(api, api_rig):
    api_rig.put(VehicleKey("south", "truck"))
    assert api.get("/api/v1/vehicles/truck", headers=BEARER).status_code == 404
    assert get(api, "/api/v1/vehicles/truck?fleet=south")["fleet"] == "south"


@pytest.mark.parametrize(
    ("query", "from_ms", "to_ms", "form"),
    [
        ("", NOW - DAY_MS, NOW, "json"),
        (f"?from={NOW - 5}&to={NOW - 1}&format=gpx", NOW - 5, NOW - 1, "gpx"),
        ("?from=2023-11-14T00:00:00Z&to=2023-11-14T01:00:00%2B00:30", 1_699_920_000_000, 1_699_921_800_000, "json"),
        ("?from=2023-11-14T00:00Z&format=csv", 1_699_920_000_000, NOW, "csv"),
    ],
)
def test_a_track_is_asked_for_by_time_and_format(api, api_rig, query, from_ms, to_ms, form):
    assert api.get(f"/api/v1/vehicles/van/track{query}", headers=BEARER).status_code == 200
    assert api_rig.tracks.asked == [TrackRequest(VAN, from_ms, to_ms, TrackFormat(form))]


@pytest.mark.parametrize(
    "query", ["from=yesterday", "from=", f"from={NOW}&to={NOW}", "to=-5", "from=99999999999999999999999", "format=pdf"]
)
def test_a_wrong_time_or_format_is_said(api, query):
    answer = api.get(f"/api/v1/vehicles/van/track?{query}", headers=BEARER)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "bad_parameter"


def test_a_track_comes_in_its_pieces_and_with_its_type(api, api_rig):
    api_rig.tracks.pieces = [b"time,lat\n", b"1,2\n"]
    answer = api.get("/api/v1/vehicles/van/track?format=csv", headers=BEARER)
    assert answer.text == "time,lat\n1,2\n"
    assert answer.headers["content-type"].startswith("text/csv")
    assert f'filename="van-{NOW - DAY_MS}-{NOW}.csv"' in answer.headers["content-disposition"]


def test_a_track_that_cannot_begin_is_an_error(api, api_rig):
    api_rig.tracks.pieces, api_rig.tracks.failure = [], "the store is away"
    answer = api.get("/api/v1/vehicles/van/track", headers=BEARER)
    assert answer.status_code == 503
    assert answer.json()["error"] == {"code": "track_unavailable", "detail": "the store is away"}


def test_the_quarantine_by_pages_and_reasons(api):
    page = get(api, "/api/v1/quarantine")
    assert page["counts"] == {"from_the_future": 1, "not_json": 4}
    assert page["items"][1] == {
        "id": 1,
        "received": NOW,
        "fleet": "main",
        "vehicle": "van",
        "source": "tracker",
        "spool": "s",
        "seq": 7,
        "reason": "from_the_future",
        "detail": "300 s ahead",
        "topic": "t/1",
        "size": 7,
    }
    assert [item["id"] for item in get(api, "/api/v1/quarantine?before=2")["items"]] == [1]
    assert [item["id"] for item in get(api, "/api/v1/quarantine?reason=not_json")["items"]] == [2]
    assert [item["id"] for item in get(api, "/api/v1/quarantine?limit=1")["items"]] == [2]


def test_a_rejected_body_is_shown_as_text_or_base64(api):
    assert get(api, "/api/v1/quarantine/1")["body"] == '{"a":1}'
    binary = get(api, "/api/v1/quarantine/2")
    assert base64.b64decode(binary["body_base64"]) == b"\xff\x00"
    assert "body" not in binary


def test_a_journal_that_cannot_be_read_is_said(api, api_rig):
    async def away():
        raise JournalUnavailable("the disk is gone")

    api_rig.archive.counts = away
    answer = api.get("/api/v1/quarantine", headers=BEARER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "journal_unavailable")


def test_the_console_is_told_what_it_needs(api):
    assert get(api, "/api/v1/console") == {
        "version": "9.9.9",
        "fleets": ["main", "south"],
        "map": {"style_url": "/map/style.json"},
        "retention": {"journal_hours": 72.0},
    }


def post(api, body, vehicle="van", secret=SECRET, **kwargs):
    return api.post("/api/v1/positions", content=body, auth=(vehicle, secret), **kwargs)


def test_positions_over_http_are_answered_with_the_watermark(api, api_rig):
    answer = post(api, QUESTION)
    assert decode_watermark(answer.content).seq == 7
    assert api_rig.intake.submitted == [(VAN, QUESTION)]


@pytest.mark.parametrize(("vehicle", "secret"), [("van", "wrong"), ("other", SECRET), ("", ""), ("van/../x", SECRET)])
def test_positions_need_the_vehicles_secret(api, api_rig, vehicle, secret):
    answer = post(api, QUESTION, vehicle, secret)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert not api_rig.intake.submitted


@pytest.mark.parametrize("header", [b"Basic \xff\xfe", b"Basic /w==", b"Basic ?", b"Basic"])
def test_a_login_that_cannot_be_read_is_refused_like_a_wrong_one(api, header):
    assert api.post("/api/v1/positions", content=QUESTION, headers={"Authorization": header}).status_code == 401


def test_an_api_token_is_no_vehicles_secret(api):
    assert api.post("/api/v1/positions", content=b"{}", headers=BEARER).status_code == 401


def test_a_body_beyond_the_limit_is_refused_unread(api, api_rig):
    assert post(api, b"x" * (MAX_PAYLOAD_BYTES + 1)).status_code == 413
    assert not api_rig.intake.submitted


def test_a_quarantined_batch_is_not_to_be_sent_again(api, api_rig):
    api_rig.intake.failure = Unanswerable("not_json")
    answer = post(api, b"nonsense")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")


def test_a_journal_that_cannot_commit_asks_to_come_again(api, api_rig):
    api_rig.intake.failure = JournalUnavailable("the disk is full")
    answer = post(api, QUESTION)
    assert (answer.status_code, answer.json()["error"]) == (503, {"code": "busy", "detail": "the disk is full"})
    assert answer.headers["retry-after"]


def test_a_journal_that_hangs_is_not_an_acknowledgement(api, api_rig, monkeypatch):
    monkeypatch.setattr("gateway.http.inbox.COMMIT_WITHIN_S", 0.01)
    api_rig.intake.stuck = True
    assert post(api, QUESTION).status_code == 503


def test_waiting_batches_are_bounded(api, monkeypatch):
    monkeypatch.setattr("gateway.http.inbox.MAX_WAITING", 0)
    assert post(api, QUESTION).status_code == 503


def test_ready_only_if_every_part_is_and_says_which_is_not(api, api_rig):
    assert api.get("/readyz").json()["ready"] is True
    api_rig.down["store"] = "unreachable"
    answer = api.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert answer.json()["store"] == {"state": "unreachable", "detail": "", "since": NOW}
    assert answer.json()["broker"]["state"] == "up"
    assert api.get("/healthz").status_code == 200


def test_the_metrics_are_text(api):
    answer = api.get("/metrics", headers=BEARER)
    assert answer.text == "milepost_up 1\n"
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "console" / "assets").mkdir(parents=True)
    (tmp_path / "console" / "index.html").write_text("<title>console</title>")
    (tmp_path / "console" / "assets" / "app-1a2b.js").write_text("x" * 500)
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "roads.geojson.gz").write_bytes(gzip.compress(b'{"type":"FeatureCollection"}'))
    (tmp_path / "secret.txt").write_text("secret")
    return {"console": read_tree(tmp_path / "console"), "basemap": read_tree(tmp_path / "map")}


def test_the_page_is_asked_for_each_time_and_its_assets_are_kept(api_rig, site):
    with api_rig.client(**site) as client:
        page, asset = client.get("/"), client.get("/assets/app-1a2b.js")
    assert page.text == "<title>console</title>"
    assert page.headers["cache-control"] == "no-cache"
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-encoding"] == "gzip"
    assert asset.headers["content-type"].startswith("text/javascript")
    assert asset.text == "x" * 500


def test_a_file_that_the_browser_has_is_not_sent_again(api_rig, site):
    with api_rig.client(**site) as client:
        etag = client.get("/").headers["etag"]
        assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
        assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_basemap_is_served_packed_or_plain(api_rig, site, encoding):
    with api_rig.client(**site) as client:
        answer = client.get("/map/roads.geojson", headers={"Accept-Encoding": encoding})
    assert answer.json() == {"type": "FeatureCollection"}
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers.get("content-encoding", "identity") == encoding


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/map/..%2fsecret.txt"]
)
def test_no_path_leads_out_of_the_tree(api_rig, site, path):
    with api_rig.client(**site) as client:
        assert client.get(path).status_code == 404


def test_a_console_that_was_not_built_says_so(api):
    assert "npm run build" in api.get("/").json()["error"]["detail"]


@pytest.mark.parametrize("path", [f"/api/v1/quarantine/{2**63}", f"/api/v1/quarantine?before={2**63}"])
def test_an_id_that_no_item_can_have_is_the_clients_mistake(api, path):
    answer = api.get(path, headers=BEARER)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]["code"]
