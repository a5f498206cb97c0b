"""Secrets are written as the standard says, and what is none is told apart."""

import pytest

from gateway.sending.secrets import BadSecret, parse_secret, write_secret


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_is_read_as_it_is_written(size):
    key = bytes(range(size))
    assert parse_secret(write_secret(key)) == key


def test_missing_padding_is_no_fault():
    assert parse_secret("whsec_" + "QUFB" * 8 + "QQ") == b"AAA" * 8 + b"A"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "does not begin with whsec_"),
        ("whsk_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB", "does not begin with whsec_"),
        ("whsec_not base64!", "no base64"),
        ("whsec_" + "\u00e4" * 32, "no base64"),
        (write_secret(bytes(23)), "it has 23 bytes, and 24 to 64"),
        (write_secret(bytes(65)), "it has 65 bytes"),
    ],
)
def test_what_is_no_secret_is_refused_without_being_repeated(text, told):
    with pytest.raises(BadSecret, match=told) as refused:
        parse_secret(text)
    assert not text.removeprefix("whsec_") or text.removeprefix("whsec_") not in str(refused.value)
