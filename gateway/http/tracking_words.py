"""What customers say: words to the driver, and whether they want messages. A form, or JSON."""

from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import FromPath

from gateway.http.bodies import bad_body, read_json
from gateway.http.errors import ApiError
from gateway.http.parts import Parts
from gateway.http.tracking import AnyResponse, Visit, headers_of, page_of, visit_of
from gateway.http.tracking_links import PATH
from gateway.links.page import MOST_CHARACTERS
from gateway.links.state import WRITABLE
from gateway.ports import Instruction

MAX_WORDS_BYTES = 8 * 1024
"""Of a form: 300 characters of any script, each as twelve characters of a form, are 3.6 KB."""

MAX_FIELDS = 4
"""Of a form; ours have one."""

AnyRequest = Request[object, object, State]


class WordsForDriver(msgspec.Struct):
    """What the driver is to know; empty takes it back."""

    text: str


class MessagesWanted(msgspec.Struct):
    """Whether messages are wanted."""

    wanted: bool


Said = TypeVar("Said", WordsForDriver, MessagesWanted)


@post("/t/{token:str}/instructions", include_in_schema=False, request_max_body_size=MAX_WORDS_BYTES)
async def write_instructions(parts: Parts, request: AnyRequest, token: FromPath[str]) -> AnyResponse:
    """Keep words for the driver, until the van is there. 409 `too_late` then; 400 `bad_body` if they are too long."""
    visit = await visit_of(parts, request, token)
    if not isinstance(visit, Visit):
        return visit
    said = await _said(request, WordsForDriver)
    text = " ".join(said.text.split())
    if len(text) > MOST_CHARACTERS:
        return await _too_long(visit, request, text)
    if visit.told.delivery.stage in WRITABLE:
        link = visit.link
        instruction = Instruction(link.fleet, link.order, text, parts.clock.now_ms())
        await parts.customers.instructions.write(visit.told.key, visit.told.stop, instruction)
    elif _is_json(request):
        raise ApiError(HTTPStatus.CONFLICT, "too_late", "the van was there already")
    return _done(visit, request, WordsForDriver(text))


@post("/t/{token:str}/messages", include_in_schema=False, request_max_body_size=MAX_WORDS_BYTES)
async def choose_messages(parts: Parts, request: AnyRequest, token: FromPath[str]) -> AnyResponse:
    """Send no more messages to whom the delivery is for, or send them again; answer what holds then.

    Nobody can opt out who has no number or address that a message could go to.
    """
    visit = await visit_of(parts, request, token)
    if not isinstance(visit, Visit):
        return visit
    said = await _said(request, MessagesWanted)
    outs, fleet, contacts = parts.customers.opt_outs, visit.link.fleet, visit.told.contacts
    if said.wanted:
        await outs.opt_in(fleet, contacts)
    else:
        await outs.opt_out(fleet, contacts, parts.clock.now_ms())
    return _done(visit, request, MessagesWanted(not await outs.opted_out(fleet, contacts)))


async def _said(request: AnyRequest, kind: type[Said]) -> Said:
    """Return the request's body as `kind`. Raises `ApiError`: 400 `bad_body`."""
    if _is_json(request):
        return await read_json(request, kind)
    try:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS))
        return msgspec.convert(fields, kind, strict=False)
    except ValueError as error:  # msgspec's and the decoder's are such, too
        raise bad_body(str(error)) from error


def _is_json(request: AnyRequest) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


async def _too_long(visit: Visit, request: AnyRequest, text: str) -> AnyResponse:
    if _is_json(request):
        raise bad_body(f"{len(text)} characters, at most {MOST_CHARACTERS} are taken")
    return await page_of(visit, too_long=text, status=HTTPStatus.BAD_REQUEST)


def _done(visit: Visit, request: AnyRequest, said: WordsForDriver | MessagesWanted) -> AnyResponse:
    """Lead a form's sender back to the page, so that a reload does not send it again; answer JSON with JSON."""
    headers = headers_of(visit.parts.customers)
    if _is_json(request):
        return Response(
            msgspec.json.encode(said), headers=headers, media_type="application/json", status_code=HTTPStatus.OK
        )
    return Response("", headers={**headers, "Location": PATH + visit.token}, status_code=HTTPStatus.SEE_OTHER)
