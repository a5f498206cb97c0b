"""What is wanted at a stop comes in from every format, in the words of its sender, and stays over versions."""

import pytest

from gateway.domain.proof import ProofKind
from gateway.domain.route import RouteKey
from gateway.planning.editing import edited
from gateway.planning.edits import Add, NewStop, Replan
from gateway.planning.findings import NOWHERE, Findings
from gateway.planning.reading import read
from gateway.planning.values import Row
from gateway.planning.wishes import language_of, notify_of, proof_of
from tests.fixtures.route_files import csv_file, json_file, route, stop

FIELDS = ("proof", "notify", "language")


def row(**values):
    return Row(values, NOWHERE, Findings())


@pytest.mark.parametrize(
    ("said", "kind"),
    [("photo", ProofKind.PHOTO), (" Foto ", ProofKind.PHOTO), ("FIRMA", ProofKind.SIGNATURE),
     ("Unterschrift", ProofKind.SIGNATURE), ("none", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_proof_is_known_by_its_name_in_three_languages(said, kind):
    given = row(proof=said)
    assert proof_of(given) is kind
    assert given.findings.spotless


@pytest.mark.parametrize(
    ("said", "wanted"),
    [(True, True), (False, False), ("yes", True), ("Sí", True), ("ja", True), (1, True), ("1", True), ("no", False),
     ("Nein", False), (0, False), ("", None), (None, None)],
)  # fmt: skip
def test_whether_somebody_wants_messages_is_yes_no_or_not_known(said, wanted):
    given = row(notify=said)
    assert notify_of(given) is wanted
    assert given.findings.spotless


@pytest.mark.parametrize(
    ("said", "language"),
    [("en", "en"), ("ES", "es"), ("es-MX", "es"), ("pt_BR", "pt"), ("Español", "es"), ("Deutsch", "de"), ("", None)],
)
def test_a_language_is_its_two_letters(said, language):
    given = row(language=said)
    assert language_of(given) == language
    assert given.findings.spotless


@pytest.mark.parametrize(
    ("field", "bad"),
    [("proof", "selfie"), ("proof", 3), ("notify", "perhaps"), ("notify", 2), ("language", "Klingon"),
     ("language", "e"), ("language", True), ("proof", "photo" * 20)],
)  # fmt: skip
def test_what_is_none_of_these_is_a_fault(field, bad):
    given = row(**{field: bad})
    readers = {"proof": proof_of, "notify": notify_of, "language": language_of}
    assert readers[field](given) is None
    assert [fault.field for fault in given.findings.faults] == [field]


def test_a_table_in_german_brings_them():
    text = "Bestellnummer;lat;lon;Nachweis;Benachrichtigung;Sprache\nA;60,17;24,94;Foto;ja;es\nB;60,17;24,94;;;\n"
    first, second = read(csv_file(text)).drafts[0].stops
    assert [getattr(first.details, field) for field in FIELDS] == [ProofKind.PHOTO, True, "es"]
    assert [getattr(second.details, field) for field in FIELDS] == [None, None, None]


def test_a_table_in_spanish_brings_them():
    text = "pedido,latitud,longitud,prueba de entrega,Avisar,Idioma\nA,60.17,24.94,firma,no,español\n"
    details = read(csv_file(text)).drafts[0].stops[0].details
    assert [getattr(details, field) for field in FIELDS] == [ProofKind.SIGNATURE, False, "es"]


WISHES = {"proof": "photo", "notify": True, "language": "es"}
READ = [ProofKind.PHOTO, True, "es"]


def drafts():
    return {draft.key: draft for draft in read(json_file(route(stop(1, **WISHES), stop(2), route="a"))).drafts}


def test_json_brings_them():
    (draft,) = drafts().values()
    assert [getattr(draft.stops[0].details, field) for field in FIELDS] == READ


def test_a_stop_that_is_added_has_them():
    key = RouteKey("main", "a")
    new = NewStop(order="X", lat=60.2, lon=24.9, **WISHES)
    added = edited(drafts(), key, [Add(stop=new)])[key].stops[-1]
    assert [getattr(added.details, field) for field in FIELDS] == READ


def test_a_second_attempt_keeps_them():
    key = RouteKey("main", "a")
    attempt = edited(drafts(), key, [Replan(stop="A1")])[key].stops[-1]
    assert attempt.stop != "A1"
    assert [getattr(attempt.details, field) for field in FIELDS] == READ
