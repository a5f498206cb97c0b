"""An imported route in a running gateway: followed from the broker to the stored states, whatever ends it."""

import asyncio
import json
import time
from contextlib import closing
from dataclasses import replace

import pytest

from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.state.database import open_state
from gateway.domain.stop import Said, Tap, Teller
from gateway.execution.codec import decode_state
from tests.fixtures.drives import drive
from tests.fixtures.gateway import SETTINGS
from tests.fixtures.mqtt_client import Client, Login
from tests.fixtures.routes import MINUTE, plan
from tests.fixtures.waiting import until
from wire.codec import encode
from wire.messages import Envelope

TOPIC = "milepost/1/main/vehicle/van/positions"


def plan_of_now(stops=3):
    """Return a plan whose drive, of seven minutes a leg, ends a minute ago."""
    ahead = int(time.time() * 1000) - 7 * MINUTE * (stops + 1) - MINUTE - plan().start
    moved = plan(stops=stops)
    shifted = (replace(stop, planned_arrival=stop.planned_arrival + ahead) for stop in moved.stops)
    return replace(moved, start=moved.start + ahead, issued=moved.issued + ahead, stops=tuple(shifted))


def write_into_book(gateway, work):
    """Write into the book as the command line does: beside the gateway."""
    with (
        closing(open_operations(gateway.directory / "data")) as database,
        closing(OperationsThread(database)) as thread,
    ):
        return asyncio.run(work(SqlRouteBook(thread)))


def stored(gateway, key):
    """Return the route's state and events in `state.db`; None if it is not there."""

    async def read(states):
        _, found = await states.load()
        return [decode_state(state.state) for state in found if state.key == key], await states.events(key)

    with closing(open_state(gateway.directory / "data")) as file:
        found, events = asyncio.run(read(file.routes))
    return (found[0], events) if found else None


def served(gateway, key):
    found = stored(gateway, key)
    return found[0].served if found else []


def publish(gateway, fixes, first):
    client = Client(Login(gateway.broker_port)).connect()
    for start in range(0, len(fixes), 100):
        part = fixes[start : start + 100]
        seq = first + start
        client.publish(
            TOPIC, encode(Envelope(v=1, spool="abc", after=seq - 1, seq=seq, sent=part[-1].time, positions=part))
        )
    client.close()


@pytest.fixture
def gateway(make_gateway, mosquitto):
    return make_gateway(mosquitto.port).start_ready()


@pytest.mark.heavy
@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_a_route_is_followed_over_an_end_of_the_gateway(gateway, ending):
    today = plan_of_now()
    fixes = list(drive(today))
    half = len(fixes) // 2
    write_into_book(gateway, lambda book: book.save([today], {}))
    until(lambda: stored(gateway, today.key), "the route is followed")
    publish(gateway, fixes[:half], 1)
    until(lambda: served(gateway, today.key) == ["s1", "s2"], "two stops are served")
    before = stored(gateway, today.key)
    getattr(gateway, ending)()
    assert stored(gateway, today.key) == before
    gateway.start_ready()
    assert stored(gateway, today.key) == before
    publish(gateway, fixes[half:], half + 1)
    state, events = until(
        lambda: (found := stored(gateway, today.key)) and len(found[0].served) == 3 and found, "all stops are served"
    )
    kinds = [event.kind for event in events]
    assert kinds.count("stop.arrived") == len({event.id for event in events if event.kind == "stop.arrived"}) == 3
    assert state.version == 1


def test_a_word_on_a_stop_and_a_new_version_come_from_the_book(gateway):
    today = plan_of_now()
    tap = Tap("tap-1", today.start, Said.SUCCEEDED, Teller.OPERATOR)

    async def fill(book):
        await book.save([today], {})
        await book.save_tap(today.key, "s2", tap, today.start + 1)
        await book.save([replace(today, version=2, vehicle="other", issued=today.issued + 1)], {})

    write_into_book(gateway, fill)
    until(lambda: (found := stored(gateway, today.key)) and found[0].version == 2, "version 2 is followed")
    until(lambda: stored(gateway, today.key)[0].stops.get("s2"), "the word is taken")
    assert stored(gateway, today.key)[0].stops["s2"].outcome == "succeeded"
    metrics = gateway.request("/metrics")[1].decode()
    assert "milepost_routes 1.0" in metrics
    assert 'milepost_route_events_total{kind="stop.succeeded"} 1.0' in metrics


def test_a_followed_route_is_shown(gateway):
    today = plan_of_now()
    write_into_book(gateway, lambda book: book.save([today], {}))
    route = until(lambda: gateway.get("/api/v1/routes")["routes"], "the route is shown")[0]
    assert (route["route"], route["vehicle"], route["stops_total"]) == ("r1", "van", 3)
    assert json.loads(gateway.request("/readyz")[1])


def test_what_happens_on_a_route_is_in_the_database(make_gateway, mosquitto, influxdb):
    database = f'kind = "influxdb1"\nurl = "{influxdb.url}"\n'
    gateway = make_gateway(mosquitto.port, settings=SETTINGS + database).start_ready()
    today = plan_of_now()
    write_into_book(gateway, lambda book: book.save([today], {}))
    until(lambda: stored(gateway, today.key), "the route is followed")
    publish(gateway, list(drive(today)), 1)
    until(lambda: len(served(gateway, today.key)) == 3, "all stops are served")
    gateway.kill()
    gateway.start()  # it reports at its start, and then each minute
    arrived = 'SELECT "stop", "behind_ms" FROM "stop" WHERE "event" = \'arrived\''
    [series] = until(lambda: influxdb.query(arrived), "the arrivals are in the database")
    assert [name for _, name, _ in series["values"]] == ["s1", "s2", "s3"]
