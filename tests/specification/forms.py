"""In which words the page says what form a field has; they come from the shape itself."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct, inspect

from api.peers.wire import Granted, Kind, Subject
from federation.feeds.rules.heads import Epoch
from federation.partners.rules.document import Address, Line, NodeId
from federation.partners.tokens.rules import Jti
from federation.pools.stated import Amount, Slug
from protocols.releases.rules import NUMBER, Urn
from tests.specification.shapes import NAMES


def _pattern(kind: Any) -> str:
    told = inspect.type_info(kind)
    assert isinstance(told, inspect.StrType)
    assert told.pattern is not None
    return told.pattern


BY_PATTERN = {
    _pattern(Address): "address",
    _pattern(Amount): "amount",
    _pattern(Epoch): "epoch",
    _pattern(Jti): "text of 1 to 200 signs of ASCII, no space",
    _pattern(Kind): " ".join(f"`{kind}`" for kind in _pattern(Kind)[3:-3].split("|")),
    _pattern(Line): "text of 1 to 100, no control signs",
    _pattern(NodeId): "node id",
    _pattern(Slug): "slug",
    _pattern(Subject): "id or node id",
    _pattern(Urn): "urn",
    _pattern(Granted): "text",
    r"\A([A-Za-z0-9_-]{16})?\Z": "text of 16 or none",
    NUMBER: "number",
    r"^[0-9a-f]{64}\Z": "hash",
    r"\A([01][0-9]|2[0-3]):[0-5][0-9]\Z": "time of day",
}


def forms(shape: type[Struct]) -> dict[str, str]:
    """Give each field of a shape with its form; what may be left out says so."""
    told = inspect.type_info(shape)
    assert isinstance(told, inspect.StructType)
    return {field.encode_name: _field(field) for field in told.fields}


def _field(field: inspect.Field) -> str:
    form = _form(field.type)
    return form if field.required else f"{form}, may be absent"


def _form(told: Any) -> str:
    if isinstance(told, inspect.UnionType):
        kept = [one for one in told.types if not isinstance(one, inspect.NoneType)]
        kept = [one for one in kept if "Unset" not in type(one).__name__]
        words = " or ".join(_form(one) for one in kept)
        return f"{words} or null" if told.includes_none else words
    return _plain(told)


def _plain(told: Any) -> str:
    return _BY_TYPE[type(told)](told)


def _text(told: inspect.StrType) -> str:
    if told.pattern in BY_PATTERN:
        return BY_PATTERN[told.pattern]
    assert told.pattern is None, told.pattern
    if told.max_length is None:
        return "text"
    return f"text of {told.min_length or 0} to {told.max_length}"


def _integer(told: inspect.IntType) -> str:
    if told.ge is None:
        return "integer"
    return (
        f"integer from {told.ge} to {told.le}" if told.le is not None else f"integer from {told.ge}"
    )


def _list(told: inspect.ListType) -> str:
    form = f"list of {_form(told.item_type)}"
    if told.max_length is None:
        return form
    return f"{form}, {told.min_length or 0} to {told.max_length} of them"


def _literal(told: inspect.LiteralType) -> str:
    return " ".join(f"`{value}`" for value in told.values)


def _object(told: inspect.DictType) -> str:
    return f"object of {_form(told.key_type)} to {_form(told.value_type)}"


_BY_TYPE: dict[type, Callable[[Any], str]] = {
    inspect.AnyType: lambda _: "anything",
    inspect.BoolType: lambda _: "boolean",
    inspect.DateTimeType: lambda _: "moment",
    inspect.DateType: lambda _: "day",
    inspect.DictType: _object,
    inspect.IntType: _integer,
    inspect.ListType: _list,
    inspect.LiteralType: _literal,
    inspect.StrType: _text,
    inspect.StructType: lambda told: f"*{NAMES[told.cls]}*",
    inspect.UUIDType: lambda _: "id",
}
