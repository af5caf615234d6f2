"""Texts as one JSON document."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from protocols.exchange.errors import NotAText, TooLarge
from protocols.exchange.rules.texts import (
    ExchangedText,
    Facts,
    Translated,
    TranslationFacts,
    WrittenPart,
    draft_of,
    facts_of,
)

MOST_TEXTS = 2_000
TOO_MANY = "A file may have %(number)s texts."


class WrittenTranslation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text in one more language."""

    facts: TranslationFacts
    parts: list[str]


class WrittenText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text with its parts and translations."""

    facts: Facts
    parts: list[WrittenPart]
    translations: list[WrittenTranslation] = []


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All texts of a file."""

    format: Literal["netreach-texts/1"]
    texts: list[WrittenText]


def written(texts: Sequence[ExchangedText]) -> Iterator[str]:
    """Write texts one by one."""
    yield '{"format": "netreach-texts/1", "texts": [\n'
    between = ""
    for text in texts:
        yield between + msgspec.json.encode(_one(text)).decode()
        between = ",\n"
    yield "\n]}\n"


def _one(text: ExchangedText) -> WrittenText:
    return WrittenText(
        facts=facts_of(text.draft),
        parts=[WrittenPart(text=part.text, locked=part.locked) for part in text.draft.blocks],
        translations=[
            WrittenTranslation(
                facts=TranslationFacts(
                    language=language,
                    title=said.title,
                    question=said.question,
                    keywords=list(said.keywords),
                ),
                parts=list(said.texts),
            )
            for language, said in text.translations.items()
        ],
    )


def read(given: bytes) -> list[ExchangedText]:
    """Read what `written` wrote, or what somebody made in its form."""
    try:
        document = msgspec.json.decode(given, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAText(f"This JSON is not as it has to be: {error}.") from error
    if len(document.texts) > MOST_TEXTS:
        raise TooLarge(TOO_MANY % {"number": MOST_TEXTS})
    return [_read(text) for text in document.texts]


def _read(text: WrittenText) -> ExchangedText:
    return ExchangedText(
        draft=draft_of(text.facts, text.parts),
        translations={
            one.facts.language: Translated(
                title=one.facts.title,
                question=one.facts.question,
                keywords=one.facts.keywords,
                texts=one.parts,
            )
            for one in text.translations
        },
    )
