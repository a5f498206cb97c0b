"""The table of all differences from gpsd in docs/nmea.md: `python -m tests.nmea.table` writes it, a test checks it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fixtures.require import ROOT, SHARED
from tests.nmea.corpus import Comparison, compare, logs

PAGE = ROOT / "docs" / "nmea.md"
BEGIN = "<!-- begin of the table that tests/nmea/table.py writes -->\n"
END = "<!-- end of the table -->\n"

ROLLOVER = "gpsd moves the recording's dates by 1,024 weeks; a recording keeps its dates"
MERGED = "one instant, rounded differently by two sentences (3 to 5 ms apart): gpsd reports it twice, we once"
EARLY = "GGA comes before the first date: gpsd reports the fix without a time, ours has the date of the epoch's RMC"

PASSED_OVER = {
    "ac12_binary": "gpsd's cycle starts with the first ZDA, which this receiver sends a second ahead of its fix",
    "ais-nmea": "gpsd's end of cycle, where an AIS sentence falls between GLL and the next RMC",
    "bundg_zeus_9": "the plotter's GLL runs ahead into the next second; gpsd passes over the second between",
    "garmin48": "GLL is a fix of its own, a second later; gpsd reports only GLL's, we RMC's and GGA's too",
    "rst39": "gpsd learns the end of its cycle and passes over the second epoch",
    "ublox-lea-5h": "the recording was cut after this epoch's RMC; gpsd waits for the end of its cycle",
    "ublox-zed-f9t-ubx_nmea_l5": "gpsd finds the end of the cycle with the second epoch, the binary protocol between",
    "tn204": "GGA and GLL are a second after RMC; gpsd learns its cycle and passes over the second epoch",
}
"""Epochs of a valid fix that gpsd does not report."""

FAR = {
    "bundg_zeus_9": "one second without RMC: the plotter's GGA and GLL are 3 m (a second) apart, one of them is right",
    "ericsson-gru04-02-70sec": "gpsd takes the receiver's surveyed average (`$PERC,GPavp`) for a fix; ours is GNS's",
}
"""Fixes more than a metre from gpsd's."""

HEADER = "| log | gpsd | ours | both | off > 1 m | only gpsd | only ours | why |\n|---|---|---|---|---|---|---|---|\n"


def differs(one: Comparison) -> bool:
    """Say whether a log has more to explain than that gpsd does not report the last epoch of a log."""
    return bool(one.moved_by_rollover or one.far or one.only_theirs or one.early or one.more)


def reasons(one: Comparison) -> list[str]:
    said = [
        (one.moved_by_rollover, ROLLOVER),
        (one.merged, MERGED),
        (one.early, EARLY),
        (one.more, PASSED_OVER.get(one.name)),
        (one.far, FAR.get(one.name)),
    ]
    return [why for there, why in said if there and why is not None]


def row(one: Comparison) -> str:
    numbers = (one.expected, one.ours, one.common, one.far, one.only_theirs, one.only_ours)
    return f"| {one.name} | {' | '.join(str(len(times)) for times in numbers)} | {'; '.join(reasons(one))} |\n"


def totals(all_logs: Sequence[Comparison]) -> str:
    def total(part: str) -> int:
        return sum(len(getattr(one, part)) for one in all_logs)

    common, far = total("common"), total("far")
    expected = total("expected")
    return (
        f"{len(all_logs)} logs, {expected} timed epochs of gpsd's: we have {common} of them "
        f"({100 * common / expected:.2f} %), {common - far} ({100 * (common - far) / common:.2f} %) within 1 m. "
        f"Of the rest {total('merged')} are one instant with another of ours, {total('missed')} are missed. "
        f"Ours has {total('only_ours')} epochs more: {total('unfinished')} after gpsd's last report (it reports an "
        f"epoch when the next one begins), {total('early')} that it reports without a time, "
        f"{total('more')} that it passes over.\n"
    )


def table(all_logs: Sequence[Comparison]) -> str:
    return totals(all_logs) + "\n" + HEADER + "".join(row(one) for one in all_logs if differs(one))


def written(page: Path) -> str:
    return page.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]


def write(page: Path, text: str) -> None:
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    page.write_text(before + BEGIN + text + END + rest.split(END)[1], encoding="utf-8")


if __name__ == "__main__":
    folder = SHARED / "nmea" / "gpsd"
    if not folder.exists():
        sys.exit(f"the recorded receivers are not at {folder}")
    write(PAGE, table([compare(log) for log in logs(folder)]))
