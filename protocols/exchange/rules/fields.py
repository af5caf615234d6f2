"""Gaps on their way into a tool: values go in, names become the tool's own variables."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from protocols.exchange.rules.fates import Held, Warned
from protocols.releases.rules import Gap

_FIELD = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters without a meaning; stand for variables here
_FIRST = 0xE000

VISITOR = frozenset({"name", "visitor", "visitor_name"})
"""What a gap is called that the worker fills with the name of whoever wrote."""
WORKER = frozenset({"worker", "worker_name", "operator", "your_name", "your_display_name"})
"""And what it is called where it is the worker who is named."""
OPEN = "%(gap)s is still open. Give it a value."
UNSEEN = "Nothing of it would be seen in %(tool)s."
OBEYED = "It holds %(name)s, which %(tool)s would not show but obey. Word it otherwise."
BY_HAND = "The tool cannot fill %(name)s: whoever sends it replaces the words in (( ))."
OPERATOR = "It shows the name that the person has in %(tool)s: see that it is no real name."


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """How one tool writes the two names, and which characters it would read as a program."""

    tool: str
    visitor: str
    worker: str
    danger: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its values in; `marks` stand where the tool's variables will.

    `open` are gaps that the project has to fill and has not.
    """

    text: str
    marks: Mapping[str, str] = field(default_factory=dict)
    warned: Sequence[Warned] = ()
    open: Sequence[str] = ()


def filled_for(
    markdown: str, values: Mapping[str, str], gaps: Mapping[str, Gap], tool: Variables
) -> Filled:
    """Fill a text for one tool; a value is never read for gaps itself."""
    marks: dict[str, str] = {}
    by_hand: dict[str, None] = {}
    open_: dict[str, None] = {}

    def put(match: re.Match[str]) -> str:
        name = match[1]
        gap = gaps.get(name)
        if gap is None or gap.filled_by == "project":
            if name not in values:
                open_[name] = None
            return values.get(name, match[0])
        variable = tool.visitor if name in VISITOR else tool.worker if name in WORKER else None
        if variable is None:
            by_hand[name] = None
            return f"(( {name.replace('_', ' ')} ))"
        return marks.setdefault(variable, chr(_FIRST + len(marks)))

    text = _FIELD.sub(put, _PRIVATE.sub("\ufffd", markdown))
    warned = [*_by_hand(by_hand), *(_shows_operator(tool) if tool.worker in marks else ())]
    return Filled(text, {mark: variable for variable, mark in marks.items()}, warned, [*open_])


def finished(filled: Filled, laid_out: str, tool: Variables) -> str | Held:
    """Put the tool's variables into the text as it will be, or tell what it would do there.

    What looks like a variable of the tool's and is none would be obeyed, not shown.
    """
    if filled.open:
        return Held("unresolved-field", OPEN % {"gap": f"{{{{{filled.open[0]}}}}}"})
    if not laid_out.strip():
        return Held("no-words", UNSEEN % {"tool": tool.tool})
    found = tool.danger.search(laid_out)
    if found:
        return Held(
            "read-as-program",
            OBEYED % {"name": repr(found[0]), "tool": tool.tool},
        )
    for mark, variable in filled.marks.items():
        # within an address it is written in per cent by now
        laid_out = laid_out.replace(mark, variable).replace(quote(mark), variable)
    return laid_out


def _by_hand(names: Iterable[str]) -> Iterator[Warned]:
    for name in names:
        yield Warned(
            "fill-by-hand",
            BY_HAND % {"name": repr(name)},
        )


def _shows_operator(tool: Variables) -> Iterator[Warned]:
    yield Warned(
        "shows-operator",
        OPERATOR % {"tool": tool.tool},
    )
