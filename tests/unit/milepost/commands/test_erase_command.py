"""`milepost erase`, as typed."""

import asyncio
import hashlib
from contextlib import closing

import pytest
import typer
from typer.testing import CliRunner

from gateway.adapters.doorstep.proofs import FileProofs
from gateway.adapters.operations.thread import OperationsThread
from gateway.adapters.routes.book import SqlRouteBook
from gateway.adapters.routes.links import SqlLinks
from gateway.domain.proof import Proof, ProofKind
from gateway.domain.route import RouteKey
from gateway.ports import StopDetails
from milepost.commands import erase
from milepost.errors import CommandError
from milepost.operations import opened
from tests.fixtures.routes import plan

PICTURE = b"a picture of Ann's door"
DIGEST = hashlib.sha256(PICTURE).hexdigest()
MONDAY, TUESDAY = RouteKey("main", "monday"), RouteKey("main", "tuesday")
NORTH = RouteKey("north", "far")


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "gateway.toml"
    path.write_text(f'data_dir = "{tmp_path}/data"\nfleets = ["main", "north"]\n')
    on(path, keep_a_week)
    return path


async def keep_a_week(thread, data_dir):
    book = SqlRouteBook(thread)
    ann = {"recipient": "Ann", "address": "Street 1"}
    people = {
        MONDAY: [
            StopDetails(stop="s1", order="A-1", phone="+358 40 123 4567", **ann),
            StopDetails(stop="s2", order="B-1", recipient="Ben", phone="0501112222"),
        ],
        TUESDAY: [
            StopDetails(stop="s1", order="A-2", phone="040 1234567", email="ann@example.org", **ann),
            StopDetails(stop="s2", order="A-1", recipient="ANN"),  # the second attempt
        ],
        NORTH: [StopDetails(stop="s1", order="N-1", phone="0401234567", **ann)],
    }
    for number, key in enumerate(people):
        await book.save([plan(key=key, date=f"2026-03-1{number}")], {key: people[key]})
    proof = Proof(MONDAY, "s1", DIGEST, ProofKind.PHOTO, "image/jpeg", len(PICTURE), 1, 1)
    await FileProofs(thread, data_dir).keep(proof, PICTURE)
    await SqlLinks(thread).get_or_make("main", "A-1")


def on(config, do):
    with opened(config) as (settings, database), closing(OperationsThread(database)) as thread:
        return asyncio.run(do(thread, settings.data_dir))


def known(config):
    """Return who is known at which order."""

    async def read(thread, _):
        keys = (MONDAY, TUESDAY, NORTH)
        return [details for key in keys for details in await SqlRouteBook(thread).details(key)]

    return [(details.order, details.recipient) for details in on(config, read)]


