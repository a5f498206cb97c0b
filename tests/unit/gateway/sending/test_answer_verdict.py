"""What each answer means."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from gateway.domain.letter import Fate
from gateway.sending.verdict import LONGEST_PAUSE_S, PAUSE_S, Trouble, of_answer, of_trouble

NOW = 1_732_375_000_000


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Fate.DELIVERED),
        (204, Fate.DELIVERED),
        (299, Fate.DELIVERED),
        (199, Fate.FAILED),
        (301, Fate.FAILED),
        (302, Fate.FAILED),
        (400, Fate.FAILED),
        (404, Fate.FAILED),
        (410, Fate.GONE),
        (429, Fate.THROTTLED),
        (500, Fate.FAILED),
        (502, Fate.THROTTLED),
        (503, Fate.FAILED),
        (504, Fate.THROTTLED),
        (799, Fate.FAILED),
    ],
)
def test_a_status_has_one_meaning(status, fate):
    assert of_answer(status, None, NOW).fate is fate


@pytest.mark.parametrize("trouble", Trouble)
def test_no_answer_is_a_failure_that_is_named(trouble):
    assert of_trouble(trouble).fate is Fate.FAILED
    assert of_trouble(trouble, "why").detail == f"{trouble}: why"


def http_date(seconds):
    return format_datetime(datetime.fromtimestamp(NOW / 1000 + seconds, UTC), usegmt=True)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, PAUSE_S),
        ("", PAUSE_S),
        ("soon", PAUSE_S),
        ("-5", PAUSE_S),
        ("120", 120),
        (" 120 ", 120),
        (http_date(120), 120),
        ("0", 1),
        (http_date(-500), 1),
        ("9" * 5000, LONGEST_PAUSE_S),
        (http_date(10 * 86400), LONGEST_PAUSE_S),
    ],
)
def test_retry_after_is_read_in_both_forms_and_bounded(header, seconds):
    report = of_answer(429, header, NOW)
    assert (report.fate, report.again_at) == (Fate.THROTTLED, NOW + seconds * 1000)


def test_a_failure_that_says_when_to_come_again_is_believed():
    assert of_answer(503, "90", NOW)._replace(detail="") == (Fate.THROTTLED, "", NOW + 90_000)
    assert of_answer(410, "90", NOW).again_at is None


def test_the_words_are_ours():
    assert of_answer(500, None, NOW).detail == "500 Internal Server Error"
    assert of_answer(799, None, NOW).detail == "799"
