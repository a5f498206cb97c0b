"""Channels as the settings name them, and where a stop and its person are looked up."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from gateway import wiring
from gateway.assembly import messages as assembly
from gateway.assembly.messages import FRESH_MS, BookedDoors, PublicLinks, customer_post, rules_of
from gateway.domain.events import EventKind, RouteEvent, StoredEvent
from gateway.domain.message import Contact, MessageKind
from gateway.domain.route import RouteKey
from gateway.execution.fold import begin
from gateway.execution.layout import Layout
from gateway.execution.rounds import Round
from gateway.execution.show import show_detail
from gateway.http.past import Seen
from gateway.messages.decide import Way
from gateway.planning.details import StopDetails
from gateway.ports import FoundStop
from gateway.settings import ChannelSettings, GatewaySettings, HttpSettings, MessagesSettings, SettingsError
from tests.fixtures.route_book import MemoryRouteBook
from tests.fixtures.routes import MINUTE, START, plan
from tests.fixtures.telemetry import FakeClock

KEY = RouteKey("main", "r1")


def settings_with(address, folder, **messages):
    (folder / "sms.url").write_text(address)
    channel = ChannelSettings(name="sms", contact=Contact.PHONE, url_file=folder / "sms.url")
    return GatewaySettings(channels=(channel,), messages=MessagesSettings(**{"channels": ("sms",), **messages}))


async def test_a_channel_that_messages_go_through_is_opened(tmp_path):
    channels = wiring.apprise_of(settings_with("json://127.0.0.1/{phone}", tmp_path))
    assert list(channels) == ["sms"]
    await channels["sms"].close()


def test_a_channel_that_nothing_goes_through_is_not(tmp_path):
    assert wiring.apprise_of(settings_with("no address", tmp_path, channels=())) == {}


@pytest.mark.parametrize("address", ["hunter2://no/{phone}", "json://hunter2@127.0.0.1/", "hunter2"])
def test_an_address_that_is_none_ends_the_start_and_is_not_repeated(tmp_path, address):
    with pytest.raises(SettingsError, match=r"sms\.url holds no address") as refused:
        wiring.apprise_of(settings_with(address, tmp_path))
    assert "hunter2" not in str(refused.value)


def test_a_missing_extra_is_said_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "gateway.adapters.apprise.channel", raising=False)
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(SettingsError, match=r"pip install 'milepost\[notify\]'"):
        wiring.apprise_of(settings_with("json://127.0.0.1/{phone}", tmp_path))


def test_the_rules_are_those_of_the_settings(tmp_path):
    rules = rules_of(settings_with("", tmp_path, kinds=(MessageKind.NEXT,), arriving_min=7, quiet=None))
    assert (rules.ways, rules.kinds) == ((Way("sms", Contact.PHONE),), {MessageKind.NEXT})
    assert (rules.arriving_ms, rules.quiet) == (7 * MINUTE, None)


@pytest.mark.parametrize(("public_url", "warnings"), [(None, 1), ("https://track.example", 0)])
def test_it_is_said_once_that_messages_have_no_link(public_url, warnings):
    operations = SimpleNamespace(links=None, book=None, opt_outs=None)
    state = SimpleNamespace(routes=None)
    stores = SimpleNamespace(operations=operations, state=state, link_key=bytes(32), webhooks={}, apprise={})
    with capture_logs() as said:
        customer_post(GatewaySettings(http=HttpSettings(public_url=public_url)), None, stores, None)
    assert sum("public_url" in line["event"] for line in said) == warnings


async def test_without_a_public_address_there_is_no_link():
    assert await PublicLinks(None, None).url("main", "ORD-1") is None


class Book(MemoryRouteBook):
    """With the question that a customer's stop is looked up by."""

    async def with_order(self, fleet, order):
        stops = ((key, stop) for key, stops in self.people.items() for stop in stops.values())
        return [FoundStop(key, stop) for key, stop in stops if (key.fleet, stop.order) == (fleet, order)]


class Past:
    """One route, as it is known."""

    def __init__(self):
        made = plan()
        self.seen = Seen(Layout.of(made), begin(made), START, revision=1)

    async def newest(self, key):
        return self.seen if key == KEY else None


