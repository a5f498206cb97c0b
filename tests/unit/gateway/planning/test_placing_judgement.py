"""Which of a geocoder's places are taken, and which a person sees first."""

from gateway.domain.route import Place
from gateway.planning.answers import Candidate
from gateway.planning.document import ImportFormat
from gateway.planning.findings import Findings
from gateway.planning.placing import Found, addresses, judge, placed
from gateway.planning.reading import read
from tests.fixtures.route_files import json_file, route, stop

HOUSE = Candidate(Place(60.17, 24.94), "Kaivokatu 1, Helsinki", 1.0)


def at(north_m, quality=1.0):
    return Candidate(Place(60.17 + north_m / 111_195, 24.94), "another", quality)


def draft():
    lost = {"order": "B", "address": "Kaivokatu 1"}
    document = json_file(route(stop(1), lost, {"order": "C", "address": "Kaivokatu 1"}, depot_address="Depot 1"))
    assert document.format is ImportFormat.JSON
    return read(document).drafts[0]


def test_addresses_without_places_are_wanted_once():
    assert addresses([draft()]) == ["Depot 1", "Kaivokatu 1"]


def test_a_house_is_taken_in_all_its_stops():
    findings = Findings()
    found = placed(draft(), {"Kaivokatu 1": Found([HOUSE]), "Depot 1": Found([at(500)])}, findings)

    assert (findings.faults, found.doubtful) == ([], [])
    assert [one.place for one in found.draft.stops[1:]] == [HOUSE.place, HOUSE.place]
    assert found.draft.depot == at(500).place


def test_what_is_not_found_or_not_asked_is_a_fault():
    findings = Findings()
    placed(draft(), {"Kaivokatu 1": Found(), "Depot 1": Found(away="it sleeps")}, findings)

    assert [(fault.row, fault.field.rpartition(".")[2], fault.value) for fault in findings.faults] == [
        (None, "depot_address", "Depot 1"),
        (2, "address", "Kaivokatu 1"),
        (3, "address", "Kaivokatu 1"),
    ]
    assert "it sleeps" in findings.faults[0].problem


def test_a_doubtful_place_says_why():
    found = placed(draft(), {"Kaivokatu 1": Found([at(0, 0.5)]), "Depot 1": Found([HOUSE])}, Findings())

    assert [(doubt.row, doubt.order, doubt.quality) for doubt in found.doubtful] == [(2, "B", 0.5), (3, "C", 0.5)]
    assert "no house with a number" in found.doubtful[0].why


def test_rivals_far_apart_are_doubtful_and_near_or_worse_ones_are_not():
    assert judge([HOUSE]) is None
    assert judge([HOUSE, at(190)]) is None
    assert judge([HOUSE, at(210, 0.85)]) is None
    assert "2 places fit, up to 0.2 km apart" in (judge([HOUSE, at(210, 0.95)]) or "")
    assert judge([at(0, 0.79)]) is not None
    assert judge([at(0, 0.8)]) is None
