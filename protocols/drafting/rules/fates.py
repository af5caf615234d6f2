"""What becomes of a text that is to come in, and what its reader should look at first."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from federation.errors import Reason
from federation.screen.rules import WORDS, findings
from protocols.exchange.rules.texts import ExchangedText
from protocols.items.rules.drafts import reasons_against, reasons_against_text


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
    for language, said in text.translations.items():
        if len(said.texts) != len(draft.blocks):
            reasons.append(
                Reason("parts-differ", f"The words in {language} have not the same parts.")
            )
        if language == draft.source_language:
            reasons.append(Reason("source-language", f"{language} is there twice."))
        for words in said.texts:
            reasons += reasons_against_text(words, declared)
    return reasons


def personal_data_in(texts: Sequence[str], language: str) -> Iterator[Reason]:
    """Name what looks like somebody, with its place and never its words."""
    for number, text in enumerate(texts, 1):
        for found in findings(text, language):
            yield Reason(
                f"personal-data-{found.kind}",
                f"Part {number}, characters {found.start + 1} to {found.end}: this looks like"
                f" {WORDS[found.kind]}. Use a placeholder, or say why it may stand there.",
            )


def warnings_for(text: ExchangedText) -> list[Reason]:
    """Give what has to be looked at before anybody approves a text."""
    draft = text.draft
    warned = list(personal_data_in([part.text for part in draft.blocks], draft.source_language))
    for language, said in text.translations.items():
        warned += personal_data_in(said.texts, language)
    return warned
