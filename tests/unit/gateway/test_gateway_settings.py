"""The settings: the sample is complete and true, and a wrong value is shown."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from gateway.settings import GatewaySettings, SettingsError, load, read_secret
from gateway.settings.base import Settings
from tests.fixtures.require import ROOT

SAMPLE = ROOT / "config" / "gateway.toml"


def written(tmp_path, text):
    path = tmp_path / "gateway.toml"
    path.write_text(text)
    return path


def all_options(section=GatewaySettings, prefix=""):
    for field in msgspec.structs.fields(section):
        section = next((kind for kind in (field.type, *get_args(field.type)) if is_section(kind)), None)
        if section is not None:
            yield from all_options(section, f"{field.name}.")
        else:
            yield f"{prefix}{field.name}"


def is_section(kind):
    return isinstance(kind, type) and issubclass(kind, Settings)


def documented_options():
    section = ""
    for line in SAMPLE.read_text().splitlines():
        if header := re.fullmatch(r"(?:# )?\[+(\w+)\]+", line):
            section = f"{header[1]}."
        elif option := re.match(r"(?:# )?([a-z0-9_]+) = ", line):
            yield f"{section}{option[1]}"


def test_the_sample_documents_every_option_and_no_other():
    assert set(documented_options()) == set(all_options())


def test_the_samples_values_are_the_defaults():
    settings = load(SAMPLE)
    assert msgspec.structs.replace(settings, data_dir=Path("data")) == GatewaySettings()


def test_each_commented_option_can_be_switched_on(tmp_path):
    text = re.sub(r"^# (\w+ = |\[\[)", r"\1", SAMPLE.read_text(), flags=re.MULTILINE)
    settings = load(written(tmp_path, text.replace("tls = false", "tls = true")))
    assert settings.telemetry.token_file == tmp_path / "influxdb.token"
    assert settings.map.style_url == "https://tiles.example.org/style.json"
    assert settings.map.origins == ("https://fonts.example.org",)
    assert settings.webhooks[0].secret_file == tmp_path / "erp.secret"
    assert [channel.name for channel in settings.channels] == ["sms", "own"]


@pytest.mark.parametrize("origin", ["*", "tiles.example.org", "https://a.example/x", "https://a; script-src *"])
def test_only_a_host_may_be_let_into_the_page(tmp_path, origin):
    with pytest.raises(SettingsError, match="is not an origin"):
        load(written(tmp_path, f'[map]\norigins = ["{origin}"]'))


def test_relative_paths_are_relative_to_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir("/")
    settings = load(written(tmp_path, 'data_dir = "here"\n[mqtt]\npassword_file = "/etc/p"'))
    assert settings.data_dir == tmp_path / "here"
    assert settings.mqtt.password_file == Path("/etc/p")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[http]\nport = 70000", r"\$\.http\.port`: 70000"),
        ("[http]\nprot = 1", "unknown field `prot`"),
        ('[mqtt]\nprotocol = "4"', "protocol`: '4'"),
        ("[mqtt]\nnative_qos = 2", "native_qos`: 2"),
        ('[telemetry]\nkind = "mysql"', "kind`: 'mysql'"),
        ('[telemetry]\nkind = "influxdb1"', "url None"),
        ('[telemetry]\nkind = "influxdb2"\nurl = "http://h"', "token_file is missing"),
        ('[mqtt]\ntls_cert_file = "x"', "need each other"),
        ('[mqtt]\ntls_ca_file = "x"', "no effect without tls"),
        ('[mqtt]\ntopic_prefix = "a/#"', "'#'"),
        ('[http]\npublic_url = "fleet.example.org"', "public_url 'fleet.example.org'"),
        ('[map]\nstyle_url = "style.json"', "style_url 'style.json'"),
        ('id = "no name"', "'no name'"),
        ("fleets = []", "at least one"),
        ("[tracking]\nheartbeat_s = 0", "heartbeat_s`: 0"),
        ("data_dir = 5", "data_dir`: 5"),
        ('[messages]\nchannels = ["sms"]', "messages.channels: there is none with the name 'sms'"),
        ('[messages]\nquiet = "9-8"', "messages.quiet '9-8'"),
        ('[[channels]]\nname = "sms"\ncontact = "phone"', "either url_file or webhook"),
        ('[[channels]]\nname = "own"\ncontact = "phone"\nwebhook = "erp"', "channels.webhook: there is none"),
        ('[[webhooks]]\nname = "a"\nsecret_file = "s"\nurl = "ftp://x"', "url 'ftp://x'"),
        ('[[webhooks]]\nname = "a"\nsecret_file = "s"\nurl = "http://x"\nallow = ["ten"]', "ten"),
        ("x =", "no TOML"),
    ],
)
def test_a_wrong_option_is_named_with_its_value(tmp_path, text, said):
    path = written(tmp_path, text)
    with pytest.raises(SettingsError, match=said) as error:
        load(path)
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml: No such file"):
        load(tmp_path / "nowhere.toml")


def test_a_secret_is_the_first_line_of_its_file(tmp_path):
    (tmp_path / "secret").write_text("  s3cret \n# who made it\n")
    assert read_secret(tmp_path / "secret") == "s3cret"
    assert read_secret(None) is None


def test_a_secret_that_is_not_there_is_said(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\n")
    with pytest.raises(SettingsError, match="is no text"):
        read_secret(tmp_path / "binary")
    with pytest.raises(SettingsError, match="is empty"):
        read_secret(tmp_path / "empty")
    with pytest.raises(SettingsError, match="No such file"):
        read_secret(tmp_path / "missing")
