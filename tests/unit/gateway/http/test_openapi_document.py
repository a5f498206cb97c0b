"""The API describes itself, each parameter and error included."""

import pytest


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
        "/api/v1/routes/schema",
        "/api/v1/search",
        "/api/v1/live",
        "/api/v1/quarantine",
        "/api/v1/quarantine/{item_id}",
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
    assert document["paths"]["/api/v1/positions"]["post"]["security"] == [{"vehicle": []}]
    assert document["paths"]["/healthz"]["get"]["security"] == [{}]


def test_errors_have_their_one_shape(document):
    answer = document["paths"]["/api/v1/vehicles/{vehicle_id}"]["get"]["responses"]["404"]
    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("ErrorAnswer")


def test_streams_say_what_they_stream(document):
    live = document["paths"]["/api/v1/live"]["get"]["responses"]["200"]["content"]
    track = document["paths"]["/api/v1/vehicles/{vehicle_id}/track"]["get"]["responses"]["200"]["content"]
    assert list(live) == ["text/event-stream"]
    assert set(track) == {"application/json", "application/geo+json", "application/gpx+xml", "text/csv"}


def test_vehicles_come_with_an_example(document):
    media = document["paths"]["/api/v1/vehicles"]["get"]["responses"]["200"]["content"]["application/json"]
    (example,) = media["examples"].values()
    assert example["value"]["vehicles"][0]["vehicle"]