@pytest.fixture
def run(config):
    def run(*arguments, stdin=None):
        root = typer.Typer()
        root.callback()(lambda: None)
        erase.register(root)
        result = CliRunner().invoke(root, ["erase", *arguments, "--config", str(config)], input=stdin)
        if isinstance(result.exception, CommandError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


EVERYWHERE = [("A-1", None), ("B-1", "Ben"), ("A-2", None), ("A-1", None), ("N-1", "Ann")]


@pytest.mark.parametrize("by", [("--order", "A-1"), ("--phone", "040-1234567")])
def test_a_person_is_erased_at_all_their_stops_of_the_fleet(run, config, by):
    said = run(*by, "--yes")
    assert "the person at 3 stops" in said
    assert "1 photos and signatures" in said
    assert "1 links lead nowhere now" in said
    assert "other fleets (north)" in said
    assert known(config) == EVERYWHERE


def test_an_e_mail_is_enough(run, config):
    assert "the person at 1 stops" in run("--email", "ANN@example.org", "--yes")
    assert known(config)[2] == ("A-2", None)


def test_bytes_of_proofs_are_gone_from_the_disk(run, config):
    assert any(path.name == DIGEST for path in config.parent.rglob("*"))
    run("--order", "A-1", "--yes")
    assert not any(path.name == DIGEST for path in config.parent.rglob("*"))


def test_it_asks_first_and_a_no_erases_nothing(run, config):
    before = known(config)
    with pytest.raises(CommandError, match="nothing was erased"):
        run("--order", "A-1", stdin="n\n")
    assert known(config) == before
    assert "Street 1" in run("--order", "A-1", stdin="y\n")
    assert known(config) == EVERYWHERE


def test_what_is_out_of_reach_is_said(run):
    said = run("--order", "B-1", "--yes")
    for each in ("backups", "messages", "drivers' phones", "planning system"):
        assert each in said


def test_once_more_finds_nobody_or_does_no_harm(run, config):
    run("--order", "A-1", "--yes")
    assert "the person at 2 stops" in run("--order", "A-1", "--yes")  # the order's stops, should photos have come late
    assert "nobody is known by that" in run("--phone", "+358401234567", "--yes").splitlines()[0]
    assert known(config) == EVERYWHERE


def test_another_fleet_is_erased_when_it_is_named(run, config):
    run("--phone", "0401234567", "--fleet", "north", "--yes")
    assert known(config)[0] == ("A-1", "Ann")
    assert known(config)[4] == ("N-1", None)


@pytest.mark.parametrize("by", [(), ("--order", "A-1", "--phone", "1")])
def test_one_person_is_named_in_one_way(run, by):
    with pytest.raises(CommandError, match="one of --order, --phone and --email"):
        run(*by)


def test_who_has_the_same_reference_later_is_not_erased(run, config):
    async def reuse(thread, _):
        key = RouteKey("main", "wednesday")
        cat = StopDetails(stop="s1", order="A-1", recipient="Cat", phone="0509998888")
        await SqlRouteBook(thread).save([plan(key=key, date="2026-03-18")], {key: [cat]})

    on(config, reuse)
    assert "Cat" not in run("--phone", "0401234567", "--yes")
    assert [each.recipient for each in on(config, wednesday)] == ["Cat"]


def test_of_a_reference_that_is_two_peoples_exactly_the_one_who_is_meant_is_erased(run, config):
    async def reuse(thread, _):
        key = RouteKey("main", "wednesday")
        cat = StopDetails(stop="s7", order="A-1", recipient="Cat", phone="0509998888")
        await SqlRouteBook(thread).save([plan(key=key, date="2026-03-18")], {key: [cat]})

    on(config, reuse)
    before = known(config)
    for wrong in ([], ["--at", "wednesday/s8"]):
        with pytest.raises(CommandError, match=r"(?s)nothing was erased.*--at monday/s1.*--at wednesday/s7"):
            run("--order", "A-1", *wrong, "--yes")
    assert known(config) == before
    assert "the person at 1 stops" in run("--order", "A-1", "--at", "wednesday/s7", "--yes")
    assert known(config) == before
    assert [each.recipient for each in on(config, wednesday)] == [None]
    with pytest.raises(CommandError, match="2 recipients"):  # the one who is erased, and Ann
        run("--order", "A-1", "--yes")
    again = run("--order", "A-1", "--at", "wednesday/s7", "--yes")
    assert "0 links lead nowhere" in again  # it is Ann's by now
    assert "the person at 3 stops" in run("--order", "A-1", "--at", "tuesday/s2", "--yes")
    assert known(config) == EVERYWHERE


@pytest.mark.parametrize("by", [("--phone", "0401111111"), ("--order", "7", "--at", "r0/s1")])
def test_a_stop_where_nobody_is_known_makes_no_two_people_one(run, config, by):
    anna, nobody = {"recipient": "Anna", "phone": "0401111111"}, {}
    bob = {"recipient": "Bob", "phone": "0502222222"}
    on(config, lambda thread, _: of_order_7(thread, anna, nobody, bob))
    assert "the person at 1 stops" in run(*by, "--yes")
    assert [each.recipient for each in on(config, lambda thread, _: left(thread, 3))] == [None, None, "Bob"]


def test_a_stop_where_nobody_is_known_goes_with_the_one_who_is_at_its_address(run, config):
    anna, nobody = {"recipient": "Anna", "phone": "0401111111"}, {"notes": "ring twice"}
    on(config, lambda thread, _: of_order_7(thread, anna, nobody, nobody))
    assert "the person at 3 stops" in run("--phone", "0401111111", "--yes")
    assert [each.notes for each in on(config, lambda thread, _: left(thread, 3))] == [None] * 3


async def of_order_7(thread, *people):
    for number, person in enumerate(people):
        key = RouteKey("main", f"r{number}")
        stop = StopDetails(stop="s1", order="7", address="Katu 1", **person)
        await SqlRouteBook(thread).save([plan(key=key, date="2026-03-18")], {key: [stop]})


async def left(thread, routes):
    found = [await SqlRouteBook(thread).details(RouteKey("main", f"r{number}")) for number in range(routes)]
    return [stop for stops in found for stop in stops]


def test_a_plan_that_came_between_the_question_and_the_yes_is_not_overwritten(run, config, monkeypatch):
    async def bring(thread, _):
        dora = StopDetails(stop="s2", order="D-1", recipient="Dora", phone="0503334444")
        await SqlRouteBook(thread).save([plan(key=MONDAY, date="2026-03-10", version=2)], {MONDAY: [dora]})

    monkeypatch.setattr(erase.typer, "confirm", lambda _: on(config, bring) is None)
    with pytest.raises(CommandError, match="stop monday/s2 was changed meanwhile: ask again"):
        run("--phone", "0501112222")
    assert "Dora" in {each.recipient for each in on(config, monday)}


async def monday(thread, _):
    return await SqlRouteBook(thread).details(MONDAY)


def test_a_stop_goes_with_an_order(run):
    with pytest.raises(CommandError, match="--at is a stop of an order"):
        run("--phone", "0401234567", "--at", "monday/s1")


async def wednesday(thread, _):
    return await SqlRouteBook(thread).details(RouteKey("main", "wednesday"))


def test_an_unknown_order_is_said_so(run):
    with pytest.raises(CommandError, match="no order 'X' in the fleet main"):
        run("--order", "X", "--yes")
