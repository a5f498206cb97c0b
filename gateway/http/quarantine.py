"""What was rejected, and why."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter, QueryParameter

from gateway.http.errors import ApiError
from gateway.http.parts import Parts
from gateway.ports import QuarantineItem

MAX_PAGE = 200
"""Items of one page: read with their bodies of up to 64 KiB, so 13 MB at the very most."""


class Item(msgspec.Struct, omit_defaults=True):
    """A rejected input without its body; `size` is the body's, in bytes as it came. Unknown fields are absent."""

    id: int
    received: int
    fleet: str
    vehicle: str
    reason: str
    detail: str
    topic: str
    size: int
    source: str | None = None
    spool: str | None = None
    seq: int | None = None
    body: str | None = None
    body_base64: bytes | None = None


class Page(msgspec.Struct):
    """How many inputs were ever rejected, by reason, and the newest of them that are kept."""

    counts: dict[str, int]
    items: list[Item]


Limit = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="Items at most.")]
LARGEST_ID = 2**53
"""The largest whole number that every JSON reader keeps; far below the database's."""

Before = Annotated[
    int | None,
    QueryParameter(ge=0, le=LARGEST_ID, description="Only items with an id below: the last one of the page before."),
]
Reason = Annotated[
    str | None, QueryParameter(max_length=64, description="Only items that were rejected for this reason.")
]
ItemId = Annotated[int, PathParameter(ge=0, le=LARGEST_ID, description="The item's id.")]


@get("/quarantine", summary="Rejected inputs, newest first", tags=["quarantine"])
async def list_quarantine(parts: Parts, limit: Limit = 50, before: Before = None, reason: Reason = None) -> Page:
    """Return counts by reason and a page of items without their bodies."""
    items = await parts.quarantine.page(limit, before, reason)
    return Page(await parts.quarantine.counts(), [_shown(item) for item in items])


@get("/quarantine/{item_id:int}", summary="One rejected input", tags=["quarantine"])
async def show_quarantined(parts: Parts, item_id: ItemId) -> Item:
    """Return an item with its body: as `body` if it is text, else as `body_base64`."""
    item = await parts.quarantine.item(item_id)
    if item is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "unknown_item", f"item {item_id} is not in the quarantine (any more)")
    shown = _shown(item)
    try:
        shown.body = item.entry.body.decode()
    except UnicodeDecodeError:
        shown.body_base64 = item.entry.body
    return shown


def _shown(item: QuarantineItem) -> Item:
    entry = item.entry
    return Item(
        id=item.id,
        received=entry.received,
        fleet=entry.fleet,
        vehicle=entry.vehicle,
        reason=entry.reason,
        detail=entry.detail,
        topic=entry.topic,
        size=len(entry.body),
        source=entry.source or None,
        spool=entry.spool or None,
        seq=entry.seq,
    )
