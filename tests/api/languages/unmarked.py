"""Finds words in a template that nobody could translate, since they are not marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

from api.languages.templates import I18N, speak

MARKING = {"_", "gettext", "ngettext"}
READ_ALOUD = {"title", "aria-label", "placeholder", "alt", "data-words"}
NOT_READ = {"code", "script", "style"}
WORD = re.compile(r"[^\W\d_]{2}")
SENTENCE = re.compile(r"^[A-Z][a-z]|[a-z] [a-z]")
"""What in an expression is for people: other texts there are keys and formats."""

VALUE = "\N{CURRENCY SIGN}"


class Words(HTMLParser):
    """Gathers what a page would show or read aloud by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within.append(tag)
        spoken = [value or "" for name, value in attrs if name in READ_ALOUD]
        self.found += filter(is_word, spoken)

    def handle_endtag(self, tag: str) -> None:
        while tag in self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if is_word(data) and not NOT_READ.intersection(self.within):
            self.found.append(data.strip())


def is_word(text: str) -> bool:
    return WORD.search(text) is not None


def calls(expression: nodes.Node) -> str:
    name = expression.node if isinstance(expression, nodes.Call) else None
    return name.name if isinstance(name, nodes.Name) else ""


def sentences(expression: nodes.Node) -> Iterator[str]:
    """List the texts for people within an expression; what is passed to `_` is marked."""
    if calls(expression) in MARKING:
        return
    value = expression.value if isinstance(expression, nodes.Const) else None
    if isinstance(value, str) and SENTENCE.search(value):
        yield value
    for child in expression.iter_child_nodes():
        yield from sentences(child)


def guessed(template: nodes.Template) -> list[str]:
    """List calls of `_` with something else than a text: what a value holds is not HTML of ours."""
    return [
        repr(call)
        for call in template.find_all(nodes.Call)
        if calls(call) in MARKING and not isinstance(call.args[0], nodes.Const)
    ]


def unmarked(source: str) -> list[str]:
    """List every text of a template that is not marked."""
    template = speak(Environment(extensions=[I18N], autoescape=True)).parse(source)
    words, found = Words(), guessed(template)
    for output in template.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                words.feed(part.data)
            else:
                words.feed(VALUE)
                found += sentences(part)
    words.close()
    return found + words.found
