"""The customer's and the driver's page in a scene: the built pages on the real HTTP side, over plain fakes."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gateway import wiring
from gateway.execution.rounds import follow
from gateway.http.customer_page_files import scripts_of
from gateway.http.files import read_tree
from gateway.links.page import Frame
from tests.e2e.scenes import DRIVER, OWN, Scene, people
from tests.fixtures.api import ApiRig
from tests.fixtures.customers import HOUSE, STYLE
from tests.fixtures.require import cannot_run
from tests.fixtures.served_api import served

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Doorstep:
    """Where the pages are, and what is behind them."""

    rig: ApiRig
    customer: str
    driver: str


@contextmanager
def staged(scene: Scene) -> Iterator[Doorstep]:
    """Serve a scene's moment."""
    rig, day = ApiRig(), scene.timeline()
    plan = rig.routes.plan(day.layout.plan, *people(day.layout.plan))
    follow(rig.routes.rounds, plan, day.state, day.time)
    rig.clock.now = day.time + scene.later_ms
    order = day.layout.stops[OWN].order
    page = read_tree(wiring.CUSTOMER_FOLDER)
    if not page:
        cannot_run("the pages are not built (npm run build in web/)")
    parts = replace(
        rig.parts,
        customers=replace(
            rig.customers.parts, page=page, frame=Frame(HOUSE, STYLE, scripts_of(page), "/map/style.json")
        ),
        drivers=replace(rig.drivers.parts, page=read_tree(wiring.DRIVER_FOLDER)),
        basemap=read_tree(wiring.BASEMAP_FOLDER),
    )
    with served(parts) as address:
        customer, driver = _elsewhere(_addresses(rig, order, address))
        yield Doorstep(rig, customer, driver)


async def _addresses(rig: ApiRig, order: str, address: str) -> tuple[str, str]:
    links = await rig.routes.parts.links.urls("main", [order], address)
    return links[order], address + await rig.drivers.path(DRIVER)


def _elsewhere(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what comes of `work`, done in a thread: the browser's own loop runs in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
