"""The record of the day: what it is made of, how it comes, and that a page to print can do nothing."""

import pytest

from gateway.domain.proof import Proof, ProofKind
from gateway.domain.stop import Said, Tap, Teller
from gateway.ports import Instruction, RecordFormat, RecordRequest, StopDetails, StoredTap
from tests.fixtures.api import BEARER
from tests.fixtures.routes import DAY, START, plan

PATH = "/api/v1/routes/r1/record"
DETAILS = StopDetails(stop="s1", order="ORD-1", recipient="A. Virtanen")


@pytest.fixture
def routes(api_rig):
    api_rig.routes.plan(plan("r1"), DETAILS)
    api_rig.routes.plan(plan("r1", version=2))
    return api_rig.routes


def get(api, **query):
    return api.get(PATH, params=query, headers=BEARER)


async def test_it_is_made_of_all_that_is_kept(api, api_rig, routes):
    tap = Tap("t", START, Said.SUCCEEDED, Teller.DRIVER)
    await routes.book.save_tap(plan("r1").key, "s1", tap, START + 1)
    proof = Proof(plan("r1").key, "s1", "ab" * 32, ProofKind.PHOTO, "image/jpeg", 3, START, START + 1)
    await api_rig.drivers.proofs.keep(proof, b"jpg")
    await api_rig.drivers.proofs.keep(proof._replace(key=plan("r2").key), b"jpg")
    wish = Instruction("main", "ORD-1", "Ring twice", START)
    await api_rig.drivers.instructions.write(plan("r1").key, "s1", wish)
    await api_rig.drivers.instructions.write(plan("r2").key, "s1", wish)
    assert get(api).status_code == 200
    assert routes.records.asked == [
        RecordRequest(
            versions=[plan("r1"), plan("r1", version=2)],
            taps=[StoredTap("s1", tap, START + 1)],
            details=[DETAILS],
            format=RecordFormat.JSON,
            proofs=[proof],
            instructions={"s1": wish},
        )
    ]


@pytest.mark.parametrize(
    ("form", "media_type", "saved"),
    [
        ("json", "application/json", False),
        ("csv", "text/csv", True),
        ("gpx", "application/gpx+xml", True),
        ("geojson", "application/geo+json", False),
        ("html", "text/html", False),
    ],
)
def test_each_format_has_its_type(api, routes, form, media_type, saved):
    routes.records.pieces = [b"one,", b"two"]
    answer = get(api, format=form)
    assert answer.text == "one,two"
    assert answer.headers["content-type"].startswith(media_type)
    assert answer.headers["cache-control"] == "no-store"
    assert ("content-disposition" in answer.headers) is saved
    if saved:
        assert answer.headers["content-disposition"] == f'attachment; filename="r1-{DAY}.{form}"'


def test_the_page_to_print_brings_its_style_and_runs_nothing(api, routes):
    policy = get(api, format="html").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "script" not in policy
    assert "http" not in policy
    assert "unsafe-inline" not in get(api).headers["content-security-policy"]


def test_positions_that_cannot_be_read_are_a_status(api, routes):
    routes.records.pieces, routes.records.failure = [], "the store is away"
    answer = get(api)
    assert (answer.status_code, answer.json()["error"]) == (
        503,
        {"code": "record_unavailable", "detail": "the store is away"},
    )
