"""What becomes of a text that is to come in, and what its reader should look at first."""

from collections.abc import Iterator
from enum import StrEnum

from federation.errors import Reason
from protocols.exchange.rules.texts import ExchangedText, Translated
from protocols.items.rules.drafts import (
    MOST_LANGUAGES,
    reasons_against,
    reasons_against_variant,
    too_many,
)
from protocols.screening.rules import PART, Passage, example_passages, wording_passages

OTHER_PARTS = "The words in %(language)s have not the same parts."
LANGUAGE_TWICE = "%(language)s is there twice."


class IncomingFate(StrEnum):
    """What an import does with one text."""

    NEW = "new"
    """It becomes a draft."""
    THERE = "there"
    """The project has a text of this kind and title already, and that one stays."""
    REFUSED = "refused"


def reasons_for(text: ExchangedText) -> list[Reason]:
    """Give every reason why a text cannot become a draft as it is."""
    draft = text.draft
    declared = {gap.name for gap in draft.placeholders}
    reasons = reasons_against(draft)
    if len(text.translations) >= MOST_LANGUAGES:
        reasons.append(too_many(MOST_LANGUAGES, "languages"))
    for language, said in text.translations.items():
        if len(said.texts) != len(draft.blocks):
            reasons.append(Reason("parts-differ", OTHER_PARTS % {"language": language}))
        if language == draft.source_language:
            reasons.append(Reason("source-language", LANGUAGE_TWICE % {"language": language}))
        lines = [said.title, said.question or "", *said.keywords]
        parts = {str(number): words for number, words in enumerate(said.texts)}
        reasons += reasons_against_variant(language, lines, parts, {*parts}, declared)
    return reasons


def passages_in(text: ExchangedText) -> Iterator[Passage]:
    """Give everything in a text that readers see, to be screened before anybody approves it."""
    draft = text.draft
    source = Translated(
        title=draft.title,
        texts=[part.text for part in draft.blocks],
        question=draft.question,
        keywords=draft.keywords,
    )
    for language, said in {draft.source_language: source, **text.translations}.items():
        tag = "" if said is source else f" ({language})"
        yield from wording_passages(said.title, said.question, said.keywords, tag, language)
        for number, words in enumerate(said.texts, 1):
            yield Passage(PART % {"number": number} + tag, words, language)
    for gap in draft.placeholders:
        yield from example_passages(gap.name, gap.type, gap.example, draft.source_language)
