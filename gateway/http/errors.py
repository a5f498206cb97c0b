"""All errors of the API have one shape: `{"error": {"code": …, "detail": …}}`."""

from http import HTTPStatus

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException

from gateway.ports import JournalUnavailable, OperationsAway, StateUnavailable

log = structlog.get_logger(__name__)


class ErrorBody(msgspec.Struct, omit_defaults=True):
    """A stable code for programs, and words for a person; `reason` is a finer code where a code has several.

    `begin` and `end` (Unix ms) are the shift outside of which a driver is not followed.
    """

    code: str
    detail: str
    reason: str | None = None
    begin: int | None = None
    end: int | None = None


class ErrorAnswer(msgspec.Struct):
    """The body of every answer that is not a success."""

    error: ErrorBody


class ApiError(Exception):
    """An answer that is an error: raised by a handler or a guard."""

    def __init__(self, status: HTTPStatus, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        """Keep what the answer is made of."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers


AnyRequest = Request[object, object, State]


def answer(status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> Response[ErrorAnswer]:
    """Return an error as a response."""
    return Response(ErrorAnswer(ErrorBody(code, detail)), status_code=status, headers=headers)


def on_api_error(_request: AnyRequest, error: ApiError) -> Response[ErrorAnswer]:
    """Answer as the handler said."""
    return answer(error.status, error.code, error.detail, error.headers)


def on_http_error(_request: AnyRequest, error: HTTPException) -> Response[ErrorAnswer]:
    """Answer what the framework found: no such path, a wrong method, a bad parameter, a body that is too large."""
    status = HTTPStatus(error.status_code)
    if isinstance(error, ValidationException):
        return answer(status, "bad_parameter", _first_problem(error))
    return answer(status, status.phrase.lower().replace(" ", "_"), error.detail, error.headers)


def on_journal_away(_request: AnyRequest, error: JournalUnavailable) -> Response[ErrorAnswer]:
    """Answer 503: the journal cannot be read now."""
    return _away("journal_unavailable", error)


def on_operations_away(_request: AnyRequest, error: OperationsAway) -> Response[ErrorAnswer]:
    """Answer 503: plans, people's details and links cannot be read or written now."""
    return _away("operations_unavailable", error)


def on_state_away(_request: AnyRequest, error: StateUnavailable) -> Response[ErrorAnswer]:
    """Answer 503: stored states cannot be read now."""
    return _away("state_unavailable", error)


def on_unexpected(request: AnyRequest, error: Exception) -> Response[ErrorAnswer]:
    """Answer 500 without giving anything away; the log has the cause."""
    log.error("a request failed", method=request.method, path=request.url.path, exc_info=error)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "the gateway's log has the cause")


def _away(code: str, error: Exception) -> Response[ErrorAnswer]:
    return answer(HTTPStatus.SERVICE_UNAVAILABLE, code, str(error), {"Retry-After": "5"})


def _first_problem(error: ValidationException) -> str:
    problems = error.extra if isinstance(error.extra, list) else []
    return "; ".join(
        f"{problem.get('key', 'request').rstrip('_')}: {problem.get('message', '')}" for problem in problems
    ) or str(error.detail)
