"""The driver's page in a real browser on a real gateway: each tap arrives once and in order, whatever the network."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.e2e.accessibility import violations
from tests.e2e.driver_phone import PHONE, DriverPhone
from tests.fixtures.gateway import Gateway
from tests.fixtures.mosquitto import ANONYMOUS, Mosquitto
from tests.fixtures.relay import Relay
from tests.fixtures.require import ROOT, cannot_run, require_program
from tests.fixtures.waiting import until

pytestmark = pytest.mark.heavy

DEPOT = (60.17, 24.94)
OpenPhone = Callable[..., DriverPhone]


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for all tests; each has a driver, a van and a route of its own."""
    if not (ROOT / "gateway/http/static/driver/index.html").exists():
        cannot_run("the driver's page is not built (npm run build in web/)")
    broker = Mosquitto(require_program("mosquitto"), tmp_path_factory.mktemp("broker"), ANONYMOUS)
    broker.start()
    running = Gateway(tmp_path_factory.mktemp("doorstep"), broker.port)
    try:
        yield running.start_ready()
    finally:
        running.kill()
        broker.kill()


@pytest.fixture
def phone(browser: Browser, gateway: Gateway) -> Iterator[OpenPhone]:
    """Open a phone: `phone(name, stops=3, permissions=…)` with a route of that name, its driver's and its van's."""
    contexts: list[BrowserContext] = []
    networks: list[Relay] = []

    def open_one(name: str, stops: int = 3, proof: str | None = None, **options: Any) -> DriverPhone:
        bring(gateway, name, [stop(name, number, proof) for number in range(1, stops + 1)])
        contexts.append(browser.new_context(**{**PHONE, **options}))
        networks.append(Relay(gateway.port))
        return DriverPhone(contexts[-1], gateway, f"driver {name}", networks[-1]).open()

    yield open_one
    for context in contexts:
        context.close()
    for network in networks:
        with contextlib.suppress(OSError):  # it was cut by the test
            network.cut()


def stop(route: str, number: int, proof: str | None = None) -> dict[str, Any]:
    place = {"lat": DEPOT[0] + 0.005 * number, "lon": DEPOT[1]}
    people = {"address": f"Kadunkatu {number}, Helsinki", "recipient": f"Person {number}", "phone": "+358 40 123"}
    proofs = {} if proof is None else {"proof": proof}
    return {"stop": f"s{number}", "order": f"{route}-{number}", "parcels": 2, **place, **people, **proofs}


def bring(gateway: Gateway, route: str, stops: list[dict[str, Any]]) -> None:
    """Import a route that starts now, and wait until it is followed."""
    now = datetime.now(UTC)
    day = {"date": now.date().isoformat(), "zone": "UTC", "start": f"{now:%H:%M}"}
    who = {"route": route, "vehicle": f"van-{route}", "driver": f"driver {route}"}
    depot = {"depot_lat": DEPOT[0], "depot_lon": DEPOT[1]}
    body = json.dumps({"routes": [{**who, **day, **depot, "stops": stops}]}).encode()
    status, answer = gateway.request("/api/v1/routes", "POST", body)
    assert status == 200, answer
    until(lambda: gateway.request(f"/api/v1/routes/{route}")[0] == 200, "the route is followed")


def told(gateway: Gateway, route: str) -> dict[str, tuple[str, str | None]]:
    """Return what the gateway knows of each stop that is said: its outcome, and where it was left or why it failed."""
    stops = gateway.get(f"/api/v1/routes/{route}")["detail"]["stops"]
    said = [each for each in stops if each["outcome"] != "none"]
    return {each["stop"]: (each["outcome"], each.get("failure") or each.get("left_with")) for each in said}


def taps(gateway: Gateway, route: str) -> list[str]:
    """Return the stops that were tapped, in the order of their times."""
    stops = gateway.get(f"/api/v1/routes/{route}")["detail"]["stops"]
    return [each["stop"] for each in sorted((s for s in stops if s.get("tap")), key=lambda s: s["tap"]["time"])]


