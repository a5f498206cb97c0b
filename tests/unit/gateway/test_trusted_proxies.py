"""Whom the gateway believes about whose request it is."""

import pytest

from gateway.settings import HttpSettings, SettingsError, load


def test_by_default_this_machine_alone_is_believed():
    assert HttpSettings().trusted_proxies == ("127.0.0.1", "::1")


@pytest.mark.parametrize("proxy", ["*", "caddy", "10.0.0.1/24", "300.1.1.1", ""])
def test_what_is_no_address_is_refused_at_the_start(tmp_path, proxy):
    path = tmp_path / "gateway.toml"
    path.write_text(f'[http]\ntrusted_proxies = ["{proxy}"]\n')
    with pytest.raises(SettingsError, match="trusted_proxies"):
        load(path)


def test_networks_are_taken(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text('[http]\ntrusted_proxies = ["10.0.0.0/24", "fd00::/8", "192.0.2.7"]\n')
    assert len(load(path).http.trusted_proxies) == 3
