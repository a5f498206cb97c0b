"""What drivers brought and customers asked, in every document of a day; and that erasing it leaves the record alone."""

import csv
import io
import json
import re
from dataclasses import replace
from random import Random

import pytest

from gateway.domain.proof import Proof, ProofKind
from gateway.export.records.choice import DOCUMENTS
from gateway.export.records.told import told
from gateway.export.records.words import size_text
from gateway.ports import Instruction, RecordFormat, StopDetails
from tests.fixtures.driven_day import MINUTE, START, driven_day

TEXT = "Ring twice; <b>behind</b> the shed"
PHOTO, SIGNATURE, GONE = "aa" * 32, "bb" * 32, "cc" * 32


@pytest.fixture(scope="module")
def given():
    return driven_day(every_s=30)


@pytest.fixture(scope="module")
def computed(given):
    return given.compute()


def proof(given, stop, digest, kind=ProofKind.PHOTO, *, minute=1, erased=None):
    taken = START + minute * MINUTE
    return Proof(given.versions[0].key, stop, digest, kind, "image/jpeg", 81_234, taken, taken + 700, erased)


@pytest.fixture(scope="module")
def brought(given):
    return [
        proof(given, "s1", SIGNATURE, ProofKind.SIGNATURE, minute=3),
        proof(given, "s1", PHOTO, minute=2),
        proof(given, "s2", GONE, minute=9, erased=START + 90 * MINUTE),
    ]


@pytest.fixture(scope="module")
def wishes(given):
    fleet, order = given.versions[0].key.fleet, given.versions[0].stops[2].order
    return {"s3": Instruction(fleet, order, TEXT, START - MINUTE)}


@pytest.fixture(scope="module")
def write(given, computed, brought, wishes):
    def document(form, details=given.details, proofs=brought, instructions=wishes):
        return b"".join(DOCUMENTS[form](told(computed, details, proofs, instructions))).decode()

    return document


def details_of(text):
    return {each["stop"]: each for each in json.loads(text)["details"]}


def test_json_tells_proofs_by_stop_oldest_first_and_not_their_bytes(write):
    details = details_of(write(RecordFormat.JSON))
    taken = START + 2 * MINUTE
    assert details["s1"]["proofs"][0] == {
        "kind": "photo", "digest": PHOTO, "media_type": "image/jpeg", "size": 81_234, "taken": taken,
        "received": taken + 700,
    }  # fmt: skip
    assert [each["digest"] for each in details["s1"]["proofs"]] == [PHOTO, SIGNATURE]
    assert details["s2"]["proofs"][0]["erased"] == START + 90 * MINUTE
    assert details["s3"]["instructions"] == TEXT


def test_they_are_told_of_stops_of_which_nothing_else_is_known(write):
    details = details_of(write(RecordFormat.JSON, details=[]))
    assert list(details) == ["s1", "s2", "s3"]


def test_the_record_is_the_same_without_them(write):
    bare = write(RecordFormat.JSON, details=[], proofs=[], instructions={})
    assert bare == re.sub(r'"details":\[.*\]', '"details":[]', write(RecordFormat.JSON))


@pytest.mark.parametrize("form", RecordFormat)
def test_their_order_changes_nothing(write, brought, form):
    mixed = Random(4).sample([*brought, *brought], 6)
    assert write(form, proofs=mixed) == write(form)


def test_two_people_under_one_reference_have_each_their_own_wish(given):
    plan = given.versions[0]
    stops = [replace(each, order="ORD-70") if each.stop in ("s1", "s3") else each for each in plan.stops]
    computed = given._replace(versions=[replace(plan, stops=stops)]).compute()
    asked = {stop: Instruction(plan.key.fleet, "ORD-70", f"Of {stop} alone", START) for stop in ("s1", "s3")}
    documents = {form: b"".join(DOCUMENTS[form](told(computed, [], [], asked))).decode() for form in RecordFormat}
    details = details_of(documents[RecordFormat.JSON])
    assert {stop: each["instructions"] for stop, each in details.items()} == {"s1": "Of s1 alone", "s3": "Of s3 alone"}
    rows = csv.DictReader(io.StringIO(documents[RecordFormat.CSV], newline=""))
    assert [row["instructions"] for row in rows if row["order"] == "ORD-70"] == ["Of s1 alone", "Of s3 alone"]
    for form in (RecordFormat.GEOJSON, RecordFormat.HTML):
        assert [documents[form].count(f"Of {stop} alone") for stop in ("s1", "s2", "s3")] == [1, 0, 1]


def test_one_that_was_erased_meanwhile_is_erased(write, given):
    kept, erased = proof(given, "s1", PHOTO), proof(given, "s1", PHOTO, erased=START)
    for both in ([kept, erased], [erased, kept]):
        [one] = details_of(write(RecordFormat.JSON, proofs=both))["s1"]["proofs"]
        assert one["erased"] == START


def test_csv_holds_one_value_a_proof_in_columns_at_the_end(write):
    text = write(RecordFormat.CSV)
    header = next(csv.reader(io.StringIO(text, newline="")))
    assert header[-8:] == [
        "instructions", "proof_asked", "proof_kind", "proof_state", "proof_taken_ms", "proof_received_ms",
        "proof_bytes", "proof_sha256",
    ]  # fmt: skip
    first, second, third, *_ = csv.DictReader(io.StringIO(text, newline=""))
    assert first["proof_kind"] == "photo signature"
    assert first["proof_sha256"] == f"{PHOTO} {SIGNATURE}"
    assert first["proof_taken_ms"] == f"{START + 2 * MINUTE} {START + 3 * MINUTE}"
    assert second["proof_state"] == "erased"
    assert (third["instructions"], third["proof_kind"]) == (TEXT, "")


def test_geojson_has_them_with_their_stop(write):
    features = json.loads(write(RecordFormat.GEOJSON))["features"]
    stops = {
        each["properties"]["stop"]: each["properties"] for each in features if each["properties"]["role"] == "stop"
    }
    assert [each["kind"] for each in stops["s1"]["proofs"]] == ["photo", "signature"]
    assert stops["s3"]["instructions"] == TEXT
    assert "proofs" not in stops["s3"]


def test_the_page_shows_the_digest_and_says_what_was_erased(write):
    page = write(RecordFormat.HTML)
    assert f"<code>{PHOTO}</code>" in page
    assert "<small>photo, erased</small>" in page
    assert "<small>photo, signature</small>" in page
    assert "&lt;b&gt;behind&lt;/b&gt;" in page
    assert "<b>behind</b>" not in page


def test_the_page_says_where_a_proof_was_asked_and_none_came(write, given):
    asked = [
        StopDetails(stop=each.stop, order=each.order, proof=ProofKind.SIGNATURE) for each in given.versions[0].stops
    ]
    page = write(RecordFormat.HTML, details=asked, proofs=[])
    assert "signature was asked, none came" in page
    assert "was asked" not in write(RecordFormat.HTML, details=[], proofs=[])


def test_a_page_without_them_has_no_empty_parts(write):
    page = write(RecordFormat.HTML, proofs=[], instructions={})
    assert 'id="proofs"' not in page
    assert 'id="instructions"' not in page


@pytest.mark.parametrize(("size", "told_size"), [(740, "740 B"), (86_400, "86 kB"), (1_234_567, "1.2 MB")])
def test_sizes_are_round(size, told_size):
    assert size_text(size) == told_size
