"""Which translations still say what their source says."""

from collections.abc import Mapping
from typing import Protocol

from protocols.history.rules.written import Wording
from protocols.items.rules.drafts import source_hash


class Worded(Protocol):
    """Anything with wordings by language: a saved state or a release."""

    @property
    def variants(self) -> Mapping[str, Wording]:
        """The wordings by language."""

    @property
    def source_language(self) -> str:
        """The language that the others translate."""

    @property
    def source(self) -> Wording:
        """The wording in that language."""


def is_stale(text: Worded, language: str) -> bool:
    """Tell whether a language's words were translated from other words than the source has now."""
    wording = text.variants.get(language)
    if wording is None or language == text.source_language:
        return False
    return wording.source != source_hash(text.source.texts).hex()


def stale_languages(text: Worded) -> list[str]:
    """Name the languages whose translation has to be looked at again."""
    return sorted(language for language in text.variants if is_stale(text, language))
