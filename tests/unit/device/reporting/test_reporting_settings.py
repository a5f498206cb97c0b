"""What the policy may be told."""

import msgspec
import pytest

from device.reporting.settings import ReportingSettings


def test_the_defaults_are_valid():
    assert msgspec.toml.decode(b"", type=ReportingSettings) == ReportingSettings()


def test_a_misspelt_setting_is_refused_by_name():
    with pytest.raises(msgspec.ValidationError, match="hartbeat_s"):
        msgspec.toml.decode(b"hartbeat_s = 60.0", type=ReportingSettings)


@pytest.mark.parametrize(
    "line", ["distance_m = 0", "angle_deg = 181", "min_interval_s = -1", "heartbeat_s = 100000", "deviation_m = 'x'"]
)
def test_a_bad_value_is_refused_by_path(line: str):
    with pytest.raises(msgspec.ValidationError, match=line.split(maxsplit=1)[0]):
        msgspec.toml.decode(line, type=ReportingSettings)
