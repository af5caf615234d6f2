"""What in a project's texts could show who somebody is, beside what it has decided to leave."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from federation.errors import Reason
from federation.screen.rules import WORDS, findings
from protocols.history.rules.written import Written

PERSONAL = (
    "%(place)s, characters %(start)s to %(end)s: this looks like %(what)s."
    " Use a placeholder, or say why it may stand there."
)
PART, EXAMPLE = "Part %(number)s", "Example of %(name)s"
LINES = {"title": "Title", "question": "Question", "keyword": "Keyword"}
"""Where in a text words stand, as a sentence about them says it."""

Known = tuple[str, bytes]
"""A kind of finding, and the hash of its words."""


class Passage(NamedTuple):
    """Some words, in a language, and where a reader finds them."""

    place: str
    words: str
    language: str = ""


class Found(NamedTuple):
    """What the screen finds in a passage; `words` never leave the project's own pages."""

    kind: str
    words: str
    hash: bytes
    reason: Reason


def hash_of(project_id: UUID, kind: str, words: str) -> bytes:
    """Name some words, however they are spaced and spelled out, for one project alone."""
    plain = "".join(sign for sign in words.casefold() if sign.isalnum())
    return sha256(f"{project_id} {kind} {plain}".encode()).digest()


def found_in(project_id: UUID, passages: Iterable[Passage]) -> Iterator[Found]:
    """Find what could show who somebody is, with its place."""
    for place, words, language in passages:
        for kind, start, end in findings(words, language):
            said = PERSONAL % {
                "place": place,
                "start": start + 1,
                "end": end,
                "what": WORDS[kind],
            }
            yield Found(
                kind,
                words[start:end],
                hash_of(project_id, kind, words[start:end]),
                Reason(f"personal-data-{kind}", said),
            )


def not_allowed(found: Iterable[Found], allowed: Collection[Known]) -> list[Found]:
    """Leave out what the project has decided to leave."""
    return [one for one in found if (one.kind, one.hash) not in allowed]


def passages_of(written: Written) -> Iterator[Passage]:
    """Give everything in a text that readers see, language by language."""
    for language, said in written.variants.items():
        tag = "" if language == written.source_language else f" ({language})"
        yield from wording_passages(said.title, said.question, said.keywords, tag, language)
        for number, part in enumerate(written.blocks, 1):
            words = said.texts.get(str(part.id), "")
            yield Passage(PART % {"number": number} + tag, words, language)
    for gap in written.placeholders:
        yield from example_passages(gap.name, gap.type, gap.example, written.source_language)


def wording_passages(
    title: str, question: str | None, keywords: Sequence[str], tag: str, language: str
) -> Iterator[Passage]:
    """Give what stands above a text; a question that is its title is looked at once."""
    yield Passage(LINES["title"] + tag, title, language)
    if question and question != title:
        yield Passage(LINES["question"] + tag, question, language)
    for word in keywords:
        yield Passage(LINES["keyword"] + tag, word, language)


def example_passages(name: str, kind: str, example: str, language: str) -> Iterator[Passage]:
    """Give a placeholder's example where it may say anything; a phone's has to look like one."""
    if kind == "text":
        yield Passage(EXAMPLE % {"name": name}, example, language)
