"""Bytes in any portions to NMEA sentences whose checksum is right. Pure; the caller owns the port.

The rules:
- A sentence is `$` or `!`, an address that begins with a letter, printable characters, `*` and two hex digits of
  either case. Line ends are neither needed nor looked for: binary protocols and cut lines stand between sentences.
- A `$` inside a sentence starts a new one: the line before it was cut.
- What fails is searched again from its second character, so that no good sentence hides behind a false start.
- The result depends on the bytes alone, never on their portions: a candidate that touches the end of the buffer
  stays there until its end is known.
"""

import re
from collections import Counter
from enum import StrEnum

MAX_BODY_BYTES = 1024
"""The longest body between the start sign and `*`. The standard's sentence has 82 characters, the longest met on real
receivers 205; 1,024 leaves room for proprietary ones and bounds what is kept while an end is awaited."""

_CANDIDATE = re.compile(
    rb"[$!]([A-Za-z][\x20-\x23\x25-\x29\x2b-\x7e]{0,%d})?(?:\*([0-9A-Fa-f]{0,2}))?" % (MAX_BODY_BYTES - 1)
)

_FOLDS = tuple(8 << power for power in range(MAX_BODY_BYTES.bit_length() - 2, -1, -1))
"""Shifts that fold the longest body onto its first byte: the XOR of n bytes in log2(n) steps instead of n."""


class Malformed(StrEnum):
    """Why the start of a sentence came to nothing."""

    BAD_CHECKSUM = "bad_checksum"
    NO_CHECKSUM = "no_checksum"
    TOO_LONG = "too_long"


def checksum(body: bytes) -> int:
    """XOR of all bytes of a sentence's body (at most MAX_BODY_BYTES) between the start sign and `*`."""
    folded = int.from_bytes(body, "little")
    for shift in _FOLDS:
        folded ^= folded >> shift
    return folded & 0xFF


class Scanner:
    """Finds the sentences in a stream of bytes; holds at most one unfinished sentence between calls."""

    def __init__(self) -> None:
        self._kept = b""
        self.sentences = 0
        self.dropped: Counter[Malformed] = Counter()

    def feed(self, data: bytes) -> list[str]:
        """Return the bodies (`GPRMC,…,A`, without start sign and checksum) that `data` completes, in order."""
        buffer = self._kept + data
        bodies: list[str] = []
        at = 0
        while (candidate := _CANDIDATE.search(buffer, at)) is not None and not _is_open(candidate, len(buffer)):
            fault = _fault(candidate)
            if fault is None:
                bodies.append(candidate[1].decode("ascii"))
                at = candidate.end()
            else:
                self._drop(candidate, fault)
                at = candidate.start() + 1
        self._kept = buffer[candidate.start() :] if candidate is not None else b""
        self.sentences += len(bodies)
        return bodies

    def _drop(self, candidate: re.Match[bytes], fault: Malformed) -> None:
        if candidate[1] is not None:  # a lone `$` or `!` is a byte of something else, not a sentence
            self.dropped[fault] += 1


def _is_open(candidate: re.Match[bytes], end: int) -> bool:
    """Say whether more bytes could still change what this candidate is."""
    body, given = candidate[1], candidate[2]
    if candidate.end() < end or (given is not None and len(given) == 2):
        return False
    return given is not None or body is None or len(body) < MAX_BODY_BYTES


def _fault(candidate: re.Match[bytes]) -> Malformed | None:
    body, given = candidate[1], candidate[2]
    if body is not None and given is not None and len(given) == 2:
        return None if checksum(body) == int(given, 16) else Malformed.BAD_CHECKSUM
    return Malformed.TOO_LONG if body is not None and len(body) == MAX_BODY_BYTES else Malformed.NO_CHECKSUM
