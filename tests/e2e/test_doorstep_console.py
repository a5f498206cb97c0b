"""What the office sees of phones, doors and messages, in a real browser on the fake gateway of `web/dev`."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e.fake_console import TOKEN, fake_console
from tests.fixtures.chromium import OpenPage, WatchedPage

pytestmark = [pytest.mark.heavy, pytest.mark.timeout(120)]

PHONE = {"width": 390, "height": 844, "has_touch": True}
FINISHED = "R-008"
"""The fake route whose day is over: every stop of it has come to its end."""


@pytest.fixture(scope="module")
def browser(mapless_browser: Browser) -> Browser:
    """No test here looks at the map."""
    return mapless_browser


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with fake_console(8, 30) as port:
        yield port


class Office:
    """The console with a route open."""

    def __init__(self, watched: WatchedPage, port: int, route: str = FINISHED, stop: int | None = None) -> None:
        self.watched, self.page = watched, watched.page
        address = f"http://127.0.0.1:{port}/?route=main/{route}"
        self.page.goto(f"{address}{'' if stop is None else f'&stop=s{stop}'}#token={TOKEN}")
        self.panel = self.page.get_by_role("region", name="Route details")
        expect(self.panel.get_by_role("heading", level=2)).to_have_text(route)
        self.dialog = self.page.get_by_role("dialog")

    def stop(self, number: int) -> Locator:
        return self.page.get_by_role("region", name=f"Stop {number}", exact=True)

    def expect_no_trouble(self) -> None:
        assert not self.watched.troubles, "\n".join(self.watched.troubles)


def size_of(image: Locator) -> tuple[int, int]:
    width, height = image.evaluate(
        "async image => { await image.decode(); return [image.naturalWidth, image.naturalHeight] }"
    )
    return width, height


def test_a_drivers_phone_is_paired_and_cut_off(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port)
    office.page.get_by_role("button", name="Driver's phone").press("Enter")
    expect(office.dialog.get_by_role("heading")).to_contain_text("the phone")
    code, link = office.dialog.get_by_role("img"), office.dialog.get_by_role("textbox", name="Link")
    expect(code).to_be_visible()
    assert min(size_of(code)) > 0
    before = link.input_value()
    assert re.fullmatch(r"https://.+/driver/[\w-]{27}", before)

    office.dialog.get_by_role("button", name="Renew the link").click()
    expect(office.dialog.get_by_role("alert")).to_contain_text("lose access at once")
    expect(office.dialog.get_by_role("button", name="Keep the link")).to_be_focused()
    office.page.keyboard.press("Enter")
    expect(link).to_have_value(before)
    office.dialog.get_by_role("button", name="Renew the link").click()
    office.dialog.get_by_role("button", name="cut off old phones").click()
    expect(office.dialog.get_by_role("status").first).to_contain_text("no access any more")
    expect(link).not_to_have_value(before)
    office.page.keyboard.press("Escape")
    expect(office.dialog).to_be_hidden()
    expect(office.page.get_by_role("button", name="Driver's phone")).to_be_focused()
    office.expect_no_trouble()


def test_a_look_back_pairs_no_phone(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, "R-002")
    button = office.page.get_by_role("button", name="Driver's phone")
    expect(button).to_be_visible()
    office.page.get_by_role("button", name="Look back").click()
    expect(button).to_be_hidden()


def test_what_was_brought_from_a_door_is_seen_large(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, stop=6)
    proofs = office.stop(6).get_by_role("region", name="Proof of delivery")
    expect(proofs.get_by_role("status")).to_have_text("the photo that was asked for came")
    photo = proofs.get_by_role("button", name=re.compile("Photo taken at"))
    expect(photo.locator("img")).to_be_visible()
    assert size_of(photo.locator("img")) == (480, 360)
    photo.press("Enter")
    large = office.dialog.get_by_role("img", name="Photo that the driver brought")
    assert size_of(large) == (480, 360)
    expect(office.dialog).to_contain_text(re.compile(r"SHA-256 [0-9a-f]{64}"))
    with office.page.expect_download() as download:
        office.dialog.get_by_role("button", name="Save").click()
    assert re.fullmatch(r"HEL-008006-photo-[0-9a-f]{8}\.png", download.value.suggested_filename)
    office.page.keyboard.press("Escape")
    expect(photo).to_be_focused()
    office.expect_no_trouble()


@pytest.mark.parametrize(
    ("stop", "told"),
    [
        (21, "a signature was asked for and has not come"),
        (15, re.compile("Photo .+erased")),
    ],
)
def test_what_is_missing_and_what_was_erased_is_told(
    port: int, open_page: OpenPage, stop: int, told: str | re.Pattern[str]
) -> None:
    office = Office(open_page(), port, stop=stop)
    proofs = office.stop(stop).get_by_role("region", name="Proof of delivery")
    expect(proofs).to_contain_text(told)
    expect(proofs.locator("img")).to_have_count(0)


def test_a_stop_says_what_its_customer_asks(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, stop=5)
    expect(office.stop(5).locator('[data-fact="instructions"] dd')).to_contain_text("ring twice")
    expect(office.stop(5).get_by_role("region", name="Proof of delivery")).to_be_hidden()


def test_where_nobody_said_anything_it_is_told(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, stop=11)
    expect(office.stop(11).get_by_role("heading", level=3)).to_have_text("Stop 11 · Completed, unconfirmed")
    expect(office.stop(11).locator('[data-fact="state"]')).to_contain_text("nobody said what came of it")
    expect(office.panel.get_by_role("option", name=re.compile("Stop 11 .+Unconfirmed"))).to_have_count(1)


def test_a_customers_link_is_opened_and_made_anew(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, stop=4)
    page = office.stop(4).get_by_role("link", name="Customer's page")
    before = page.get_attribute("href")
    assert page.get_attribute("rel") == "noopener noreferrer"
    office.stop(4).get_by_role("button", name="Renew the link").click()
    expect(office.dialog).to_contain_text("leads nowhere from then on")
    expect(office.dialog.get_by_role("button", name="Keep the link")).to_be_focused()
    office.dialog.get_by_role("button", name="Renew the link").click()
    fresh = office.dialog.get_by_role("textbox", name="The customer's page")
    expect(fresh).to_have_value(re.compile(r"^https://.+/t/"))
    new = fresh.input_value()
    assert new != before
    office.dialog.get_by_role("button", name="Done").click()
    expect(page).to_have_attribute("href", new)
    office.expect_no_trouble()


def test_a_route_says_whose_positions_it_follows_and_that_it_changed(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, "R-002")
    expect(office.panel).to_contain_text("follows the tracker")
    office.panel.get_by_text("Source changed 2 times").click()
    expect(office.panel.locator(".source-note li")).to_have_count(3)
    expect(office.panel.locator(".source-note li").nth(1)).to_contain_text("the driver's phone")


def test_messages_that_did_not_arrive_are_loud_and_sent_again(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port)
    office.page.get_by_role("button", name="1 switched off").press("Enter")
    off = office.dialog.get_by_role("region", name="Webhook old-crm", exact=True).first
    expect(off).to_contain_text("Switched off since")
    expect(off).to_contain_text("milepost notify enable old-crm")
    expect(off.get_by_role("button")).to_be_hidden()
    expect(office.dialog).to_contain_text("quiet hours · again at")
    erp = office.dialog.get_by_role("region", name="Webhook erp", exact=True).first
    expect(erp).to_contain_text("500 Internal Server Error · given up")
    expect(erp).to_contain_text("6 more")
    erp.get_by_role("button", name="Send 26 again").click()
    expect(office.dialog.get_by_role("status").first).to_have_text("26 messages are sent again.")
    expect(erp).to_be_hidden()
    office.expect_no_trouble()


def test_a_phone_with_a_route_open_keeps_the_header(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(**PHONE), port)
    for name in ("Import routes", "Where is my order?"):
        button = office.page.get_by_role("button", name=name)
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        button.click()
        expect(office.dialog).to_be_visible()
        office.page.keyboard.press("Escape")
        expect(office.dialog).to_be_hidden()
    wide = office.page.evaluate("document.documentElement.scrollWidth")
    assert wide == PHONE["width"]
    office.expect_no_trouble()


def test_a_stop_is_added_with_its_proof_and_messages(port: int, open_page: OpenPage) -> None:
    office = Office(open_page(), port, "R-001")
    office.page.get_by_role("button", name="Add stop").click()
    dialog = office.dialog
    dialog.get_by_label("Order reference").fill("A-99")
    dialog.get_by_label("Address").fill("Katu 9")
    dialog.get_by_label("E-mail").fill("aino")
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("E-mail").fill("aino@example.org")
    dialog.get_by_label("Time at the stop (minutes)").fill("4")
    dialog.get_by_label("Proof of delivery").select_option("signature")
    dialog.get_by_label("Messages to the recipient").select_option("yes")
    dialog.get_by_label("Their language").fill("es")
    with office.page.expect_request("**/edits?**") as sent:
        dialog.get_by_role("button", name="Save").click()
    body = sent.value.post_data_json
    assert body is not None
    [edit] = body["edits"]
    assert edit["kind"] == "add"
    assert edit["stop"] == {
        "order": "A-99",
        "address": "Katu 9",
        "email": "aino@example.org",
        "service_s": 240,
        "proof": "signature",
        "notify": True,
        "language": "es",
    }
