"""Substitution of `{{declared_name}}`, and nothing more: a text is never a program."""

import re
from collections.abc import Collection, Mapping

NAME = re.compile(r"[a-z][a-z0-9_]*")
_FIELD = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_IN_AN_ADDRESS = re.compile(r"%7B%7B([a-z][a-z0-9_]*)%7D%7D")
_BRACES = re.compile(r"\{\{.*?\}\}|\{\{|\}\}", re.DOTALL)


def fields_in(text: str) -> set[str]:
    """Name every well-formed field of a text."""
    return set(_FIELD.findall(text))


def broken_fields_in(text: str) -> list[str]:
    """Give what looks like a field and is none, such as `{{ Name }}` or a brace left open."""
    return [found for found in _BRACES.findall(text) if not _FIELD.fullmatch(found)]


def fields_of_address(address: str) -> str:
    """Write the fields of an address as fields again: Markdown writes their braces in per cent."""
    return _IN_AN_ADDRESS.sub(r"{{\1}}", address)


def fill(text: str, values: Mapping[str, str], only: Collection[str] | None = None) -> str:
    """Put in the values that there are, in one pass: a value is never read for fields itself."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        asked = only is None or name in only
        return values[name] if asked and name in values else match.group(0)

    return _FIELD.sub(value, text)
