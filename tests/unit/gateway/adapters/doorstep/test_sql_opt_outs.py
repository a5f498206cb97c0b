"""Who wants no messages is known again however they are written, and is not to be read out of the file."""

from contextlib import closing
from itertools import product

import pytest

from gateway.adapters.doorstep.opt_outs import SqlOptOuts
from gateway.adapters.operations.database import open_operations
from gateway.adapters.operations.schema import OPT_OUTS
from gateway.adapters.operations.thread import OperationsThread
from gateway.domain.message import Contact
from gateway.messages.recipient import Recipient, contact_of
from tests.fixtures.routes import START

KEY = bytes(range(32))
NUMBER, MAIL, NAME = "+358 40 123 4567", "Ann@Example.org", "ann virtanen"


@pytest.fixture
def thread(tmp_path):
    with closing(open_operations(tmp_path)) as database, closing(OperationsThread(database)) as thread:
        yield thread


@pytest.fixture
def opt_outs(thread):
    return SqlOptOuts(thread, KEY)


async def test_nobody_is_opted_out_at_first(opt_outs):
    assert not await opt_outs.opted_out("main", [NUMBER, MAIL])
    assert not await opt_outs.opted_out("main", [])


@pytest.mark.parametrize(
    "again",
    [[NUMBER], ["358401234567"], ["00358-40-1234567"], ["+358 (0)40 1234567"], ["x@y.z", MAIL], ["ann@example.org "]],
)
async def test_whoever_opted_out_is_known_again(opt_outs, again):
    await opt_outs.opt_out("main", [NUMBER, MAIL], START)
    assert await opt_outs.opted_out("main", again)


@pytest.mark.parametrize("other", [["+358401234568"], ["bob@example.org"], [NAME], ["", "  ", "-"]])
async def test_nobody_else_is(opt_outs, other):
    await opt_outs.opt_out("main", [NUMBER, MAIL], START)
    assert not await opt_outs.opted_out("main", other)


async def test_another_fleet_is_another_matter(opt_outs):
    await opt_outs.opt_out("main", [NUMBER], START)
    assert not await opt_outs.opted_out("other", [NUMBER])


async def test_it_can_be_said_twice_and_taken_back(opt_outs):
    for _ in range(2):
        await opt_outs.opt_out("main", [NUMBER, MAIL], START)
    await opt_outs.opt_in("main", ["358 40 1234567"])
    assert not await opt_outs.opted_out("main", [NUMBER])
    assert await opt_outs.opted_out("main", [MAIL])


async def test_a_name_opts_out_nobody(opt_outs):
    """Two people may share it."""
    await opt_outs.opt_out("main", [NAME, "ann 2"], START)
    await opt_outs.opt_in("main", [NAME])
    assert not await opt_outs.opted_out("main", [NAME, "2"])


@pytest.mark.parametrize("written", ["+358401234567 ext 5", "0401234567, 0401234568", "tel. 0401234567", "12"])
async def test_who_cannot_be_sent_anything_is_not_said_to_have_opted_out(opt_outs, written):
    assert contact_of(Recipient(phone=written), Contact.PHONE) is None
    await opt_outs.opt_out("main", [written], START)
    assert not await opt_outs.opted_out("main", [written])


async def test_neither_number_nor_address_is_kept(opt_outs, thread, tmp_path):
    await opt_outs.opt_out("main", [NUMBER, MAIL], START)
    await thread.empty_log()
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file()).lower()
    assert b"401234567" not in kept
    assert b"example.org" not in kept
    rows = await thread.read(lambda connection: connection.execute(OPT_OUTS.select()).all())
    assert sorted(len(row.contact) for row in rows) == [64, 64]


async def test_another_key_makes_other_digests(opt_outs, thread):
    await opt_outs.opt_out("main", [NUMBER], START)
    assert not await SqlOptOuts(thread, bytes(32)).opted_out("main", [NUMBER])


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("358", ["040 123 4567", "+358 40 123 4567", "00358401234567", "358401234567", "+358 (0)40 1234567"]),
        ("34", ["612 345 678", "+34612345678", "34 612345678"]),
        ("1", ["(555) 123-4567", "1-555-123-4567", "+1 555 123 4567"]),
        ("47", ["47 12 34 56", "+47 47 12 34 56"]),
    ],
)
async def test_a_number_of_the_companys_country_is_one_with_and_without_it(thread, code, forms):
    opt_outs = SqlOptOuts(thread, KEY, code)
    for said, sent in product(forms, forms):
        await opt_outs.opt_out("main", [said], START)
        assert await opt_outs.opted_out("main", [sent]), (said, sent)
        await opt_outs.opt_in("main", [sent])
        assert not await opt_outs.opted_out("main", forms), (said, sent)


@pytest.mark.parametrize("other", ["+46 40 123 4567", "040 123 4568", "+358 50 123 4567"])
async def test_a_number_of_another_country_or_person_is_another(thread, other):
    opt_outs = SqlOptOuts(thread, KEY, "358")
    await opt_outs.opt_out("main", ["040 123 4567", "+358401234567"], START)
    assert not await opt_outs.opted_out("main", [other])


async def test_without_the_companys_country_a_number_is_as_it_is_written(opt_outs):
    await opt_outs.opt_out("main", ["040 123 4567"], START)
    assert await opt_outs.opted_out("main", ["0401234567"])
    assert not await opt_outs.opted_out("main", ["+358 40 123 4567"])


async def test_who_opted_out_before_the_country_was_set_stays_so(opt_outs, thread):
    await opt_outs.opt_out("main", ["040 123 4567"], START)
    assert await SqlOptOuts(thread, KEY, "358").opted_out("main", [NUMBER])
