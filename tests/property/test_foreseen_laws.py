"""Laws of what is foreseen and published, over days of chance: nothing twice, nothing lost, no names."""

from itertools import groupby
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.events import EventKind, RouteEvent
from gateway.domain.records import Record, TapRecord
from gateway.domain.stop import Said
from gateway.execution.outlook import FORESEEN
from gateway.execution.rounds import Rounds
from gateway.publishing import PublicKind, published
from tests.fixtures.driven_day import said
from tests.fixtures.foreseen_day import events_of, journal_of, restarted, stored
from tests.fixtures.told_day import Timeline, streets

CORNERS = ((2, 0), (6, 0), (6, 3), (6, 3), (9, 3), (9, 7))
STOPS = [f"s{number}" for number in range(1, len(CORNERS) + 1)]
DRIVER = "Annikki Salainen"
SEEDS = st.integers(0, 2**32 - 1)


def a_day(seed: int) -> list[Record]:
    """Return the journal of a day: its order, long stops, dead zones, words or none, and what comes late."""
    chance = Random(seed)
    order = list(STOPS)
    for _ in range(chance.choice((0, 0, 1, 2))):
        one, other = chance.sample(range(len(order)), 2)
        order[one], order[other] = order[other], order[one]
    day = Timeline(streets(*CORNERS, driver=DRIVER), every_s=20, m_s=chance.choice((5.0, 8.0)))
    day.stands(300)
    words = [word for stop in order[: chance.randint(2, 6)] for word in _served(day, stop, chance)]
    if chance.random() < 0.7:
        day.drives_to("depot").stands(300)
    return journal_of(day, *words, until=day.time + chance.choice((0, 1_200_000)), lag_ms=chance.choice((500, 240_000)))


def _served(day: Timeline, stop: str, chance: Random) -> list[TapRecord]:
    if chance.random() < 0.15:
        day.turns_up_at(stop, chance.choice((240, 1_200)))
    day.drives_to(stop).stands(chance.choice((40, 180, 180, 2_400)))
    said_so = chance.choices((Said.SUCCEEDED, Said.FAILED, Said.UNDONE), k=chance.randint(0, 2))
    return [_word(day, f"{stop}-{number}", what, chance.choice((0, 900_000))) for number, what in enumerate(said_so)]


def _word(day: Timeline, name: str, what: Said, late_ms: int) -> TapRecord:
    stop = name.partition("-")[0]
    return TapRecord(day.layout.plan.key, stop, said(name, day.time, what), day.time + late_ms)


def ids(events: list[RouteEvent]) -> list[tuple[str, int]]:
    return [(event.id, event.time) for event in events]


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_after_a_restart_at_any_commit_the_same_is_told(seed):
    records = a_day(seed)
    whole = events_of(records)
    chance, rounds, told = Random(seed + 1), Rounds(), []
    cuts = sorted(chance.sample(range(len(records)), 4))
    for begin, end in zip([0, *cuts], [*cuts, len(records)], strict=True):
        told += events_of(records[begin:end], rounds)
        swept, rounds = rounds.swept, restarted(rounds)
        rounds.swept = swept
    assert ids(told) == ids(whole)
    assert [event.facts for event in told] == [event.facts for event in whole]


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_nothing_is_told_twice_and_everything_in_its_turn(seed):
    events = events_of(a_day(seed))
    assert len({event.id for event in events}) == len(events)
    near = [event.stop for event in events if event.kind is EventKind.STOP_APPROACHING]
    assert len(set(near)) == len(near)
    hearing = [event.kind for event in events if event.kind in (EventKind.VEHICLE_SILENT, EventKind.VEHICLE_RESUMED)]
    assert all(len(list(run)) == 1 for _, run in groupby(hearing))
    assert hearing[:1] != [EventKind.VEHICLE_RESUMED]
    _nothing_is_foreseen_of_what_is_over(events)


def _nothing_is_foreseen_of_what_is_over(events: list[RouteEvent]) -> None:
    open_ = False
    for event in events:
        if event.kind in (EventKind.ROUTE_STARTED, EventKind.ROUTE_REOPENED):
            open_ = True
        elif event.kind is EventKind.ROUTE_FINISHED:
            open_ = False
        assert open_ or event.kind not in FORESEEN


@settings(max_examples=12, deadline=None)
@given(SEEDS)
def test_what_is_published_names_nobody_and_tells_no_visit_twice_silently(seed):
    outcomes: dict[str, list] = {}
    for event in stored(events_of(a_day(seed))):
        for kind, data in published(event):
            assert DRIVER.encode() not in msgspec.json.encode(data)
            if kind in (PublicKind.STOP_COMPLETED, PublicKind.STOP_FAILED):
                outcomes.setdefault(data.stop, []).append(data)
    for told in outcomes.values():
        assert told[0].corrects is None
        assert all(later.corrects is not None or later.visit > told[0].visit for later in told[1:])
