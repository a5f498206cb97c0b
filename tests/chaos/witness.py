"""The agent as it is, with a witness: each position whose spool commit returned is written down by another hand.

`python -m tests.chaos.witness CONFIG WITNESSED` appends a line `spool number time` after the commit, never before.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from device.__main__ import main
from device.spool.spool import Appended, Row, Spool


class Witness:
    """Stands between the agent and its spool and notes what the spool promised."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._append = Spool.append

    def take_the_stand(self) -> None:
        witness = self

        def append(spool: Spool, rows: Sequence[Row]) -> Appended:
            appended = witness._append(spool, rows)
            if appended.last is not None:
                witness.note(spool.id, appended.last - len(rows) + 1, rows)
            return appended

        Spool.append = append  # type: ignore[method-assign]

    def note(self, spool: str, first: int, rows: Sequence[Row]) -> None:
        lines = "".join(f"{spool} {first + step} {row.time}\n" for step, row in enumerate(rows))
        os.write(self._file, lines.encode())


if __name__ == "__main__":
    config, witnessed = sys.argv[1:]
    Witness(Path(witnessed)).take_the_stand()
    sys.argv = ["device", config]
    sys.exit(main())
