"""Turns everything that can go wrong into one kind of answer: RFC 9457, or a page for people."""

import re
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.response import Template
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from api.bodies import complaint
from api.errors import (
    FormExpired,
    InvalidRequest,
    MissingField,
    SignInNeeded,
    TooLarge,
    TooMany,
    Unavailable,
)
from api.logs import frames
from federation.errors import NotAllowed, NotFound, Refusal

MEDIA_TYPE = "application/problem+json"
FOR_PROGRAMS = re.compile(r"/(api|fed|schema|health|metrics|\.well-known)(/|$)")
GONE = "is missing."
MEET_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock


class ProblemReason(msgspec.Struct):
    """One reason of a refusal."""

    code: str
    text: str


class Problem(msgspec.Struct, omit_defaults=True):
    """Why a request was not granted (RFC 9457); `code` is stable, `title` is for people."""

    status: int
    code: str
    title: str
    reasons: list[ProblemReason] = []
    field: str = ""


class Failed(Refusal):
    """A fault of ours; what it was stands in the log only."""

    code = "failed"
    title = "Something went wrong here, and nothing was changed. Try again later."
    status = 500


class MethodNotAllowed(Refusal):
    """The address exists, the verb does not."""

    code = "method-not-allowed"
    title = "This address does not do that."
    status = 405


BY_STATUS: dict[int, type[Refusal]] = {
    401: SignInNeeded,
    403: NotAllowed,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    429: TooMany,
    503: Unavailable,
}


def problem_of(refusal: Refusal) -> Problem:
    """Write a refusal down as it goes over the wire."""
    return Problem(
        status=refusal.status,
        code=refusal.code,
        title=refusal.sentence,
        reasons=[ProblemReason(*reason) for reason in refusal.reasons],
        field=refusal.field if isinstance(refusal, InvalidRequest) else "",
    )


def extra_headers(refusal: Refusal) -> dict[str, str]:
    """Add what HTTP wants beside some statuses."""
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(refusal, TooMany):
        return {"Retry-After": str(refusal.seconds)}
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": "5"}
    return {}


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Tell a browser on a page from a program."""
    if FOR_PROGRAMS.match(request.scope["path"]):
        return False
    return "text/html" in request.headers.get("accept", "")


def in_log(refusal: Refusal) -> str:
    """Give the name under which the log says more, where only an operator can help."""
    if refusal.status != HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    return str(structlog.contextvars.get_contextvars().get("request", ""))


def answer(request: Request[Any, Any, Any], refusal: Refusal) -> Response[Any]:
    """Answer a refusal: as a page where a person asked for one, else as a problem."""
    problem, headers = problem_of(refusal), extra_headers(refusal)
    if wants_page(request):
        return Template(
            "problem.html",
            context={
                "problem": problem,
                "asker": request.scope.get("user"),
                "way_back": request.state.get("way_back", "/"),
                "in_log": in_log(refusal),
            },
            status_code=problem.status,
            headers=headers,
        )
    return Response(problem, media_type=MEDIA_TYPE, status_code=problem.status, headers=headers)


def refused(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    """Answer what a rule, an action or the web floor refused."""
    return answer(request, error)


def _first_complaint(first: dict[str, str]) -> Refusal:
    """Name what is wrong with a parameter; Litestar quotes the name alone when it is missing."""
    key, message = first.get("key", ""), first["message"]
    if message != repr(key):
        return complaint(message, key)
    return MissingField("", "The body is missing.") if key == "data" else MissingField(key, GONE)


def refusal_of(error: HTTPException) -> Refusal:
    """Name in our words what Litestar refused."""
    if isinstance(error, ValidationException) and isinstance(error.extra, list) and error.extra:
        return _first_complaint(error.extra[0])
    if error.status_code == HTTPStatus.FORBIDDEN and "CSRF" in error.detail:
        return FormExpired()
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return InvalidRequest("", "The request cannot be read.")
    return BY_STATUS.get(error.status_code, Failed)()


def refused_by_litestar(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what Litestar refused; its own words could quote a secret address, so none is used."""
    refusal = refusal_of(error)
    if refusal.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return failed(request, error)
    response = answer(request, refusal)
    if error.headers and "allow" in error.headers:
        response.headers["Allow"] = error.headers["allow"]
    return response


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of ours without any detail, and log where it happened."""
    structlog.get_logger().error("failed", error=type(error).__name__, frames=frames(error))
    return answer(request, Failed())


def database_failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Tell a database that is away or busy, where trying again helps, from a fault of ours."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    away = isinstance(error, OperationalError | InterfaceError | NoConnectionFree | OSError)
    if not away and state not in MEET_AGAIN:
        return failed(request, error)
    structlog.get_logger().warning("database away", error=type(error).__name__, sqlstate=state)
    return answer(request, Unavailable())


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    HTTPException: refused_by_litestar,
    DBAPIError: database_failed,
    NoConnectionFree: database_failed,
    ConnectionError: database_failed,
    Exception: failed,
}

__all__ = ["HANDLERS", "MEDIA_TYPE", "Problem", "ProblemReason", "problem_of"]
