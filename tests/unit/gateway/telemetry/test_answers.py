"""Each answer that InfluxDB 1.6, 2.7 and 3 give to a write, and what it means for the batch."""

import pytest

from gateway.telemetry.answers import MAX_DETAIL_CHARACTERS, MAX_RETRY_AFTER_S, Answer, read_answer
from gateway.telemetry.outcomes import Verdict

V1 = [
    (204, "", Verdict.WRITTEN),
    (400, '{"error":"partial write: unable to parse \'x\': missing fields dropped=0"}', Verdict.REFUSED),
    (400, '{"error":"unable to parse \'position lat=\': missing field value"}', Verdict.REFUSED),
    (
        400,
        (
            '{"error":"partial write: field type conflict: input field \\"sats\\" on measurement \\"position\\" is '
            'type float, already exists as type integer dropped=1"}'
        ),
        Verdict.REFUSED,
    ),
    (400, '{"error":"field type conflict"}', Verdict.REFUSED),
    (400, '{"error":"partial write: points beyond retention policy dropped=12"}', Verdict.EXPIRED),
    (
        400,
        '{"error":"partial write: max-values-per-tag limit exceeded (1/1): measurement=\\"position\\" dropped=1"}',
        Verdict.OVER_LIMIT,
    ),
    (400, '{"error":"partial write: max-series-per-database limit exceeded: (5) dropped=1"}', Verdict.OVER_LIMIT),
    (401, '{"error":"authorization failed"}', Verdict.UNAUTHORISED),
    (403, '{"error":"\\"u\\" user is not authorized to write to database \\"milepost\\""}', Verdict.UNAUTHORISED),
    (404, '{"error":"database not found: \\"milepost\\""}', Verdict.NO_DATABASE),
    (404, "404 page not found\n", Verdict.MISDIRECTED),
    (413, '{"error":"Request Entity Too Large"}', Verdict.TOO_LARGE),
    (500, '{"error":"timeout"}', Verdict.FAILED),
    (503, '{"error":"hinted handoff queue full"}', Verdict.BUSY),
]
V2 = [
    (400, '{"code":"invalid","message":"unable to parse \'x\': missing fields"}', Verdict.REFUSED),
    (401, '{"code":"unauthorized","message":"unauthorized access"}', Verdict.UNAUTHORISED),
    (403, '{"code":"forbidden","message":"insufficient permissions for write"}', Verdict.UNAUTHORISED),
    (404, '{"code":"not found","message":"bucket \\"milepost\\" not found"}', Verdict.NO_DATABASE),
    (404, '{"code":"not found","message":"organization name \\"x\\" not found"}', Verdict.NO_DATABASE),
    (413, '{"code":"request too large","message":"cannot read data: body too large"}', Verdict.TOO_LARGE),
    (
        422,
        (
            '{"code":"unprocessable entity","message":"failure writing points to database: partial write: field type '
            'conflict: input field \\"alt\\" is type float, already exists as type integer dropped=1"}'
        ),
        Verdict.REFUSED,
    ),
    (
        422,
        (
            '{"code":"unprocessable entity","message":"failure writing points to database: partial write: points '
            'beyond retention policy dropped=3"}'
        ),
        Verdict.EXPIRED,
    ),
    (429, '{"code":"too many requests","message":"write limit"}', Verdict.BUSY),
    (500, '{"code":"internal error","message":"unexpected error writing points to database: timeout"}', Verdict.FAILED),
    (503, '{"code":"unavailable"}', Verdict.BUSY),
]
V3 = [
    (
        400,
        '{"error":"partial write of line protocol occurred","data":[{"error_message":"limit exceeded"}]}',
        Verdict.REFUSED,
    ),
    (400, '{"error":"parsing failed for write_lp endpoint","data":{"line_number":2}}', Verdict.REFUSED),
    (401, "", Verdict.UNAUTHORISED),
    (413, '{"error":"max request size (10485760 bytes) exceeded"}', Verdict.TOO_LARGE),
    (422, '{"error":"Adding a new database would exceed limit of 5 databases"}', Verdict.OVER_LIMIT),
    (500, '{"error":"object store error"}', Verdict.FAILED),
]
STRANGERS = [
    (200, "<html>please log in</html>", Verdict.MISDIRECTED),
    (302, "", Verdict.MISDIRECTED),
    (405, "Method Not Allowed", Verdict.MISDIRECTED),
    (502, "<html>bad gateway</html>", Verdict.FAILED),
    (0, "", Verdict.MISDIRECTED),
    (400, "[1]", Verdict.REFUSED),
    (400, '{"error": null, "message": 5}', Verdict.REFUSED),
    (500, "\ufffd\x00", Verdict.FAILED),
]


@pytest.mark.parametrize(("status", "body", "verdict"), [*V1, *V2, *V3, *STRANGERS])
def test_an_answer_has_a_verdict(status, body, verdict):
    assert read_answer(Answer(status, None, body.encode())).verdict is verdict


@pytest.mark.parametrize(
    "words", ["points beyond retention policy dropped=1", "max-series limit exceeded", "would exceed"]
)
@pytest.mark.parametrize("status", [400, 422])
def test_a_line_that_is_repeated_in_an_error_cannot_speak_for_the_database(words, status):
    body = f"partial write: unable to parse 'position fix=\"{words}\"': invalid number dropped=0"
    assert read_answer(Answer(status, None, f'{{"error":"{body}"}}'.encode())).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 30 ", 30.0), (None, None), ("", None), ("-1", None), ("Wed, 21 Oct 2026 07:28 GMT", None),
     ("99999999", MAX_RETRY_AFTER_S), ("²", None)],
)  # fmt: skip
def test_the_time_that_the_database_asks_for(header, seconds):
    assert read_answer(Answer(429, header, b"")).retry_after_s == seconds


def test_the_detail_is_the_databases_own_words_and_short():
    said = read_answer(Answer(404, None, b'{"code":"not found","message":"bucket \\"m\\" not found"}'))
    assert said.detail == '404 bucket "m" not found'
    assert len(read_answer(Answer(400, None, b"x" * 100_000)).detail) == MAX_DETAIL_CHARACTERS
