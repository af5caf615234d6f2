"""Reads what clients send: JSON strictly by its declared type, and every complaint by its code."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request
from litestar.datastructures import FormMultiDict, State
from litestar.enums import RequestEncodingType
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from api.errors import (
    InvalidRequest,
    MissingField,
    NaiveTime,
    NotJson,
    NotText,
    UnknownField,
    UnsupportedMedia,
    WrongType,
)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time in a body: RFC 3339, with its offset."""

YEARS = range(2000, 2200)
COMPLAINT = re.compile(r"(?P<text>.*?)(?: - at `(?:key in )?\$\.?(?P<field>[^`]*)`)?", re.DOTALL)
NAMED = re.compile(r"field `(?P<name>[^`]*)`")
ENUM = re.compile("(Invalid enum value) .*", re.DOTALL)
"""What follows is the value, which may be about somebody; no refusal repeats it."""
WRONG_KIND = re.compile(r"Expected `[^`]*`, got `|Invalid (UUID|RFC3339|number|base64|enum)")
NUL = re.compile(rb"\\u0000")
NUL_IN_FORM = re.compile(rb"%00|\0")


def complaint(message: str, field: str = "") -> InvalidRequest:
    """Turn msgspec's sentence into a refusal with a code and the place of the mistake."""
    match = COMPLAINT.fullmatch(message)
    text, below = (match["text"], match["field"] or "") if match else (message, "")
    named = NAMED.search(text)
    place = ".".join(part for part in (field, below, named["name"] if named else "") if part)
    if "unknown field" in text:
        return UnknownField(place, "is not a field here.")
    if "missing required" in text:
        return MissingField(place, "is missing.")
    if "timezone component" in text:
        return NaiveTime(place, "has no offset.")
    text = ENUM.sub(r"\1", text)
    kind = WrongType if WRONG_KIND.match(text) else InvalidRequest
    return kind(place, f"{text.strip('.')}.".replace("`", ""))


def is_json(content_type: str) -> bool:
    """Accept JSON and its relatives; a client that names no type is taken at its word."""
    return content_type in {"", "application/json"} or content_type.endswith("+json")


class StrictRequest(Request[Any, Any, State]):
    """Decodes a JSON body straight into the type that its handler declares."""

    async def body(self) -> bytes:
        """Read the body once; a form is held to text as JSON is."""
        body = await super().body()
        if self.content_type[0] == RequestEncodingType.URL_ENCODED and NUL_IN_FORM.search(body):
            raise NotText("", "The form holds a NUL character.")
        return body

    async def form(self) -> FormMultiDict:
        """Read a form, and hold its fields to text; a file may hold anything."""
        form = await super().form()
        if any(isinstance(value, str) and "\0" in value for _, value in form.multi_items()):
            await form.close()
            raise NotText("", "The form holds a NUL character.")
        return form

    async def json(self) -> Any:
        """Read the body once, with no silent conversion from one kind of value to another."""
        if not is_json(self.content_type[0]):
            raise UnsupportedMedia
        body = await self.body()
        if NUL.search(body):
            raise NotText("", "The body holds a NUL character.")
        expected = self.route_handler.parsed_fn_signature.parameters.get("data")
        try:
            return msgspec.json.decode(body, type=expected.annotation if expected else Any)
        except msgspec.ValidationError as error:
            raise complaint(str(error)) from error
        except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
            raise NotJson from error


def _query_names(handler: BaseRouteHandler) -> set[str]:
    fields = handler.parsed_fn_signature.parameters.items()
    kinds = [(name, field.kwarg_definition) for name, field in fields]
    return {kind.name or name for name, kind in kinds if isinstance(kind, QueryParameter)}


def refuse_unknown_query(request: Request[Any, Any, Any]) -> None:
    """Refuse a query parameter that nobody reads, as a body's unknown field is refused."""
    if request.scope["query_string"]:
        known = _query_names(request.route_handler)
        for name in request.query_params:
            if name not in known:
                raise UnknownField(name, "is not a parameter here.")


def require_plannable(field: str, day: date) -> None:
    """Refuse a day so far from ours that no calendar of ours could hold what lies around it."""
    if day.year not in YEARS:
        raise InvalidRequest(field, "must be in the years 2000 to 2199.")


def query_time(field: str, text: str, zone: str) -> datetime:
    """Read a query time: RFC 3339 with offset, or a date, which begins at midnight in `zone`."""
    try:
        if len(text) == len("2027-01-05"):
            return datetime.combine(date.fromisoformat(text), time(), ZoneInfo(zone))
        return msgspec.convert(text.replace(" ", "+"), Moment)
    except ValueError as error:
        raise complaint(str(error), field) from error
