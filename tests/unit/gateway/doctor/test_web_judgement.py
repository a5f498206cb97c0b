"""What the public address means for drivers and customers."""

import sqlite3

import pytest

from gateway.doctor.findings import Verdict
from gateway.doctor.judgement import web
from gateway.doctor.measurements import Certificate, Plain, Reach, WebAnswer
from gateway.doctor.probes import machine
from gateway.doctor.probes.web import instance_here
from gateway.links.instance import CHARACTERS, instance_of

OK, UNKNOWN, WARNING, PROBLEM = Verdict.OK, Verdict.UNKNOWN, Verdict.WARNING, Verdict.PROBLEM
URL = "https://fleet.example.org"
DAY = 86_400.0
NINETY = Certificate(60 * DAY, 90 * DAY)


def verdicts(url, answer, instance="us"):
    return [finding.verdict for finding in web.judge_address(url, answer, instance)]


def answered(certificate=NINETY, instance="us"):
    return WebAnswer(Reach.ANSWERED, "200", certificate, instance)


@pytest.mark.parametrize(
    ("users", "verdict"), [([], UNKNOWN), (["messages to customers"], PROBLEM), (["drivers' links"], PROBLEM)]
)
def test_no_address_is_a_problem_for_whoever_needs_one(users, verdict):
    finding = web.judge_missing(users)
    assert finding.verdict is verdict
    assert all(who in finding.meaning for who in users)
    assert "public_url" in finding.action


def test_all_is_well():
    assert verdicts(URL, answered()) == [OK, OK]


@pytest.mark.parametrize("reach", [reach for reach in Reach if reach is not Reach.ANSWERED])
def test_what_cannot_be_reached_says_what_to_do(reach):
    (finding,) = web.judge_address(URL, WebAnswer(reach, "its words"), "us")
    assert finding.verdict is PROBLEM
    assert "its words" in finding.meaning
    assert finding.action


@pytest.mark.parametrize(
    ("left_days", "whole_days", "verdict"),
    [
        (31, 90, OK),
        (15, 90, OK),
        (13, 90, WARNING),
        (15, 365, OK),
        (13, 365, WARNING),
        (0.2, 0.5, OK),
        (0.1, 0.5, WARNING),
    ],
)
def test_a_certificate_is_renewed_in_time(left_days, whole_days, verdict):
    assert verdicts(URL, answered(Certificate(left_days * DAY, whole_days * DAY)))[0] is verdict


def test_days_left_are_said():
    first, _ = web.judge_address(URL, answered(), "us")
    assert "60 days" in first.meaning
    first, _ = web.judge_address(URL, answered(Certificate(9.2 * 3600, 12 * 3600)), "us")
    assert "9 h" in first.meaning


@pytest.mark.parametrize(
    ("there", "here", "verdict"),
    [("us", "us", OK), ("them", "us", PROBLEM), (None, "us", PROBLEM), ("us", None, UNKNOWN)],
)
def test_it_must_be_this_gateway(there, here, verdict):
    assert verdicts(URL, answered(instance=there), here)[1] is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [("http://fleet.example.org", PROBLEM), ("http://localhost:8080/x", WARNING), ("http://[::1]:8080", WARNING)],
)
def test_plain_addresses_are_for_this_machine(url, verdict):
    first, second = web.judge_address(url, answered(certificate=None), "us")
    assert (first.verdict, second.verdict) == (verdict, OK)


@pytest.mark.parametrize(
    ("plain", "verdict"),
    [
        (Plain.REDIRECTED, OK),
        (Plain.SERVED, PROBLEM),
        (Plain.REFUSED, WARNING),
        (Plain.CLOSED, WARNING),
        (Plain.NOT_KNOWN, UNKNOWN),
    ],
)
def test_plain_http(plain, verdict):
    assert web.judge_plain(plain).verdict is verdict


def test_a_gateway_is_known_by_its_key_which_its_name_does_not_tell(tmp_path):
    assert instance_here(tmp_path) is None
    (tmp_path / "links.key").write_bytes(b"k" * 32)
    assert instance_here(tmp_path) == instance_of(b"k" * 32) != instance_of(b"l" * 32)
    assert len(instance_of(b"k" * 32)) == CHARACTERS


def test_drivers_links_are_counted(tmp_path):
    assert machine.driver_links(tmp_path) is None
    with sqlite3.connect(tmp_path / machine.OPERATIONS) as operations:
        operations.execute("CREATE TABLE driver_links (driver)")
        operations.execute("INSERT INTO driver_links VALUES ('eva')")
    assert machine.driver_links(tmp_path) == 1
