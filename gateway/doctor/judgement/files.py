"""What the permissions of files mean."""

import stat
from collections.abc import Iterable, Iterator

from gateway.doctor.findings import Area, Finding, Verdict
from gateway.doctor.measurements import FileMode

OTHERS = stat.S_IRWXG | stat.S_IRWXO
READ_BY_ANYBODY = stat.S_IROTH
"""A group may be meant to read a secret: the gateway's own."""


def judge_data_dir(found: FileMode) -> Finding:
    """Judge the data directory: where people drove is nobody else's business."""
    if found.mode is None:
        return _finding(Verdict.WARNING, f"{found.path} is not there yet", "the gateway makes it at its first start")
    if found.mode & OTHERS:
        return _finding(
            Verdict.WARNING,
            f"{found.path} is open to other users of this machine (mode {stat.S_IMODE(found.mode):o})",
            f"chmod 700 {found.path}",
        )
    return _finding(Verdict.OK, f"{found.path} is the gateway's alone")


def judge_secrets(files: Iterable[FileMode]) -> Iterator[Finding]:
    """Judge the files that hold a password, a token or a key."""
    for found in files:
        if found.mode is None:
            yield _finding(Verdict.PROBLEM, f"{found.path} is missing", "correct its path in gateway.toml, or make it")
        elif found.mode & READ_BY_ANYBODY:
            yield _finding(
                Verdict.PROBLEM,
                f"anybody on this machine can read the secret in {found.path}",
                f"chmod 600 {found.path}",
            )
        else:
            yield _finding(Verdict.OK, f"{found.path} is not for everybody")


def _finding(verdict: Verdict, meaning: str, action: str = "") -> Finding:
    return Finding(Area.FILES, verdict, meaning, action)
