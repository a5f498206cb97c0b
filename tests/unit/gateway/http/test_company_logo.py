"""The company's logo: what is taken, and how it is sent."""

import dataclasses

import pytest

from gateway.assembly.customers import map_style_of
from gateway.http.logo import MAX_LOGO_BYTES, BadLogo, read_logo

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "


@pytest.fixture
def logo_file(tmp_path):
    def write(content):
        file = tmp_path / "logo"
        file.write_bytes(content)
        return file

    return write


@pytest.mark.parametrize(("content", "media_type"), [(SVG, "image/svg+xml"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_what_it_is_is_told_by_its_content(logo_file, content, media_type):
    logo = read_logo(logo_file(content))
    assert (logo.content, logo.media_type) == (content, media_type)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", PNG + bytes(MAX_LOGO_BYTES)])
def test_what_is_none_is_refused(logo_file, content):
    with pytest.raises(BadLogo):
        read_logo(logo_file(content))


def test_one_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadLogo, match="cannot read"):
        read_logo(tmp_path / "missing.svg")


def test_it_is_sent_so_that_nothing_in_it_runs(api_rig, logo_file):
    with_logo = dataclasses.replace(api_rig.parts.customers, logo=read_logo(logo_file(SVG)))
    with api_rig.client(customers=with_logo) as client:
        answer = client.get("/company/logo")
        again = client.get("/company/logo", headers={"If-None-Match": answer.headers["etag"]})
    assert (answer.content, answer.headers["content-type"]) == (SVG, "image/svg+xml")
    assert answer.headers["content-security-policy"].endswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (again.status_code, again.content) == (304, b"")


def test_without_one_there_is_none(api):
    assert api.get("/company/logo").status_code == 404


@pytest.mark.parametrize(
    ("style_url", "used"),
    [
        (None, "/map/style.json"),
        ("/tiles/style.json", "/tiles/style.json"),
        ("https://maps.example.org/style.json", "/map/style.json"),
        ("//maps.example.org/style.json", "/map/style.json"),
    ],
)
def test_no_other_server_learns_where_a_customer_lives(style_url, used):
    assert map_style_of(style_url) == used
