"""Webhooks as the settings say; secrets are read at the start."""

import pytest

from gateway.sending.secrets import write_secret
from gateway.settings import GatewaySettings, SettingsError, WebhookSettings
from gateway.wiring import webhooks_of
from tests.fixtures.letters import KEY, OLD_KEY


def settings(folder, secret, old_secret=None):
    files = {"secret_file": folder / "erp.secret"}
    (folder / "erp.secret").write_text(secret)
    if old_secret is not None:
        files["old_secret_file"] = folder / "erp.old.secret"
        files["old_secret_file"].write_text(old_secret)
    webhook = WebhookSettings(name="erp", url="https://erp.example.org/", allow=("10.0.0.0/8",), timeout_s=7, **files)
    return GatewaySettings(data_dir=folder, webhooks=(webhook,))


def test_a_webhook_has_its_secrets_networks_and_patience(tmp_path):
    posts = webhooks_of(settings(tmp_path, write_secret(KEY), write_secret(OLD_KEY) + "\n"))
    options = posts["erp"]._options
    assert options.keys == (KEY, OLD_KEY)
    assert [str(network) for network in options.allowed] == ["10.0.0.0/8"]
    assert options.timeout_s == 7


def test_without_webhooks_there_are_none(tmp_path):
    assert webhooks_of(GatewaySettings(data_dir=tmp_path)) == {}


def test_what_is_no_secret_ends_the_start_and_is_not_repeated(tmp_path):
    with pytest.raises(SettingsError, match="holds no webhook's secret: it does not begin") as refused:
        webhooks_of(settings(tmp_path, write_secret(KEY), "hunter2"))
    assert "hunter2" not in str(refused.value)


def test_a_missing_secret_ends_the_start(tmp_path):
    given = settings(tmp_path, write_secret(KEY))
    (tmp_path / "erp.secret").unlink()
    with pytest.raises(SettingsError, match="cannot read"):
        webhooks_of(given)
