"""A real drive: what the default policy costs and what it gets wrong, in bounds; the documented table is up to date."""

import pytest

from device.reporting.settings import ReportingSettings
from tests.fixtures.require import require_shared
from tests.reporting.drive import PAGE, TRACK, evaluate, load, table, written
from wire.messages import Position


@pytest.fixture(scope="module")
def fixes() -> list[Position]:
    return load(require_shared(TRACK))


def test_the_default_is_sparse_and_within_its_errors(fixes: list[Position]):
    outcome, settings = evaluate(fixes, ReportingSettings()), ReportingSettings()
    assert outcome.points_per_km <= 10.5
    assert settings.track_error_m is not None
    assert settings.deviation_m is not None
    assert outcome.track_error_m <= settings.track_error_m
    assert outcome.live_error_m <= settings.deviation_m + 1  # while it stands, drift is held


def test_the_end_of_the_drive_is_sent(fixes: list[Position]):
    assert evaluate(fixes, ReportingSettings()).sent[-1] == fixes[-1]


def test_a_tighter_error_costs_points_and_keeps_them_in_order(fixes: list[Position]):
    loose, tight = (evaluate(fixes, ReportingSettings(track_error_m=metres)) for metres in (20.0, 3.0))
    assert tight.points_per_km > loose.points_per_km
    assert tight.track_error_m <= 3.0 < loose.track_error_m
    assert [position.time for position in tight.sent] == sorted({position.time for position in tight.sent})


def test_the_documented_table_is_up_to_date(fixes: list[Position]):
    assert written(PAGE) == table(fixes), "run: python -m tests.reporting.drive"