def test_done_is_one_tap_that_can_be_undone_before_anybody_hears_of_it(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("undo")
    driver.expect_at("Kadunkatu 1")
    size = driver.done.bounding_box()
    assert size is not None
    assert size["height"] >= 56
    driver.press("Done").expect_at("Kadunkatu 2")
    expect(driver.sync).to_have_text("1 not sent")
    driver.press("Undo").expect_at("Kadunkatu 1")
    driver.let_undo_pass().expect_sent()
    assert told(gateway, "undo") == {}
    driver.press("Done").let_undo_pass().expect_sent()
    until(lambda: told(gateway, "undo") == {"s1": ("succeeded", "recipient")}, "the tap arrives")


def test_elsewhere_and_failed_are_one_tap_more(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("elsewhere")
    driver.press("Left elsewhere").press("To a neighbour").expect_at("Kadunkatu 2")
    driver.press("Not delivered").press("Nobody there").expect_at("Kadunkatu 3")
    driver.let_undo_pass().expect_sent()
    until(
        lambda: told(gateway, "elsewhere") == {"s1": ("succeeded", "neighbour"), "s2": ("failed", "absent")},
        "both arrive",
    )
    driver.page.get_by_text("2 stops done").click()
    driver.page.get_by_role("button", name="Not delivered: Nobody there").click()
    driver.press("Take back").let_undo_pass().expect_sent()
    until(lambda: told(gateway, "elsewhere") == {"s1": ("succeeded", "neighbour")}, "it is taken back")


def test_taps_without_a_network_outlive_a_restart_and_arrive_once_in_order(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("offline", stops=4)
    driver.wait_until_installed()
    driver.lose_network()
    driver.press("Done").expect_at("Kadunkatu 2")
    driver.press("Done").expect_at("Kadunkatu 3")
    driver.press("Not delivered").press("Closed").expect_at("Kadunkatu 4")
    driver.let_undo_pass()
    expect(driver.sync).to_have_text("3 not sent")
    driver.page.close()
    driver.page = driver.new_page()
    driver.open().expect_at("Kadunkatu 4")
    expect(driver.sync).to_have_text("3 not sent")
    assert told(gateway, "offline") == {}
    driver.find_network()
    driver.let_undo_pass().expect_sent()
    said = {"s1": ("succeeded", "recipient"), "s2": ("succeeded", "recipient"), "s3": ("failed", "closed")}
    until(lambda: told(gateway, "offline") == said, "all three arrive")
    assert taps(gateway, "offline") == ["s1", "s2", "s3"]


def test_what_one_window_says_the_other_shows_and_does_not_say_again(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("windows")
    other = DriverPhone(driver.context, gateway, "driver windows", driver.network).open()
    driver.press("Done").expect_at("Kadunkatu 2")
    other.expect_at("Kadunkatu 2")
    expect(other.sync).to_have_text("1 not sent")
    other.let_undo_pass()
    driver.let_undo_pass().expect_sent()
    other.expect_sent()
    until(lambda: told(gateway, "windows") == {"s1": ("succeeded", "recipient")}, "the tap arrives")


def test_a_stop_that_wants_a_photo_is_done_with_it(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("photo", proof="photo")
    picture = driver.page.screenshot()
    driver.with_camera(lambda: driver.press("Photo, then done"), picture)
    driver.expect_at("Kadunkatu 2")
    driver.let_undo_pass().expect_sent()
    until(lambda: told(gateway, "photo") == {"s1": ("succeeded", "recipient")}, "the tap arrives")
    (proof,) = gateway.get("/api/v1/routes/photo/stops/s1/proofs")
    _, content = gateway.request(f"/api/v1/routes/photo/stops/s1/proofs/{proof['digest']}")
    assert (proof["kind"], hashlib.sha256(content).hexdigest()) == ("photo", proof["digest"])
    assert content.startswith(b"\xff\xd8"), "a JPEG"


def test_a_signature_is_drawn_and_kept(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("signed", proof="signature")
    driver.press("Signature, then done")
    sheet = driver.page.get_by_role("dialog")
    confirm = sheet.get_by_role("button", name="Done", exact=True)
    expect(confirm).to_be_disabled()
    box = sheet.locator("canvas").bounding_box()
    assert box is not None
    mouse = driver.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 100)
    mouse.down()
    mouse.move(box["x"] + 240, box["y"] + 60, steps=8)
    mouse.up()
    confirm.click()
    driver.expect_at("Kadunkatu 2")
    driver.let_undo_pass().expect_sent()
    until(
        lambda: [p["kind"] for p in gateway.get("/api/v1/routes/signed/stops/s1/proofs")] == ["signature"], "it is kept"
    )


def test_the_phone_is_the_vans_tracker_in_the_shift(phone: OpenPhone, gateway: Gateway) -> None:
    where = {"latitude": 60.1712, "longitude": 24.94, "accuracy": 8}
    driver = phone("tracked", geolocation=where, permissions=["geolocation"])
    expect(driver.page.get_by_text("Sharing position")).to_be_visible()

    def seen() -> Any:
        driver.page.clock.run_for(1_000)
        found = gateway.get("/api/v1/vehicles")["vehicles"]
        return next((each for each in found if each["vehicle"] == "van-tracked"), None)

    vehicle = until(seen, "the position arrives")
    assert (vehicle["source"], round(vehicle["lat"], 4)) == ("phone", 60.1712)
    driver.press("Done").let_undo_pass().expect_sent()
    until(lambda: told(gateway, "tracked"), "the tap arrives")
    tap = gateway.get("/api/v1/routes/tracked")["detail"]["stops"][0]["tap"]
    assert tap["distance_m"] == pytest.approx(423, abs=5), "the phone's own place, kept beside the tap"


def test_a_phone_that_may_not_say_where_it_is_says_so_loudly(phone: OpenPhone) -> None:
    driver = phone("denied")
    driver.page.evaluate(REFUSE)
    driver.press("Share position")
    expect(driver.page.get_by_role("alert")).to_contain_text("Tracking paused")


def test_positions_that_are_lost_are_counted_until_it_is_read(phone: OpenPhone) -> None:
    driver = phone("lost", geolocation={"latitude": 60.1712, "longitude": 24.94, "accuracy": 8})
    driver.page.route("**/api/v1/positions", refuse_positions)
    driver.page.goto("about:blank")
    driver.context.grant_permissions(["geolocation"])
    lost = driver.banners.get_by_role("alert")
    driver.open()
    driver.let_time_pass_until(lost, "1 position was lost")
    driver.page.reload()
    driver.let_time_pass_until(lost, "2 positions were lost")
    driver.press("OK")
    expect(lost).to_have_count(0)
    driver.page.reload()
    driver.let_undo_pass()
    expect(lost).to_have_count(0)


def refuse_positions(route: Route) -> None:
    """Answer the question for the watermark; what brings positions is unreadable to the gateway."""
    sent = route.request.post_data_json
    if sent["positions"]:
        route.fulfill(status=400, json={"error": {"code": "malformed"}})
    else:
        route.fulfill(json={"spool": sent["spool"], "seq": sent["after"], "gap": False})


REFUSE = """() => {
  let state = "prompt";
  navigator.permissions.query = () => Promise.resolve({ state });
  navigator.geolocation.watchPosition = (_, refused) => { state = "denied"; refused({ code: 1 }); return 1; };
}"""


def test_a_change_of_the_plan_is_marked_until_it_is_read(phone: OpenPhone, gateway: Gateway) -> None:
    driver = phone("changed")
    edit = {"edits": [{"kind": "cancel", "stop": "s2"}]}
    version = gateway.get("/api/v1/routes/changed")["detail"]["route"]["version"]
    body = json.dumps({"base_version": version, **edit}).encode()
    status, answer = gateway.request("/api/v1/routes/changed/edits", "POST", body)
    assert status == 200, answer
    until(lambda: gateway.get("/api/v1/routes/changed")["detail"]["route"]["version"] > version, "it is followed")
    driver.page.clock.run_for(21_000)
    expect(driver.banners).to_contain_text("1 stop has changed")
    driver.press("Got it")
    expect(driver.banners).not_to_contain_text("has changed")


@pytest.mark.serial
def test_a_day_of_150_stops_scrolls_without_a_hitch(phone: OpenPhone) -> None:
    driver = phone("long", stops=150)
    rows = driver.page.locator(".row.ahead")
    expect(rows).to_have_count(149)
    before = busy_s(driver)
    for _ in range(SCROLLS):
        driver.page.mouse.wheel(0, 160)
    driver.page.evaluate("() => document.body.offsetHeight")
    assert (busy_s(driver) - before) / SCROLLS < FRAME_S


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_and_reach_it(phone: OpenPhone, scheme: str) -> None:
    driver = phone(f"access-{scheme}", color_scheme=scheme, reduced_motion="reduce")  # what fades in is no contrast
    driver.press("Done").expect_at("Kadunkatu 2")
    assert violations(driver.page) == []
    driver.press("Not delivered")
    assert violations(driver.page) == []


def test_a_spanish_phone_speaks_spanish(phone: OpenPhone) -> None:
    driver = phone("spanish", locale="es-MX")
    driver.press("Hecho").press("Deshacer")
    assert driver.page.evaluate("document.documentElement.lang") == "es"


SCROLLS = 60
FRAME_S = 1 / 60


def busy_s(driver: DriverPhone) -> float:
    """Return how long the page's thread has worked: script, style, layout and paint."""
    session = driver.context.new_cdp_session(driver.page)
    session.send("Performance.enable", {"timeDomain": "timeTicks"})
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return float(metrics["TaskDuration"])


def renew(gateway: Gateway, driver: str) -> None:
    status, answer = gateway.request("/api/v1/drivers/link/renew", "POST", json.dumps({"driver": driver}).encode())
    assert status in (200, 201), answer


def kept_days(driver: DriverPhone) -> list[Any]:
    """Return what the phone's store has of days, of what was seen of them, and of whose they are."""
    found: list[Any] = driver.page.evaluate(KEPT_DAYS)
    return found


KEPT_DAYS = """async () => {
  const opening = indexedDB.open("milepost-driver");
  const result = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const database = await result(opening);
  const names = ["days", "seen", "settings"];
  const tables = database.transaction(names);
  const found = await Promise.all(names.map((name) => result(tables.objectStore(name).getAll())));
  database.close();
  return found.flat();
}"""


def test_a_link_that_was_renewed_takes_the_day_off_the_phone_and_what_waits_goes_with_the_new_one(
    phone: OpenPhone, gateway: Gateway
) -> None:
    driver = phone("renewed")
    driver.wait_until_installed()
    driver.lose_network()
    driver.press("Done").let_undo_pass()
    assert len(kept_days(driver)) == 3
    renew(gateway, "driver renewed")
    driver.find_network()
    driver.page.clock.run_for(21_000)
    expect(driver.banners).to_contain_text("no longer valid")
    expect(driver.banners).to_contain_text("not sent yet: 1 entry")
    expect(driver.page.get_by_text("Kadunkatu")).to_have_count(0)
    until(lambda: [each["name"][:5] for each in kept_days(driver)] == ["owner"], "names and addresses are gone")
    driver.lose_network()
    driver.page.reload()
    expect(driver.sync).to_have_text("1 not sent")
    expect(driver.page.get_by_text("Kadunkatu")).to_have_count(0)
    driver.find_network()
    DriverPhone(driver.context, gateway, "driver renewed", driver.network).open().let_undo_pass().expect_sent()
    until(lambda: told(gateway, "renewed") == {"s1": ("succeeded", "recipient")}, "the tap arrives")


def test_a_day_that_is_over_is_deleted_without_a_network_too(phone: OpenPhone) -> None:
    driver = phone("over")
    driver.wait_until_installed()
    driver.lose_network()
    driver.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=49))
    driver.page.clock.run_for(1_500)
    expect(driver.page.get_by_text("Kadunkatu")).to_have_count(0)
    until(lambda: kept_days(driver) == [], "names and addresses are gone")
