"""What a day does to the driver's phone itself: no network, another plan, no leave to say where it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import msgspec
from playwright.sync_api import BrowserContext, Page, expect

from gateway.domain.route import RouteKey, RoutePlan
from gateway.ports import StopDetails
from tests.e2e.doorstep_pages import Doorstep
from tests.e2e.scenes import SCENES
from tests.fixtures.api import ApiRig

ON_THE_ROUND = next(scene for scene in SCENES if scene.name == "two-before")
"""Three of eight stops are served, the fourth is next."""

NEXT_POLL_MS = 21_000
"""The page asks for its day each 20 s."""

REFUSED = 'navigator.permissions.query = () => Promise.resolve({ state: "denied" });'


@dataclass(frozen=True)
class DriverMoment:
    """A moment of the page: what is done before it is opened, and after; what its banner says then."""

    name: str
    says: Mapping[str, str]
    before: Callable[[BrowserContext], None] | None = None
    after: Callable[[Doorstep, Page], None] | None = None


def _taps_without_network(_: Doorstep, page: Page) -> None:
    page.context.set_offline(True)
    for unsent in (1, 2):
        page.locator("button.done").click()
        expect(page.locator(".sync")).to_contain_text(str(unsent))
    page.clock.run_for(NEXT_POLL_MS)


def _gets_another_plan(doorstep: Doorstep, page: Page) -> None:
    _replan(doorstep.rig)
    page.clock.run_for(NEXT_POLL_MS)


def _replan(rig: ApiRig) -> None:
    """Give the next stop a parcel more and a note, take away the seventh, and add one."""
    plan = rig.routes.book.plans[RouteKey("main", "round")][-1]
    known = rig.routes.book.people[plan.key]
    added = StopDetails(stop="s9", order="ORD-9", address="Mannerheimintie 30, Helsinki", recipient="Raili Ovikello")
    told = msgspec.structs.replace(known["s4"], parcels=3, notes="Ring twice, the bell is soft")
    rig.routes.follow(_changed(plan, rig.clock.now), told, added)


def _changed(plan: RoutePlan, now: int) -> RoutePlan:
    last = plan.stops[-1]
    new = replace(last, stop="s9", order="ORD-9", sequence=len(plan.stops) + 1)
    stops = (*(replace(each, cancelled=each.stop == "s7") for each in plan.stops), new)
    return replace(plan, version=plan.version + 1, issued=now, stops=stops, geometry=None)


def _refuses_to_say_where_it_is(context: BrowserContext) -> None:
    context.add_init_script(REFUSED)


def _wants_to_be_followed(_: Doorstep, page: Page) -> None:
    """The van's tracker reports: its driver's phone is followed by their own choice alone."""
    wanted = page.get_by_role("switch")
    expect(wanted).not_to_be_checked()
    expect(page.get_by_role("alert")).to_have_count(0)
    wanted.check()


DRIVER_MOMENTS = (
    DriverMoment("offline-taps-waiting", {"en": "Offline", "es": "Sin conexión"}, after=_taps_without_network),
    DriverMoment("plan-changed", {"en": "3 stops have changed", "es": "3 paradas"}, after=_gets_another_plan),
    DriverMoment(
        "tracking-paused",
        {"en": "Tracking paused", "es": "Seguimiento"},
        before=_refuses_to_say_where_it_is,
        after=_wants_to_be_followed,
    ),
)
