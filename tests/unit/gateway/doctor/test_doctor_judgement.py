"""The doctor's judgements, measurement by measurement."""

from pathlib import Path

import pytest

from gateway.doctor.findings import Area, Finding, Verdict, worst
from gateway.doctor.judgement import broker, clock, database, disk, files
from gateway.doctor.measurements import (
    Attempt,
    DatabaseState,
    Delivery,
    Disk,
    FileMode,
    JournalGrowth,
    KernelClock,
    Limits,
    Login,
    LoginResult,
    Retention,
    Session,
    Trespass,
)
from gateway.telemetry import outcomes
from gateway.telemetry.outcomes import WRITTEN, WriteOutcome

OK, UNKNOWN, WARNING, PROBLEM = Verdict.OK, Verdict.UNKNOWN, Verdict.WARNING, Verdict.PROBLEM
GIB = 2**30


def test_the_worst_decides():
    def finding(verdict: Verdict) -> Finding:
        return Finding(Area.DISK, verdict, "")

    assert worst([]) is OK
    assert worst(map(finding, (OK, UNKNOWN))) is UNKNOWN
    assert worst(map(finding, (WARNING, UNKNOWN, OK))) is WARNING
    assert worst(map(finding, (OK, PROBLEM, WARNING))) is PROBLEM


@pytest.mark.parametrize("login", [login for login in Login if login is not Login.ACCEPTED])
def test_each_failed_login_says_what_to_do(login):
    finding = broker.judge_login(LoginResult(login, "words"), "the gateway")
    assert finding.verdict is PROBLEM
    assert finding.action
    assert "words" in finding.meaning


@pytest.mark.parametrize(
    ("login", "verdict"), [(Login.ACCEPTED, PROBLEM), (Login.REFUSED, OK), (Login.UNREACHABLE, UNKNOWN)]
)
def test_strangers(login, verdict):
    assert broker.judge_anonymous(LoginResult(login)).verdict is verdict


@pytest.mark.parametrize(
    ("host", "encrypted", "verdict"),
    [("broker.example", True, OK), ("broker.example", False, WARNING), ("127.0.0.1", False, OK)],
)
def test_secrecy(host, encrypted, verdict):
    assert broker.judge_secrecy(host, encrypted=encrypted).verdict is verdict


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [
        (None, UNKNOWN),
        (Limits(None, 1000, 10), WARNING),
        (Limits(66_560, 1000, 10), OK),
        (Limits(66_560, 20, 10), WARNING),
        (Limits(65_536, 1000, 0), PROBLEM),
    ],
)
def test_limits(limits, verdict):
    assert worst(broker.judge_limits(limits)) is verdict


@pytest.mark.parametrize(
    ("session", "needed", "verdict"),
    [
        (Session.KEPT, True, OK),
        (Session.FORGOTTEN, True, PROBLEM),
        (Session.FORGOTTEN, False, WARNING),
        (None, True, UNKNOWN),
    ],
)
def test_sessions(session, needed, verdict):
    assert broker.judge_session(session, needed=needed).verdict is verdict


GOOD = Trespass(Attempt.ALLOWED, Attempt.DENIED, Attempt.DENIED, Delivery.DID_NOT_COME, Delivery.CAME)


@pytest.mark.parametrize(
    ("field", "value", "verdict"),
    [
        ("writes_own_positions", Attempt.ALLOWED, OK),
        ("writes_own_positions", Attempt.DENIED, PROBLEM),
        ("writes_own_positions", Attempt.UNANSWERED, UNKNOWN),
        ("writes_own_ack", Attempt.ALLOWED, PROBLEM),
        ("writes_own_ack", Attempt.UNTOLD, UNKNOWN),
        ("writes_another_vehicle", Attempt.ALLOWED, PROBLEM),
        ("writes_another_vehicle", Attempt.UNANSWERED, UNKNOWN),
        ("reads_another_vehicle", Delivery.CAME, PROBLEM),
        ("reads_another_vehicle", None, OK),
        ("gateway_answers", Delivery.DID_NOT_COME, WARNING),
    ],
)
def test_what_a_vehicle_can_do(field, value, verdict):
    found = {name: getattr(GOOD, name) for name in GOOD.__slots__} | {field: value}
    assert worst(broker.judge_trespass(Trespass(**found), "main/van-1")) is verdict


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ({}, WARNING),
        ({"persistence": "true"}, WARNING),
        ({"persistence": "true", "autosave_interval": "10"}, WARNING),
        ({"persistence": "true", "autosave_interval": "10", "max_queued_messages": "0"}, WARNING),
        ({"persistence": "true", "autosave_interval": "10", "max_queued_messages": "10000000"}, OK),
    ],
)
def test_the_brokers_own_file(options, verdict):
    assert worst(broker.judge_broker_file(options)) is verdict


