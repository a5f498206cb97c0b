"""`docker-compose.yml`: what can be said of it without an engine."""

import re
import subprocess
import tomllib
from ipaddress import ip_address, ip_network

import pytest
import yaml

from milepost.installation.places import Places
from tests.fixtures.require import ROOT, require_program

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
LASTING = {name: service for name, service in SERVICES.items() if name != "first-start"}


def test_docker_compose_accepts_it():
    program = require_program("docker-compose")
    done = subprocess.run([program, "config", "-q"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_and_rights_small(name):
    service = SERVICES[name]
    assert re.fullmatch(r"[\w/-]+:\d+[.]\d+[.]\d+", service["image"])
    assert "no-new-privileges:true" in service["security_opt"]
    if name != "influxdb":  # its image changes its user by itself, and writes where it likes
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


@pytest.mark.parametrize("name", LASTING)
def test_services_start_again_and_say_whether_they_are_well(name):
    assert LASTING[name]["restart"] == "unless-stopped"
    assert name == "fleet" or "healthcheck" in LASTING[name]


def test_ports_are_published_on_this_machine_alone_and_no_database():
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert {name for name, published in ports.items() if published} == {"mosquitto", "gateway", "caddy", "grafana"}
    assert all(port.startswith("${MILEPOST_LISTEN:-127.0.0.1}:") for port in ports.pop("caddy"))
    assert all(port.startswith("127.0.0.1:") for published in ports.values() for port in published)


def test_the_gateway_believes_the_proxy_and_nobody_else():
    settings = tomllib.loads((ROOT / "config/compose/gateway.toml").read_text())
    proxied = SERVICES["caddy"]["networks"]["proxied"]
    assert settings["http"]["trusted_proxies"] == [proxied["ipv4_address"]]
    (network,) = COMPOSE["networks"]["proxied"]["ipam"]["config"]
    assert ip_address(proxied["ipv4_address"]) in ip_network(network["subnet"])


def test_the_proxy_comes_to_the_gateway_over_the_network_in_which_it_is_believed():
    upstream, port = SERVICES["caddy"]["environment"]["MILEPOST_UPSTREAM"].split(":")
    assert SERVICES["gateway"]["networks"]["proxied"]["aliases"] == [upstream]
    assert tomllib.loads((ROOT / "config/compose/gateway.toml").read_text())["http"]["port"] == int(port)
    assert {name for name, service in SERVICES.items() if "proxied" in service.get("networks", {})} == {
        "caddy",
        "gateway",
    }


def test_the_proxy_s_settings_name_what_the_compose_file_gives():
    caddyfile = (ROOT / "config/caddy/Caddyfile").read_text()
    assert set(re.findall(r"\{\$(\w+)", caddyfile)) == set(SERVICES["caddy"]["environment"])


def test_no_password_stands_in_it():
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|TOKEN|SECRET|KEY", name) or name.endswith("__FILE"), (name, value)


def test_every_folder_of_the_first_start_is_a_volume_and_every_volume_is_used():
    mounted = dict(volume.split(":")[:2] for volume in SERVICES["first-start"]["volumes"] if not volume.startswith("."))
    folders = {f"/installation/{folder.name}" for folder in Places(ROOT / "x").owners()}
    assert set(mounted.values()) == folders
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service["volumes"]}
    assert {volume for volume in used if not volume.startswith(".")} == set(COMPOSE["volumes"])


def test_no_service_sees_what_only_the_first_start_may():
    for name in LASTING:
        assert not [
            volume for volume in LASTING[name]["volumes"] if volume.startswith(("authority", "database-secrets"))
        ]


def test_what_is_mounted_from_the_checkout_is_there():
    for service in SERVICES.values():
        for volume in service["volumes"]:
            if volume.startswith("."):
                assert (ROOT / volume.split(":")[0]).exists(), volume
                assert volume.endswith(":ro")


def test_the_dockerfile_copies_what_is_there_and_is_let_through():
    dockerfile = (ROOT / "Dockerfile").read_text()
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for line in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
        for source in line.split():
            assert (ROOT / source).exists(), source
            assert any(source.startswith(name) for name in let_through), source
    assert re.findall(r"^FROM \S+:[\d.]+-\S+", dockerfile, re.MULTILINE) == re.findall(
        r"^FROM \S+", dockerfile, re.MULTILINE
    )
    assert "USER milepost" in dockerfile
