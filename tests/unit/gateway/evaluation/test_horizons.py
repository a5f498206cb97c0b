"""How far ahead a forecast looks."""

import pytest

from gateway.evaluation.horizons import MINUTE_GROUPS, MINUTE_MS, STOP_GROUPS, minutes_group, stops_group


@pytest.mark.parametrize(
    ("minutes", "group"),
    [
        (-3, "0-5 min"),
        (0, "0-5 min"),
        (4.99, "0-5 min"),
        (5, "5-10 min"),
        (39.9, "20-40 min"),
        (80, "80-160 min"),
        (160, "160+ min"),
        (10_000, "160+ min"),
    ],
)
def test_groups_of_minutes(minutes, group):
    assert minutes_group(minutes * MINUTE_MS) == group
    assert group in MINUTE_GROUPS


@pytest.mark.parametrize(
    ("stops", "group"), [(1, "1 stop"), (2, "2-3 stops"), (3, "2-3 stops"), (31, "16-31 stops"), (500, "32+ stops")]
)
def test_groups_of_stops(stops, group):
    assert stops_group(stops) == group
    assert group in STOP_GROUPS
