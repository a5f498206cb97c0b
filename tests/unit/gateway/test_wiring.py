"""Which adapter the settings choose, and what it is told."""

import pytest

from gateway import wiring
from gateway.adapters.embedded.store import EmbeddedStore
from gateway.adapters.geocoding.nominatim import Nominatim
from gateway.adapters.influx.v1 import Influx1Sink
from gateway.adapters.influx.v2 import Influx2Sink
from gateway.adapters.registry.vehicles import Registration
from gateway.adapters.routing.osrm import Osrm
from gateway.adapters.routing.valhalla import Valhalla
from gateway.domain.calibration import BUILT_IN, Calibration
from gateway.evaluation.stored import encode_calibration
from gateway.export.worker import open_reader
from gateway.settings import (
    GatewaySettings,
    GeocodingSettings,
    RouterKind,
    RoutesSettings,
    RoutingSettings,
    SettingsError,
    StoreKind,
    TelemetrySettings,
    TrackingSettings,
)


def test_windows_come_from_the_file_that_is_named(tmp_path):
    assert wiring.calibration_of(RoutesSettings()) is BUILT_IN
    learned = Calibration((60_000,), (-1,), (2,), "days", (0,))
    path = tmp_path / "calibration.json"
    path.write_bytes(encode_calibration(learned))
    assert wiring.calibration_of(RoutesSettings(calibration_file=path)) == learned


@pytest.mark.parametrize(("text", "told"), [(None, "cannot read"), (b"{}", "is no calibration: ")])
def test_a_calibration_that_cannot_be_used_ends_the_start(tmp_path, text, told):
    path = tmp_path / "calibration.json"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(SettingsError, match=told):
        wiring.calibration_of(RoutesSettings(calibration_file=path))


@pytest.fixture
def secrets(tmp_path):
    (tmp_path / "password").write_text("pass\n")
    (tmp_path / "token").write_text("tok\n")
    return tmp_path


def settings_for(folder, kind, **kwargs):
    url = None if kind is StoreKind.EMBEDDED else "http://127.0.0.1:8086"
    telemetry = TelemetrySettings(kind=kind, url=url, token_file=folder / "token", **kwargs)
    return GatewaySettings(data_dir=folder / "data", telemetry=telemetry)


@pytest.mark.parametrize(
    ("kind", "sink"),
    [
        (StoreKind.EMBEDDED, EmbeddedStore),
        (StoreKind.INFLUXDB_1, Influx1Sink),
        (StoreKind.INFLUXDB_2, Influx2Sink),
        (StoreKind.INFLUXDB_3, Influx2Sink),
    ],
)
async def test_every_kind_has_its_sink_and_its_reader(secrets, kind, sink):
    settings = settings_for(secrets, kind)
    chosen = wiring.sink_of(settings)
    assert isinstance(chosen, sink)
    await chosen.close()
    assert hasattr(open_reader(wiring.tracks_of(settings)), "pages")


@pytest.mark.parametrize(
    ("kind", "login", "header"),
    [
        (StoreKind.INFLUXDB_1, {}, None),
        (StoreKind.INFLUXDB_1, {"username": "u"}, "Basic dTpwYXNz"),
        (StoreKind.INFLUXDB_2, {}, "Token tok"),
        (StoreKind.INFLUXDB_3, {}, "Bearer tok"),
    ],
)
def test_tracks_are_read_with_the_databases_own_login(secrets, kind, login, header):
    settings = settings_for(secrets, kind, password_file=secrets / "password", **login)
    assert wiring.tracks_of(settings).options["authorization"] == header


def test_only_3_core_bounds_the_span_of_a_query(secrets):
    widening = {
        kind: wiring.tracks_of(settings_for(secrets, kind)).options["widening"]
        for kind in (StoreKind.INFLUXDB_1, StoreKind.INFLUXDB_2, StoreKind.INFLUXDB_3)
    }
    assert widening == {StoreKind.INFLUXDB_1: True, StoreKind.INFLUXDB_2: True, StoreKind.INFLUXDB_3: False}


def test_a_secret_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(SettingsError, match="token"):
        wiring.sink_of(settings_for(tmp_path, StoreKind.INFLUXDB_2))


def test_silence_is_three_heartbeats_and_deafness_three_ticks():
    patience = wiring.patience_of(TrackingSettings(heartbeat_s=20.0, tick_s=5.0))
    assert (patience.silent_after_ms, patience.deaf_after_ms) == (60_000, 15_000)


def test_registration_is_required_unless_said_otherwise():
    assert wiring.registration_of(GatewaySettings()) is Registration.REQUIRED
    assert wiring.registration_of(GatewaySettings(open_registration=True)) is Registration.OPEN


async def test_who_is_asked_outside_is_what_the_settings_name():
    assert wiring.geocoder_of(GeocodingSettings(), None, None) is None
    assert wiring.router_of(RoutingSettings()) is None
    geocoder = wiring.geocoder_of(GeocodingSettings(url="http://127.0.0.1:1", countries=("fi",)), None, None)
    valhalla = wiring.router_of(RoutingSettings(url="http://127.0.0.1:1", profile="truck", max_places=7))
    osrm = wiring.router_of(RoutingSettings(url="http://127.0.0.1:1", kind=RouterKind.OSRM))
    assert [type(service) for service in (geocoder, valhalla, osrm)] == [Nominatim, Valhalla, Osrm]
    assert (valhalla._options.costing, valhalla._options.max_places) == ("truck", 7)
    assert (geocoder._options.countries, osrm._options.profile) == (("fi",), "auto")
    for service in (geocoder, valhalla, osrm):
        await service.close()
