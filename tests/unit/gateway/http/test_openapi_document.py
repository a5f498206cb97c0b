"""The API describes itself, each parameter and error included."""

import msgspec
import pytest

from gateway.execution.view import Route
from gateway.http.drivers import DriverShown, LinkShown, Renewal
from gateway.http.examples import DRIVER, DRIVER_LINK, EDITS, FOUND, PROOF, RENEWAL, ROUTE, ROUTES_FILE, WORD
from gateway.http.route_edits import Edits, Word
from gateway.http.route_proofs import ProofShown
from gateway.http.search import Found
from gateway.planning.schema import RoutesFile


@pytest.fixture
def document(api):
    return api.get("/api/v1/openapi.json").json()


def operations(document):
    return [(path, operation) for path, methods in document["paths"].items() for operation in methods.values()]


def test_every_endpoint_is_described(document):
    assert set(document["paths"]) == {
        "/api/v1/vehicles",
        "/api/v1/vehicles/{vehicle_id}",
        "/api/v1/vehicles/{vehicle_id}/track",
        "/api/v1/routes",
        "/api/v1/routes/{route}",
        "/api/v1/routes/{route}/events",
        "/api/v1/routes/{route}/record",
        "/api/v1/routes/{route}/edits",
        "/api/v1/routes/{route}/stops/{stop}/taps",
        "/api/v1/routes/{route}/stops/{stop}/proofs",
        "/api/v1/routes/{route}/stops/{stop}/proofs/{digest}",
        "/api/v1/routes/schema",
        "/api/v1/drivers",
        "/api/v1/drivers/link",
        "/api/v1/drivers/link/renew",
        "/api/v1/links/renew",
        "/api/v1/search",
        "/api/v1/live",
        "/api/v1/quarantine",
        "/api/v1/quarantine/{item_id}",
        "/api/v1/notifications",
        "/api/v1/notifications/replay",
        "/api/v1/positions",
        "/api/v1/console",
        "/healthz",
        "/readyz",
        "/metrics",
    }
    assert document["info"]["title"] == "Milepost gateway"


def test_every_operation_and_parameter_has_words(document):
    for path, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_who_may_ask_is_said(document):
    schemes = document["components"]["securitySchemes"]
    assert (schemes["token"]["scheme"], schemes["vehicle"]["scheme"]) == ("bearer", "basic")
    assert document["paths"]["/api/v1/positions"]["post"]["security"] == [{"vehicle": []}, {"driver": []}]
    assert document["paths"]["/healthz"]["get"]["security"] == [{}]


def test_errors_have_their_one_shape(document):
    answer = document["paths"]["/api/v1/vehicles/{vehicle_id}"]["get"]["responses"]["404"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("ErrorAnswer")


def references(value):
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        value = list(value.values())
    for inner in value if isinstance(value, list) else []:
        yield from references(inner)


def test_every_reference_leads_somewhere(document):
    for reference in references(document):
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found, reference


def test_bodies_are_described_with_an_example(document):
    for path in ("/api/v1/routes", "/api/v1/routes/{route}/edits", "/api/v1/routes/{route}/stops/{stop}/taps"):
        asked = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]
        assert asked["schema"]["$ref"]
        assert asked["examples"]["example"]["value"]


def test_examples_of_bodies_are_what_the_endpoints_read():
    assert msgspec.convert(EDITS, Edits)
    assert msgspec.convert(WORD, Word)
    assert msgspec.convert(ROUTES_FILE, RoutesFile)
    assert msgspec.convert(RENEWAL, Renewal)


def test_examples_of_answers_are_what_is_answered():
    assert msgspec.to_builtins(msgspec.convert(ROUTE, Route)) == ROUTE
    assert msgspec.to_builtins(msgspec.convert(FOUND, Found)) == FOUND
    for example, kind in ((DRIVER, DriverShown), (DRIVER_LINK, LinkShown), (PROOF, ProofShown)):
        assert msgspec.to_builtins(msgspec.convert(example, kind)) == example


def test_a_refused_import_and_a_refused_edit_are_described(document):
    assert "faulty_routes" in document["paths"]["/api/v1/routes"]["post"]["responses"]["422"]["description"]
    edits = document["paths"]["/api/v1/routes/{route}/edits"]["post"]["responses"]
    assert "stale_version" in edits["409"]["description"]


def test_the_schema_needs_no_token(document):
    assert document["paths"]["/api/v1/routes/schema"]["get"]["security"] == [{}]


def test_streams_say_what_they_stream(document):
    live = document["paths"]["/api/v1/live"]["get"]["responses"]["200"]["content"]
    track = document["paths"]["/api/v1/vehicles/{vehicle_id}/track"]["get"]["responses"]["200"]["content"]
    record = document["paths"]["/api/v1/routes/{route}/record"]["get"]["responses"]["200"]["content"]
    assert list(live) == ["text/event-stream"]
    assert set(record) == {"application/json", "text/csv", "application/gpx+xml", "application/geo+json", "text/html"}
    assert set(track) == {"application/json", "application/geo+json", "application/gpx+xml", "text/csv"}


def test_vehicles_come_with_an_example(document):
    media = document["paths"]["/api/v1/vehicles"]["get"]["responses"]["200"]["content"]["application/json"]
    (example,) = media["examples"].values()
    assert example["value"]["vehicles"][0]["vehicle"]
