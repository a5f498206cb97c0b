"""What is signed is what the standard's own library verifies."""

import json
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from gateway.sending.secrets import write_secret
from gateway.sending.signing import LARGEST_BODY_BYTES, LetterTooLarge, write_body, write_headers
from tests.fixtures.letters import KEY, OLD_KEY, letter


def now_ms():
    return time.time_ns() // 1_000_000


def test_the_body_has_type_time_and_data_with_the_place_in_the_lane():
    assert json.loads(write_body(letter())) == {
        "type": "stop.arrived",
        "timestamp": "2024-11-23T15:16:40.000Z",
        "data": {"stop": "s1", "order": "A-1", "seq": 7},
    }


def test_the_body_is_the_same_at_each_attempt():
    assert write_body(letter(attempts=5, made=3)) == write_body(letter())


def test_the_data_is_passed_on_as_it_is():
    data = b'{"large":12345678901234567890,"small":1e-300,"text":"\xc3\xa4\\u0000"}'
    assert write_body(letter(data=data)).endswith(data[:-1] + b',"seq":7}}')


def test_a_body_of_20_kb_is_too_large():
    filled = LARGEST_BODY_BYTES - len(write_body(letter(data=b'{"x":""}')))
    assert len(write_body(letter(data=b'{"x":"%s"}' % (b"y" * (filled - 1))))) == LARGEST_BODY_BYTES - 1
    with pytest.raises(LetterTooLarge, match="20000 bytes, and 19999 are allowed"):
        write_body(letter(data=b'{"x":"%s"}' % (b"y" * filled)))


@pytest.mark.parametrize("key", [KEY, OLD_KEY])
def test_with_two_keys_the_library_verifies_with_either(key):
    body = write_body(letter())
    headers = write_headers(letter().id, body, [KEY, OLD_KEY], now_ms())
    assert Webhook(write_secret(key)).verify(body, dict(headers))["type"] == "stop.arrived"


@pytest.mark.parametrize("changed", ["body", "id", "key", "time"])
def test_the_library_refuses_what_was_changed(changed):
    body = write_body(letter())
    headers = dict(write_headers(letter().id, body, [KEY], now_ms()))
    key = OLD_KEY if changed == "key" else KEY
    headers["webhook-id"] += "x" if changed == "id" else ""
    headers["webhook-timestamp"] = str(int(headers["webhook-timestamp"]) - (changed == "time"))
    with pytest.raises(WebhookVerificationError):
        Webhook(write_secret(key)).verify(body + b" " * (changed == "body"), headers)
