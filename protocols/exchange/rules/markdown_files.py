"""A text as Markdown with front matter: one file a language, one mark before each part.

What is written is read back as the same draft, to the letter; YAML's surprises (a Norwegian `no`,
dates, aliases) cannot happen, since every value is read as the characters that stand there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec
import yaml

from protocols.exchange.errors import NotAText
from protocols.exchange.rules.texts import (
    ExchangedText,
    Facts,
    Translated,
    TranslationFacts,
    WrittenPart,
    draft_of,
    facts_of,
)
from protocols.items.rules.drafts import DraftBlock

TWO_FILES = "There are two files in %(name)s."
FENCE = "---\n"
PART = re.compile(r"^(\\*)<!-- part( locked)? -->$", re.MULTILINE)
LINE_ENDS = re.compile("[\x85\u2028\u2029]")
LONGEST_HEAD = 60_000
DEEPEST = 4
Head = TypeVar("Head", Facts, TranslationFacts)


def written(text: ExchangedText) -> dict[str, str]:
    """Write a text as one file for each language; the source language's has all the facts."""
    draft = text.draft
    files = {draft.source_language: _file(facts_of(draft), draft.blocks)}
    for language, translated in text.translations.items():
        head = TranslationFacts(
            language=language,
            title=translated.title,
            question=translated.question,
            keywords=list(translated.keywords),
        )
        parts = [DraftBlock(said) for said in translated.texts]
        files[language] = _file(head, parts)
    return files


def _file(head: msgspec.Struct, parts: Sequence[DraftBlock]) -> str:
    told = msgspec.to_builtins(head)
    front = yaml.safe_dump(
        told,
        # rare line ends would be folded like common ones, unless they are written as escapes
        allow_unicode=LINE_ENDS.search(str(msgspec.json.encode(told), "utf-8")) is None,
        sort_keys=False,
        width=100,
    )
    body = "".join(
        f"\n<!-- part{' locked' if part.locked else ''} -->\n{_escaped(part.text)}\n"
        for part in parts
    )
    return f"{FENCE}{front}{FENCE}{body}"


def _escaped(text: str) -> str:
    """Keep a line that looks like a mark from being one."""
    return PART.sub(lambda found: f"\\{found[0]}", text)


def read_source(file: str) -> tuple[Facts, list[WrittenPart]]:
    """Read the file of the source language."""
    head, parts = _read(file, Facts)
    return head, parts


def read_translation(file: str) -> tuple[TranslationFacts, list[WrittenPart]]:
    """Read the file of another language."""
    return _read(file, TranslationFacts)


def together(source: str, others: Mapping[str, str] | Sequence[str] = ()) -> ExchangedText:
    """Make one text of its files: the source language's, and any others'."""
    facts, parts = read_source(source)
    translations: dict[str, Translated] = {}
    for other in others.values() if isinstance(others, Mapping) else others:
        head, said = read_translation(other)
        if head.language in translations or head.language == facts.language:
            raise NotAText(TWO_FILES % {"name": repr(head.language)})
        translations[head.language] = Translated(
            title=head.title,
            question=head.question,
            keywords=head.keywords,
            texts=[part.text for part in said],
        )
    return ExchangedText(draft=draft_of(facts, parts), translations=translations)


def is_source(file: str) -> bool:
    """Tell the file of the source language, which says what the text is, from a translation's."""
    return "\nkind:" in file[:LONGEST_HEAD].partition("\n---\n")[0]


def _read(file: str, kind: type[Head]) -> tuple[Head, list[WrittenPart]]:
    file = _line_ends(file)
    front, fence, body = file.removeprefix(FENCE).partition(f"\n{FENCE}")
    if not file.startswith(FENCE) or not fence:
        raise NotAText("It has no front matter between two lines of three dashes.")
    return _head(f"{front}\n", kind), _parts(body)


def _line_ends(file: str) -> str:
    """Read a file that Windows has saved; one with both kinds of line ends means what it says."""
    file = file.removeprefix("\ufeff")
    return file.replace("\r\n", "\n") if file.count("\n") == file.count("\r\n") else file


def _head(front: str, kind: type[Head]) -> Head:
    if len(front) > LONGEST_HEAD:
        raise NotAText("Its front matter is too long.")
    try:
        _require_plain(front)
        said = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 -- gives text and nothing else
        return msgspec.convert(said, kind, strict=False)
    except msgspec.ValidationError as error:
        raise NotAText(f"Its front matter: {str(error).strip('.')}.") from error
    except (yaml.YAMLError, ValueError) as error:
        # ValueError where an escape names a character beyond the last there is
        raise NotAText("Its front matter is not YAML.") from error


def _require_plain(front: str) -> None:
    """Refuse what makes little YAML into much or deep: parts with names, used elsewhere."""
    depth = 0
    for event in yaml.parse(front, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise NotAText("Its front matter uses names for parts of itself.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise NotAText("Its front matter is nested too deeply.")


def _parts(body: str) -> list[WrittenPart]:
    marks = [mark for mark in PART.finditer(body) if not mark[1]]
    if not marks:
        return [WrittenPart(text=body.strip("\n"))] if body.strip() else []
    ends = [*(mark.start() for mark in marks[1:]), len(body)]
    parts = []
    for mark, end in zip(marks, ends, strict=True):
        text = body[mark.end() + 1 : end].removesuffix("\n")
        if end < len(body):  # the empty line before the next mark
            text = text.removesuffix("\n")
        parts.append(WrittenPart(text=_unescaped(text), locked=bool(mark[2])))
    return parts


def _unescaped(text: str) -> str:
    return PART.sub(lambda found: found[0][1:] if found[1] else found[0], text)
