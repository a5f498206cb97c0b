"""Settings of the agent: each option documented, each bad value refused by name."""

import re
from pathlib import Path

import msgspec
import pytest

from device.reporting.settings import ReportingSettings
from device.settings import (
    DeviceSettings,
    FileSettings,
    MqttSettings,
    SerialSettings,
    Settings,
    SettingsError,
    SourceSettings,
    SpoolSettings,
    TcpSettings,
    UdpSettings,
    load,
)

SAMPLE = Path(__file__).parents[3] / "config" / "device.toml"
SECTIONS: dict[str, list[type[msgspec.Struct]]] = {
    "": [DeviceSettings],
    "mqtt": [MqttSettings],
    "spool": [SpoolSettings],
    "reporting": [ReportingSettings],
    "source": [SerialSettings, TcpSettings, UdpSettings, FileSettings],
}


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "device.toml"
    path.write_text('vehicle = "van-1"\n' + text)
    return path


def documented(section: str) -> set[str]:
    """The options named in one section of the sample, commented out or not."""
    found, names = "", set()
    for line in SAMPLE.read_text().splitlines():
        if header := re.match(r"#?\[(\w+)\]", line):
            found = header[1]
        elif found == section and (option := re.match(r"#?(\w+) = ", line)):
            names.add(option[1])
    return names


def test_the_sample_is_valid():
    settings = load(SAMPLE)
    assert settings.vehicle == "van-1"
    assert isinstance(settings.source, SerialSettings)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_sample_documents_every_option(section):
    options = {field for kind in SECTIONS[section] for field in kind.__struct_fields__}
    assert documented(section) - {"kind"} == options - set(SECTIONS)


def test_every_default_in_the_sample_is_the_default(tmp_path):
    text = SAMPLE.read_text()
    others = "(username|password_file|password_env|tls_ca_file|tls_cert_file|tls_key_file|host|greeting|kind|path) = .*"
    without_examples = re.sub(rf"^#{others}$", "", text, flags=re.MULTILINE)
    sections = without_examples.split("# --- the broker")[1]
    everything = 'vehicle = "van-1"\n#' + re.sub(r"^#(\w+ = )", r"\1", sections, flags=re.MULTILINE)
    path = tmp_path / "device.toml"
    path.write_text(everything)
    loaded = load(path)
    assert loaded.mqtt == MqttSettings()
    assert loaded.spool == SpoolSettings()
    assert loaded.reporting == ReportingSettings()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[mqtt]\nport = "x"', "at `$.mqtt.port`: 'x'"),
        ("[mqtt]\nport = 70000", "at `$.mqtt.port`: 70000"),
        ("[mqtt]\nprotocol = '4'", "at `$.mqtt.protocol`: '4'"),
        ("[mqtt]\nqos = 2", "at `$.mqtt.qos`: 2"),
        ("[mqtt]\nqoss = 1", "qoss"),
        ("[spool]\nmax_mb = 0.01", "at `$.spool.max_mb`: 0.01"),
        ("[spool]\nkeep_hours = -1", "at `$.spool.keep_hours`: -1"),
        ("[reporting]\nheartbeat_s = -3", "at `$.reporting.heartbeat_s`: -3"),
        ("[reporting]\nheartbeat_s = false", "heartbeat_s"),
        ('[source]\nkind = "usb"', "usb"),
        ('[source]\nkind = "tcp"\nhost = "h"', "port"),
        ('fleet = "a/b"', "'a/b'"),
        ('source_name = ""', "source_name"),
        ('[mqtt]\npassword_file = "a"\npassword_env = "B"', "both given"),
        ('[mqtt]\ntls_ca_file = "a"', "tls = false"),
        ('[mqtt]\ntls = true\ntls_key_file = "a"', "without tls_cert_file"),
        ("[mqtt]\npassword_file = 7", "at `$.mqtt.password_file`: 7"),
    ],
)
def test_a_bad_value_is_refused_with_file_option_and_value(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as refused:
        load(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert says in str(refused.value)


def test_no_file_and_no_toml_are_told_apart(tmp_path):
    with pytest.raises(SettingsError, match="cannot read"):
        load(tmp_path / "missing.toml")
    with pytest.raises(SettingsError, match="is no TOML"):
        load(write(tmp_path, "= nonsense"))


def test_paths_are_relative_to_the_file(tmp_path):
    settings = load(write(tmp_path, 'data_dir = "spool"\n[source]\nkind = "file"\npath = "a.nmea"\n'))
    assert settings.data_dir == tmp_path / "spool"
    assert settings.source == FileSettings(path=tmp_path / "a.nmea")


def test_a_rule_is_switched_off_by_false(tmp_path):
    settings = load(write(tmp_path, "[reporting]\ndistance_m = false\nangle_deg = 30.0\n"))
    assert settings.reporting.distance_m is None
    assert settings.reporting.angle_deg == 30


def test_every_section_refuses_unknown_options():
    for kind in [Settings, *SourceSettings.__args__, MqttSettings, SpoolSettings, DeviceSettings, ReportingSettings]:
        assert kind.__struct_config__.forbid_unknown_fields
