"""Files of routes: how they are handed on, and how a report becomes an answer."""

import pytest

from gateway.domain.route import LegSource
from gateway.http.gate import Gate
from gateway.http.route_import import MAX_MAPPED
from gateway.planning.document import MAX_DOCUMENT_BYTES, ImportDocument, ImportFormat
from gateway.planning.report import Doubt, Fault, ImportOutcome, ImportReport, RouteImported, RouteOutcome
from tests.fixtures.api import BEARER

PATH = "/api/v1/routes"
TAKEN = ImportReport(
    outcome=ImportOutcome.IMPORTED,
    routes=[
        RouteImported(
            route="r1",
            version=1,
            outcome=RouteOutcome.NEW,
            stops=2,
            vehicle="van",
            date="2026-03-10",
            leg_source=LegSource.CROW_FLIES,
        )
    ],
)
DOUBT = Doubt(row=3, route="r1", address="Katu", label="Katu, Espoo", lat=60.2, lon=24.6, quality=0.5, why="street")


def post(api, content=b"{}", **query):
    return api.post(PATH, content=content, params=query, headers=BEARER)


def test_a_file_is_brought_as_it_came(api, api_rig):
    api_rig.routes.dispatch.report = TAKEN
    answer = post(api, b"\xffanything")
    assert answer.status_code == 200
    assert answer.json() == {
        "outcome": "imported",
        "routes": [
            {
                "route": "r1",
                "version": 1,
                "outcome": "new",
                "stops": 2,
                "vehicle": "van",
                "date": "2026-03-10",
                "leg_source": "crow_flies",
            }
        ],
        "faults": [],
        "doubtful": [],
        "mapping": [],
        "notes": [],
    }
    assert api_rig.routes.dispatch.brought == [
        ImportDocument(content=b"\xffanything", format=ImportFormat.JSON, fleet="main")
    ]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ({"format": "csv"}, {"format": ImportFormat.CSV}),
        ({"format": "vroom", "date": "2026-03-10"}, {"format": ImportFormat.VROOM, "date": "2026-03-10"}),
        ({"dry_run": "1"}, {"dry_run": True}),
        ({"dry_run": "0"}, {"dry_run": False}),
        ({"accept_doubtful": "true"}, {"accept_doubtful": True}),
        ({"zone": "Europe/Helsinki", "vehicle": "v1"}, {"zone": "Europe/Helsinki", "vehicle": "v1"}),
        ({"fleet": "south"}, {"fleet": "south"}),
        (
            {"map.Street name": "address", "map.Ignore=d": "", "other": "x"},
            {"mapping": {"Street name": "address", "Ignore=d": ""}},
        ),
    ],
)
def test_what_the_sender_says_about_it_goes_along(api, api_rig, query, meant):
    api_rig.routes.dispatch.report = TAKEN
    assert post(api, b"a;b", **query).status_code == 200
    (document,) = api_rig.routes.dispatch.brought
    assert document == ImportDocument(
        **{"content": b"a;b", "format": ImportFormat.JSON, "fleet": "main", "mapping": {}, **meant}
    )


def test_all_that_is_wrong_comes_with_the_refusal(api, api_rig):
    faults = [
        Fault(row=2, field="lat", value="north", problem="is not a number"),
        Fault(field="date", problem="missing"),
    ]
    api_rig.routes.dispatch.report = ImportReport(outcome=ImportOutcome.REJECTED, faults=faults, doubtful=[DOUBT])
    answer = post(api)
    assert answer.status_code == 422
    assert answer.json()["error"] == {"code": "faulty_routes", "detail": "nothing was imported: 2 faults"}
    assert answer.json()["report"]["faults"] == [
        {"row": 2, "field": "lat", "value": "north", "problem": "is not a number"},
        {"field": "date", "problem": "missing"},
    ]


def test_doubts_alone_have_a_code_of_their_own(api, api_rig):
    api_rig.routes.dispatch.report = ImportReport(outcome=ImportOutcome.REJECTED, doubtful=[DOUBT])
    answer = post(api)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "doubtful_places")
    assert answer.json()["report"]["doubtful"][0]["label"] == "Katu, Espoo"


@pytest.mark.parametrize("outcome", [ImportOutcome.UNCHANGED, ImportOutcome.PREVIEW])
def test_what_is_no_refusal_is_a_success(api, api_rig, outcome):
    api_rig.routes.dispatch.report = ImportReport(outcome=outcome)
    assert post(api).json()["outcome"] == outcome


def test_a_file_may_be_larger_than_any_other_body_but_not_endless(api, api_rig):
    api_rig.routes.dispatch.report = TAKEN
    assert post(api, b"x" * MAX_DOCUMENT_BYTES).status_code == 200
    assert post(api, b"x" * (MAX_DOCUMENT_BYTES + 1)).status_code == 413
    assert len(api_rig.routes.dispatch.brought) == 1


def test_columns_that_are_named_are_bounded(api, api_rig):
    api_rig.routes.dispatch.report = TAKEN
    assert post(api, **{f"map.{n}": "order" for n in range(MAX_MAPPED)}).status_code == 200
    answer = post(api, **{f"map.{n}": "order" for n in range(MAX_MAPPED + 1)})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_parameter")


def test_files_at_a_time_are_bounded_and_a_place_becomes_free_again(api, api_rig):
    api_rig.routes.dispatch.report = TAKEN
    gate = api_rig.routes.parts.imports
    places = [gate.passed() for _ in range(4)]
    for place in places:
        place.__enter__()
    busy = post(api)
    assert (busy.status_code, busy.json()["error"]["code"]) == (503, "busy")
    assert busy.headers["retry-after"]
    places[0].__exit__(None, None, None)
    assert post(api).status_code == 200


def test_a_failure_gives_its_place_back():
    gate = Gate(1)
    for _ in range(2):
        with pytest.raises(RuntimeError), gate.passed():
            raise RuntimeError


def test_the_schema_names_what_a_route_has(api):
    answer = api.get("/api/v1/routes/schema")
    assert answer.headers["content-type"].startswith("application/schema+json")
    assert {"route", "date", "zone", "vehicle", "stops"} <= set(answer.json()["$defs"]["RouteFile"]["properties"])
