"""A photo's way from the driver's link to the office and the record, on a real gateway and under its own policy."""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.chromium import OpenPage, WatchedPage
from tests.fixtures.gateway import Gateway
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.require import ROOT, cannot_run, require_program
from tests.fixtures.waiting import until

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(120)]

DRIVER = "Aino Mäkinen"
WISH = "Ring twice, please"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """A gateway with one route of two stops, the first of which wants a photo."""
    if not (ROOT / "gateway/http/static/console/index.html").exists():
        cannot_run("the console is not built (npm run build in web/)")
    broker = Mosquitto(require_program("mosquitto"), tmp_path_factory.mktemp("broker"), ANONYMOUS)
    broker.start()
    running = Gateway(tmp_path_factory.mktemp("office"), broker.port)
    try:
        bring(running.start_ready())
        yield running
    finally:
        running.kill()
        broker.kill()


def bring(gateway: Gateway) -> None:
    """Import the route, and wait until it is followed."""
    now = datetime.now(UTC)
    stops = [{"order": f"A-{number}", "lat": 60.17 + number / 200, "lon": 24.94} for number in (1, 2)]
    stops[0] |= {"proof": "photo"}
    route = {
        "route": "R-1", "vehicle": "van-1", "driver": DRIVER, "date": now.date().isoformat(), "zone": "UTC",
        "start": f"{now:%H:%M}", "depot_lat": 60.17, "depot_lon": 24.94, "stops": stops,
    }  # fmt: skip
    status, answer = gateway.request("/api/v1/routes", "POST", json.dumps({"routes": [route]}).encode())
    assert status == 200, answer
    until(lambda: gateway.request("/api/v1/routes/R-1")[0] == 200, "the route is followed")


def png(width: int, height: int) -> bytes:
    """Return a grey picture."""
    rows = b"".join(b"\0" + bytes([90 + row % 90]) * width for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    framed = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def stop_of(gateway: Gateway) -> dict[str, str]:
    stop: dict[str, str] = gateway.get("/api/v1/routes/R-1")["stops"][0]
    return stop


def deliver(gateway: Gateway) -> str:
    """Bring a photo of the first stop and say that it was delivered, as the driver's phone does; return its digest."""
    path = urlsplit(gateway.get(f"/api/v1/drivers/link?driver={quote(DRIVER)}")["url"]).path
    picture, stop = png(320, 240), stop_of(gateway)["stop"]
    digest, now = hashlib.sha256(picture).hexdigest(), int(datetime.now(UTC).timestamp() * 1000)
    status, answer = gateway.request(f"{path}/proofs/R-1/{stop}/{digest}?kind=photo&taken={now}", "PUT", picture)
    assert status == 200, answer
    tap = {"id": "tap-1", "route": "R-1", "stop": stop, "said": "succeeded", "time": now, "left_with": "recipient"}
    status, answer = gateway.request(f"{path}/taps", "POST", json.dumps({"sent": now, "taps": [tap]}).encode())
    assert json.loads(answer)["results"][0]["outcome"] == "taken"
    return digest


def ask(gateway: Gateway) -> None:
    """Ask something of the driver, as the customer's page does."""
    path = urlsplit(stop_of(gateway)["tracking_url"]).path
    body = json.dumps({"text": WISH}).encode()
    headers = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{gateway.port}"}
    status, answer = gateway.request(f"{path}/instructions", "POST", body, **headers)
    assert status in (200, 204), answer


def open_stop(gateway: Gateway, watched: WatchedPage) -> Page:
    page = watched.page
    stop = stop_of(gateway)["stop"]
    page.goto(f"http://127.0.0.1:{gateway.port}/?route=main/R-1&stop={stop}#token={gateway.token}")
    expect(page.get_by_role("region", name="Stop 1", exact=True)).to_be_visible()
    return page


def test_what_happens_at_a_door_reaches_the_office_and_the_record(gateway: Gateway, open_page: OpenPage) -> None:
    ask(gateway)
    digest = deliver(gateway)
    watched = open_page()
    stop = open_stop(gateway, watched).get_by_role("region", name="Stop 1", exact=True)
    expect(stop).to_contain_text("the photo that was asked for came")
    expect(stop.locator('[data-fact="instructions"]')).to_contain_text(WISH)
    photo = stop.locator(".proof img")
    expect(photo).to_be_visible()
    assert photo.evaluate("async image => { await image.decode(); return image.naturalWidth }") == 320
    assert not watched.troubles, watched.troubles

    details = gateway.get("/api/v1/routes/R-1/record")["details"][0]
    assert (details["instructions"], details["proofs"][0]["digest"]) == (WISH, digest)
    assert digest in gateway.request("/api/v1/routes/R-1/record?format=html")[1].decode()


def test_a_drivers_code_is_seen_and_an_old_one_leads_nowhere(gateway: Gateway, open_page: OpenPage) -> None:
    watched = open_page()
    page = open_stop(gateway, watched)
    page.get_by_role("button", name="Driver's phone").click()
    dialog = page.get_by_role("dialog")
    code = dialog.get_by_role("img", name=f"QR code of the link of {DRIVER}")
    assert code.evaluate("async image => { await image.decode(); return image.complete }")
    link = dialog.get_by_role("textbox", name="Link")
    old = urlsplit(link.input_value()).path
    assert gateway.request(f"{old}/day")[0] == 200
    dialog.get_by_role("button", name="Renew the link").click()
    dialog.get_by_role("button", name="cut off old phones").click()
    expect(dialog.get_by_role("status").first).to_contain_text("no access any more")
    assert gateway.request(f"{old}/day")[0] == 404
    assert gateway.request(f"{urlsplit(link.input_value()).path}/day")[0] == 200
    assert not watched.troubles, watched.troubles


def test_a_customers_old_link_leads_nowhere(gateway: Gateway, open_page: OpenPage) -> None:
    watched = open_page()
    page = open_stop(gateway, watched)
    old = urlsplit(stop_of(gateway)["tracking_url"]).path
    page.get_by_role("region", name="Stop 1", exact=True).get_by_role("button", name="Renew the link").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Renew the link").click()
    new = urlsplit(dialog.get_by_role("textbox").input_value()).path
    assert (gateway.request(old)[0], gateway.request(new)[0]) == (404, 200)
    assert not watched.troubles, watched.troubles
