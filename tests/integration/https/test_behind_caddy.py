"""The gateway behind the real Caddy, with the Caddyfile as it stands."""

import http.client
import json
from contextlib import closing
from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from gateway.http.throttle import MAX_FAILURES
from tests.fixtures.caddy import Caddy
from tests.fixtures.gateway import Gateway, LiveReader
from tests.fixtures.require import free_port
from tests.fixtures.waiting import until

NO_TOKEN = "Xq7_-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1v"
"""As long as a token of a link is."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    running = Gateway(tmp_path_factory.mktemp("behind"), free_port())
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.fixture(scope="module")
def caddy(make_caddy, gateway):
    return make_caddy(gateway.port).start()


def failures(ask, source, **headers):
    """Return the last answer to wrong tokens: until they are refused, or one more than an address has free."""
    status = None
    for _ in range(MAX_FAILURES + 1):
        status = ask(source, headers)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            break
    return status


def bring(gateway, name):
    now = datetime.now(UTC)
    stops = [{"stop": "s1", "order": "A-1", "lat": 60.175, "lon": 24.94}]
    head = {"route": name, "date": now.date().isoformat(), "zone": "UTC", "vehicle": name, "start": f"{now:%H:%M}"}
    document = {"routes": [{**head, "depot_lat": 60.17, "depot_lon": 24.94, "stops": stops}]}
    assert gateway.request("/api/v1/routes", "POST", json.dumps(document).encode())[0] == HTTPStatus.OK


def test_what_the_gateway_says_comes_by_https_and_for_trials_without_a_year_of_it(caddy, gateway):
    answer, body = caddy.get("/healthz")
    assert (answer.status, json.loads(body)) == (200, gateway.get("/healthz"))
    assert answer.getheader("Strict-Transport-Security") is None


def test_a_domain_of_ones_own_is_https_for_a_year(make_caddy, gateway):
    answer, _ = make_caddy(gateway.port, domain="fleet.localhost").start().get("/healthz")
    assert answer.getheader("Strict-Transport-Security") == "max-age=31536000"


def test_plain_http_leads_to_https(caddy):
    connection = http.client.HTTPConnection("127.0.0.1", caddy.plain_port, timeout=10)
    with closing(connection):
        connection.request("GET", f"/t/{NO_TOKEN}", headers={"Host": f"localhost:{caddy.plain_port}"})
        answer = connection.getresponse()
        assert answer.status == HTTPStatus.PERMANENT_REDIRECT
        assert answer.getheader("Location") == f"{caddy.url}/t/{NO_TOKEN}"


def test_addresses_that_the_gateway_makes_are_those_of_the_proxy(caddy, gateway):
    bring(gateway, "addresses")
    authorised = {"Authorization": f"Bearer {gateway.token}", "Host": f"localhost:{caddy.port}"}
    _, body = caddy.get("/api/v1/search?q=A-1", headers=authorised)
    assert json.loads(body)["found"][0]["tracking_url"].startswith(f"{caddy.url}/t/")


def test_streams_come_through_as_they_are_told(caddy, gateway):
    connection = caddy.connect()
    with closing(connection):
        connection.request("GET", "/api/v1/live", headers={"Authorization": f"Bearer {gateway.token}"})
        reader = LiveReader(connection.getresponse())
        reader.event()  # what there is now: the stream is open
        bring(gateway, "streamed")
        told = until(lambda: [data for _, data in [reader.event()] if "streamed" in json.dumps(data)], "the route")
    assert told


def test_each_client_is_counted_by_its_own_address_whatever_it_claims(caddy):
    def wrong(source, headers):
        return caddy.get("/api/v1/vehicles", source, headers)[0].status

    assert failures(wrong, "127.0.0.2") == HTTPStatus.TOO_MANY_REQUESTS
    assert wrong("127.0.0.2", {"X-Forwarded-For": "203.0.113.9"}) == HTTPStatus.TOO_MANY_REQUESTS
    assert wrong("127.0.0.3", {"X-Forwarded-For": "127.0.0.2"}) == HTTPStatus.UNAUTHORIZED


def test_who_is_no_trusted_proxy_is_not_believed(gateway):
    def wrong(source, headers):
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10, source_address=(source, 0))
        with closing(connection):
            connection.request("GET", "/api/v1/vehicles", headers=headers)
            return connection.getresponse().status

    assert failures(wrong, "127.0.0.4", **{"X-Forwarded-For": "203.0.113.1"}) == HTTPStatus.TOO_MANY_REQUESTS
    assert wrong("127.0.0.4", {"X-Forwarded-For": "203.0.113.2"}) == HTTPStatus.TOO_MANY_REQUESTS
    assert wrong("127.0.0.5", {"X-Forwarded-For": "127.0.0.4"}) == HTTPStatus.UNAUTHORIZED


def test_no_token_is_in_its_logs_also_where_the_gateway_is_away(make_caddy):
    caddy: Caddy = make_caddy(free_port()).start()
    paths = [
        f"/t/{NO_TOKEN}",
        f"/t/{NO_TOKEN}/state?x=1",
        f"/driver/{NO_TOKEN}/day",
        f"//t/{NO_TOKEN}",
        f"/?token={NO_TOKEN}",
    ]
    for path in paths:
        secret = {"Authorization": f"Bearer {NO_TOKEN}", "Referer": f"{caddy.url}{path}"}
        assert caddy.get(path, headers=secret)[0].status == HTTPStatus.BAD_GATEWAY
    connection = http.client.HTTPConnection("127.0.0.1", caddy.plain_port, timeout=10)
    with closing(connection):
        connection.request("GET", f"/t/{NO_TOKEN}", headers={"Host": "localhost"})
        connection.getresponse().read()
    caddy.stop()
    assert NO_TOKEN not in caddy.log
    logged = [json.loads(line) for line in caddy.log.splitlines() if '"request"' in line]
    assert {entry["logger"].split(".")[2] for entry in logged} == {"access", "error"}
    assert {entry["request"]["uri"] for entry in logged} >= {"/t/[redacted]", "/driver/[redacted]/day"}
