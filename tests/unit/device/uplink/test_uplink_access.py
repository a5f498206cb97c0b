import ssl

import pytest

from device.settings import MqttSettings, SettingsError
from device.uplink.access import password, tls_context


def test_without_settings_there_is_neither():
    assert password(MqttSettings()) is None
    assert tls_context(MqttSettings()) is None


def test_a_password_comes_from_its_file_without_the_line_end(tmp_path):
    file = tmp_path / "password"
    file.write_text("s3cret\n")
    assert password(MqttSettings(password_file=file)) == "s3cret"


def test_or_from_the_environment(monkeypatch):
    monkeypatch.setenv("MILEPOST_TEST_PASSWORD", "s3cret")
    assert password(MqttSettings(password_env="MILEPOST_TEST_PASSWORD")) == "s3cret"


@pytest.mark.parametrize("content", [None, "", "\n"])
def test_a_missing_or_empty_file_is_refused_by_name(tmp_path, content):
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SettingsError, match=str(file)):
        password(MqttSettings(password_file=file))


def test_an_unset_variable_is_refused_by_name(monkeypatch):
    monkeypatch.delenv("MILEPOST_TEST_PASSWORD", raising=False)
    with pytest.raises(SettingsError, match="MILEPOST_TEST_PASSWORD"):
        password(MqttSettings(password_env="MILEPOST_TEST_PASSWORD"))


def test_tls_checks_the_brokers_name_and_certificate():
    context = tls_context(MqttSettings(tls=True))
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_file_that_is_no_certificate_is_refused_by_name(tmp_path):
    file = tmp_path / "ca.crt"
    file.write_text("no certificate")
    with pytest.raises(SettingsError, match=str(file)):
        tls_context(MqttSettings(tls=True, tls_ca_file=file))