@pytest.mark.parametrize(
    ("write", "retention", "ahead_s", "verdict"),
    [
        (WRITTEN, Retention(None), 0.4, OK),
        (WRITTEN, None, None, UNKNOWN),
        (WRITTEN, Retention(24.0), 0.0, WARNING),
        (WRITTEN, Retention(720.0), -30.0, WARNING),
        (WRITTEN, Retention(None), 400.0, PROBLEM),
        (WriteOutcome(outcomes.Verdict.UNAUTHORISED, "no"), Retention(None), 0.0, PROBLEM),
        (WriteOutcome(outcomes.Verdict.FAILED, "no"), Retention(None), 0.0, PROBLEM),
    ],
)
def test_databases(write, retention, ahead_s, verdict):
    assert worst(database.judge_database(DatabaseState("1.6.7", ahead_s, retention), write)) is verdict


@pytest.mark.parametrize(
    ("kernel", "verdict"), [(None, UNKNOWN), (KernelClock.SYNCHRONISED, OK), (KernelClock.UNSYNCHRONISED, WARNING)]
)
def test_the_clock(kernel, verdict):
    assert clock.judge_kernel(kernel).verdict is verdict


def test_a_difference_says_which_way():
    assert "30 s behind" in clock.judge_difference("the database", -30.0).meaning
    assert "30 s ahead of" in clock.judge_difference("the database", 30.0).meaning


@pytest.mark.parametrize(
    ("free", "kind", "fsync", "verdict"),
    [
        (50 * GIB, "ext4", (0.001,) * 20, OK),
        (1 * GIB, "ext4", (0.001,) * 20, WARNING),
        (GIB // 10, "ext4", (0.001,) * 20, PROBLEM),
        (50 * GIB, "tmpfs", (0.001,) * 20, PROBLEM),
        (50 * GIB, None, (), UNKNOWN),
        (50 * GIB, "ext4", (0.05,) * 20, WARNING),
        (50 * GIB, "ext4", (0.001,) * 15 + (2.0,) * 5, OK),
        (50 * GIB, "ext4", (0.4,) * 20, PROBLEM),
    ],
)
def test_disks(free, kind, fsync, verdict):
    assert worst(disk.judge_disk(Disk(free, 100 * GIB, kind, fsync))) is verdict


@pytest.mark.parametrize(
    ("growth", "free", "verdict"),
    [
        (None, 50 * GIB, UNKNOWN),
        (JournalGrowth(GIB, 0.5), 50 * GIB, UNKNOWN),
        (JournalGrowth(GIB, 10.0), 50 * GIB, OK),  # 72 h: 7.2 GiB
        (JournalGrowth(GIB, 10.0), 10 * GIB, WARNING),
        (JournalGrowth(GIB, 10.0), 5 * GIB, PROBLEM),
    ],
)
def test_growth(growth, free, verdict):
    assert disk.judge_growth(growth, 72.0, free).verdict is verdict


@pytest.mark.parametrize(("mode", "verdict"), [(None, WARNING), (0o40700, OK), (0o40750, WARNING), (0o40755, WARNING)])
def test_the_data_directory(mode, verdict):
    assert files.judge_data_dir(FileMode(Path("/data"), mode)).verdict is verdict


@pytest.mark.parametrize(("mode", "verdict"), [(None, PROBLEM), (0o100600, OK), (0o100640, OK), (0o100644, PROBLEM)])
def test_secrets(mode, verdict):
    assert worst(files.judge_secrets([FileMode(Path("/token"), mode)])) is verdict


def test_whatever_is_not_well_says_what_to_do():
    findings = [
        broker.judge_anonymous(LoginResult(Login.ACCEPTED)),
        broker.judge_secrecy("broker.example", encrypted=False),
        *broker.judge_limits(Limits(20_000, 20, 0)),
        *broker.judge_broker_file({}),
        database.judge_unreachable("refused"),
        clock.judge_kernel(KernelClock.UNSYNCHRONISED),
        *disk.judge_disk(Disk(0, GIB, "tmpfs", (1.0,))),
        files.judge_data_dir(FileMode(Path("/data"), 0o40755)),
    ]
    assert [finding for finding in findings if finding.verdict in (WARNING, PROBLEM) and not finding.action] == []
