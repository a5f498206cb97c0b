"""What `listen` finds of a webhook: genuine, or the one thing that is wrong."""

from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from gateway.sending.checking import Finding, check
from gateway.sending.secrets import write_secret
from gateway.sending.signing import write_headers
from tests.fixtures.letters import HAPPENED, KEY, OLD_KEY

BODY = b'{"type":"stop.arrived"}'


def headers(**changes):
    found = dict(write_headers("id-1", BODY, [KEY], HAPPENED))
    return found | {f"webhook-{name}": value for name, value in changes.items()}


def test_what_the_standards_library_signs_is_genuine():
    signature = Webhook(write_secret(KEY)).sign("id-1", datetime.fromtimestamp(HAPPENED / 1000, UTC), BODY.decode())
    assert check(headers(signature=signature), BODY, [KEY], HAPPENED) is Finding.GENUINE


@pytest.mark.parametrize("keys", [[KEY], [OLD_KEY, KEY], [KEY, OLD_KEY]])
def test_one_key_that_fits_is_enough(keys):
    assert check(headers(), BODY, keys, HAPPENED) is Finding.GENUINE


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"id": ""}, Finding.NO_ID),
        ({"timestamp": ""}, Finding.NO_TIMESTAMP),
        ({"timestamp": "soon"}, Finding.NO_TIMESTAMP),
        ({"timestamp": "\u0663"}, Finding.NO_TIMESTAMP),
        ({"signature": ""}, Finding.NO_SIGNATURE),
        ({"signature": "v1a,AAAA"}, Finding.OTHER_SCHEME),
        ({"signature": "v1,AAAA"}, Finding.OTHER_KEY),
        ({"signature": "v1,\u00e4"}, Finding.OTHER_KEY),
        ({"id": "id-2"}, Finding.OTHER_KEY),
    ],
)
def test_what_is_wrong_is_named(changes, finding):
    assert check(headers(**changes), BODY, [KEY], HAPPENED) is finding


def test_a_changed_body_and_a_strange_key_are_told():
    assert check(headers(), BODY + b" ", [KEY], HAPPENED) is Finding.OTHER_KEY
    assert check(headers(), BODY, [OLD_KEY], HAPPENED) is Finding.OTHER_KEY


@pytest.mark.parametrize(
    ("late_s", "finding"),
    [
        (-301, Finding.TOO_NEW),
        (-300, Finding.GENUINE),
        (300, Finding.GENUINE),
        (301, Finding.TOO_OLD),
    ],
)
def test_a_copy_is_good_for_five_minutes(late_s, finding):
    assert check(headers(), BODY, [KEY], HAPPENED + late_s * 1000) is finding
