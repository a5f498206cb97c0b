"""The page and its script: at most 100 kB before there is a map, and nothing from another server."""

import dataclasses
import gzip
import re

import pytest

from gateway import wiring
from gateway.domain.estimate import EtaReason
from gateway.http.customer_page_files import scripts_of
from gateway.http.files import read_tree
from gateway.links.delivery import Delivery, Span, Stage
from gateway.links.jumps import Jump
from gateway.links.languages import WORDS
from gateway.links.page import MOST_CHARACTERS, Own, delivery_page
from gateway.links.state import state_of
from gateway.links.words import Language
from tests.fixtures.customers import FRAME
from tests.fixtures.require import cannot_run
from tests.fixtures.routes import MINUTE, START

MOST_BYTES = 100_000
"""Before the map: within two seconds on slow 3G (50 kB a second) with the name's and the secret handshake's way."""

FULL = Delivery(
    Stage.ON_THE_WAY,
    "Europe/Helsinki",
    START,
    before=12,
    ordinal=14,
    jump=Jump.NEW_ORDER,
    expected=Span(START, START + MINUTE),
    known=START,
    why=EtaReason.TRAFFIC,
    delayed=True,
    silent_since=START,
    promised=Span(START, START + 5 * MINUTE),
)


@pytest.fixture(scope="module")
def built():
    page = read_tree(wiring.CUSTOMER_FOLDER)
    if not scripts_of(page):
        cannot_run("the customers' page is not built (npm run build in web/)")
    return page


def test_what_is_loaded_before_a_map_is_small(built):
    scripts = scripts_of(built)
    frame = dataclasses.replace(FRAME, scripts=scripts)
    own = Own("/t/" + "x" * 36, written="ß" * MOST_CHARACTERS, messages=True)
    page = delivery_page(state_of(FULL, frame.house, WORDS[Language.SPANISH]), own, frame, Language.SPANISH)
    loaded = sum(len(built[script.removeprefix("/customer/")].plain()) for script in scripts)
    assert loaded + len(page.encode()) < MOST_BYTES
    assert len(gzip.compress(page.encode())) < 8_000


def test_its_script_begins_with_no_map(built):
    (script,) = scripts_of(built)
    first = built[script.removeprefix("/customer/")].plain().decode()
    assert len(first) < 20_000
    assert not re.search(r"https?://", first)


def test_without_a_build_the_page_has_no_script():
    assert scripts_of({}) == ()


def test_the_script_is_served_and_the_index_is_not(api_rig, built):
    with api_rig.client(customers=dataclasses.replace(api_rig.parts.customers, page=built)) as client:
        (script,) = scripts_of(built)
        answer = client.get(script)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
        assert "immutable" in answer.headers["cache-control"]
        assert client.get("/customer/index.html").status_code == 404
        assert client.get("/customer/assets/../../secret").status_code == 404