@pytest.fixture
async def book():
    book = Book()
    people = [StopDetails(stop=f"s{n}", order=f"ORD-{n}", recipient=f"R{n}") for n in (1, 2, 3)]
    await book.save([plan()], {KEY: people})
    other = replace(plan("r2"), key=RouteKey("main", "r2"))
    await book.save([other], {other.key: [StopDetails(stop="s1", order="ORD-1", recipient="Somebody else")]})
    return book


async def test_a_stop_comes_with_its_own_person(book):
    doors = BookedDoors(Past(), book)
    for name, person in (("s1", "R1"), ("s2", "R2")):
        door = await doors.find(KEY, name, START)
        assert (door.route.route, door.stop.stop, door.details.recipient) == ("r1", name, person)


async def test_what_there_is_not_is_not_found(book):
    doors = BookedDoors(Past(), book)
    assert await doors.find(RouteKey("main", "none"), "s1", START) == (None, None, None)
    door = await doors.find(KEY, "none", START)
    assert (door.stop, door.details) == (None, None)


async def test_a_route_is_shown_once_for_all_letters_of_a_moment_and_anew_when_it_changes(book):
    past = Past()
    doors = BookedDoors(past, book)
    first = (await doors.find(KEY, "s1", START)).route
    assert (await doors.find(KEY, "s2", START + FRESH_MS - 1)).route is first
    assert (await doors.find(KEY, "s2", START + FRESH_MS)).route is not first
    again = (await doors.find(KEY, "s1", START + FRESH_MS)).route
    past.seen = past.seen._replace(revision=2)
    assert (await doors.find(KEY, "s1", START + FRESH_MS)).route is not again


class Board:
    """Followed routes by their keys."""

    def __init__(self, *routes):
        self.rounds = {route: self._round(route) for route in routes}

    def round(self, key):
        return self.rounds.get(key)

    @staticmethod
    def _round(key):
        made = replace(plan(key.route), key=key)
        return Round(Layout.of(made), begin(made), START, revision=1)


def happened(kind, route, stop=None):
    event = RouteEvent(RouteKey("main", route), kind, START, stop)
    return StoredEvent(event.id, event.key, event.kind, event.time, event.time, event.stop, None)


@pytest.fixture
def shown(monkeypatch):
    """Return the routes that were shown, in order."""
    asked = []

    def show(layout, *more):
        asked.append(layout.plan.key.route)
        return show_detail(layout, *more)

    monkeypatch.setattr(assembly, "show_detail", show)
    return asked


def test_a_route_is_shown_once_for_all_events_of_a_batch(shown):
    compose = assembly.message_composer(GatewaySettings(), FakeClock(START), Board(KEY, RouteKey("main", "r2")))
    events = [happened(EventKind.STOP_EN_ROUTE, route, stop) for stop in ("s1", "s2") for route in ("r1", "r2")]
    assert [len(compose(event)) for event in events] == [1, 1, 1, 1]
    assert shown == ["r1", "r2"]


def test_what_has_changed_or_is_older_than_a_moment_is_shown_anew(shown):
    clock, board = FakeClock(START), Board(KEY)
    compose = assembly.message_composer(GatewaySettings(), clock, board)
    compose(happened(EventKind.ROUTE_STARTED, "r1"))
    board.rounds[KEY].revision = 2
    compose(happened(EventKind.ROUTE_STARTED, "r1"))
    clock.now += FRESH_MS
    compose(happened(EventKind.ROUTE_STARTED, "r1"))
    assert len(shown) == 3


def test_the_routes_that_are_kept_are_bounded(shown, monkeypatch):
    monkeypatch.setattr(assembly, "MOST_SHOWN", 1)
    compose = assembly.message_composer(GatewaySettings(), FakeClock(START), Board(KEY, RouteKey("main", "r2")))
    for route in ("r1", "r2", "r1", "r1"):
        compose(happened(EventKind.ROUTE_STARTED, route))
    assert shown == ["r1", "r2", "r1"]
