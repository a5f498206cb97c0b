"""Who gets which letters: patterns, fleets, lanes, and ids that stay."""

import msgspec
import pytest

from gateway.domain.events import Facts, StopFacts, StoredEvent
from gateway.domain.route import RouteKey
from gateway.publishing import PublicKind, Subscription, drafts_of, subscriptions_of
from gateway.publishing.subscriptions import matches
from gateway.settings import WebhookSettings

FACTS = Facts(1, "van-1", "2026-03-10", "UTC", 1, 2, 3, 2, 0, 0, None, StopFacts("ORD-1", 1, 5))
HEADED = StoredEvent("id-1", RouteKey("main", "r1"), "stop.en_route", 7, 8, "s1", None, FACTS)
ENDED = StoredEvent("id-2", RouteKey("main", "r1"), "route.finished", 9, 9, None, None, FACTS._replace(stop=None))
SEQUENCE = HEADED._replace(kind="route.deviation_began", deviation="out_of_sequence")


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [("*", True), ("stop.*", True), ("stop.next", True), ("stop.arrived", False), ("route.*", False), ("sto.*", False)],
)
def test_patterns(pattern, matched):
    assert matches(pattern, PublicKind.STOP_NEXT) is matched


def test_a_letter_for_each_public_event_and_who_wants_it():
    wanted = [
        Subscription("webhook/a"),
        Subscription("webhook/b", ["stop.next"]),
        Subscription("webhook/c", ["route.*"]),
    ]
    letters = [(draft.endpoint, draft.kind) for draft in drafts_of(HEADED, wanted)]
    assert letters == [("webhook/a", "stop.en_route"), ("webhook/a", "stop.next"), ("webhook/b", "stop.next")]


def test_of_other_fleets_nothing_is_told():
    assert drafts_of(HEADED, [Subscription("webhook/a", fleets=["north"])]) == []
    assert len(drafts_of(HEADED, [Subscription("webhook/a", fleets=["north", "main"])])) == 2


def test_stops_have_lanes_of_their_own_and_all_else_is_of_the_route():
    (first, _), (ended,), (deviated,) = (drafts_of(each, [Subscription("e")]) for each in (HEADED, ENDED, SEQUENCE))
    assert (first.lane, ended.lane, deviated.lane) == ("main/r1/s1", "main/r1", "main/r1")


def test_letters_are_the_same_however_often_they_are_made():
    wanted = [Subscription("webhook/a"), Subscription("webhook/b")]
    letters = drafts_of(HEADED, wanted)
    assert letters == drafts_of(HEADED, wanted)
    assert len({draft.id for draft in letters}) == 4
    assert all(draft.time == HEADED.time and msgspec.json.decode(draft.data)["id"] == "id-1" for draft in letters)


def test_webhooks_subscribe_as_they_are_configured(tmp_path):
    webhook = WebhookSettings(
        name="erp", url="https://erp.example.org/in", secret_file=tmp_path / "s", events=("stop.*",), fleets=("main",)
    )
    assert subscriptions_of([webhook]) == [Subscription("webhook/erp", ("stop.*",), ("main",))]
