"""How hard a text is to read, by a measure that fits its language, and what would ease it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

import pyphen
from markdown_it import MarkdownIt

from protocols.history.rules.written import Written
from protocols.readability.rules.plain_words import PLAIN_WORDS

LONG_SENTENCE = 20
"""Words; longer ones are hard to follow on a phone."""
HARD_SYLLABLES = 5
LIX_LETTERS = 6
MOST_HINTS = 12
SHOWN_WORDS = 6

TWO_SENTENCES = "A sentence of %(number)s words. Make two of it."
SAY_RATHER = "Perhaps say “%(name)s”."
LONG_WORD = "A long word. Is there a shorter one?"

Band = Literal["very easy", "easy", "not easy", "hard", "very hard"]
BANDS = get_args(Band)
_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_GAP = re.compile(r"\{\{[a-z0-9_]+\}\}")
_END = re.compile("[.!?…]+[\"'”\u2019)]*(?=\\s|$)|:\\s*$")
_WORD = re.compile("[^\\W\\d_]+(?:['\u2019-][^\\W\\d_]+)*|\\d[\\d.,:]*")
DICTIONARIES = {"en": "en_GB", "nl": "nl_NL", "ro": "ro_RO"}


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that would make a text easier; `words` are the ones that it is about."""

    code: str
    words: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads; `score` is of `scale`, `band` says it in words, or nothing of no text."""

    scale: str
    score: int
    band: Band | Literal[""]
    words: int
    sentences: int
    hints: Sequence[Hint]


def measure(markdown: str, language: str) -> Reading:
    """Measure a text: Flesch for English, Douma's form of it for Dutch, LIX for all others."""
    sentences = [words for text in _sentences(markdown) if (words := _WORD.findall(text))]
    words = [word for sentence in sentences for word in sentence]
    tongue = language.split("-", maxsplit=1)[0]
    hints = tuple(_hints(sentences, words, tongue))[:MOST_HINTS]
    if not words:
        return Reading("", 0, "", 0, 0, hints)
    average = len(words) / len(sentences)
    if tongue in _EASE:
        start, by_sentence, by_word = _EASE[tongue]
        syllables = sum(_syllables(word, tongue) for word in words) / len(words)
        ease = round(start - by_sentence * average - by_word * syllables)
        return Reading(_SCALES[tongue], ease, _of_ease(ease), len(words), len(sentences), hints)
    long = sum(len(word) > LIX_LETTERS for word in words)
    lix = round(average + 100 * long / len(words))
    return Reading("LIX", lix, _of_lix(lix), len(words), len(sentences), hints)


def readings_of(written: Written) -> dict[str, Reading]:
    """Measure a text in each of its languages, the one that it was written in first."""
    others = sorted(written.variants.keys() - {written.source_language})
    return {
        language: measure(
            "\n\n".join(
                written.variants[language].texts.get(str(part.id), "") for part in written.blocks
            ),
            language,
        )
        for language in (written.source_language, *others)
    }


_EASE = {"en": (206.835, 1.015, 84.6), "nl": (206.84, 0.93, 77.0)}
_SCALES = {"en": "Flesch reading ease", "nl": "Flesch-Douma"}


def _of_ease(score: int) -> Band:
    bands: tuple[tuple[int, Band], ...] = (
        (80, "very easy"),
        (60, "easy"),
        (50, "not easy"),
        (30, "hard"),
    )
    return next((band for least, band in bands if score >= least), "very hard")


def _of_lix(score: int) -> Band:
    bands: tuple[tuple[int, Band], ...] = (
        (30, "very easy"),
        (40, "easy"),
        (50, "not easy"),
        (60, "hard"),
    )
    return next((band for most, band in bands if score < most), "very hard")


def _sentences(markdown: str) -> Iterator[str]:
    """Give sentences; a heading or a point of a list is one also without its full stop."""
    for token in _MARKDOWN.parse(_GAP.sub("here", markdown)):
        if token.type == "inline" and token.children:
            text = "".join(
                " " if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children
            )
            yield from _END.split(text)


def _syllables(word: str, tongue: str) -> int:
    if word[0].isdigit():
        return 1
    return len(_hyphens(tongue).positions(word.lower())) + 1


@cache
def _hyphens(tongue: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=DICTIONARIES[tongue], left=1, right=1)


def _hints(sentences: Sequence[Sequence[str]], words: Sequence[str], tongue: str) -> Iterator[Hint]:
    for sentence in sentences:
        if len(sentence) > LONG_SENTENCE:
            yield Hint(
                "long-sentence",
                " ".join(sentence[:SHOWN_WORDS]),
                TWO_SENTENCES % {"number": len(sentence)},
            )
    seen = {word.lower() for word in words}
    text = f" {' '.join(words).lower()} "
    for hard, plain in PLAIN_WORDS.get(tongue, {}).items():
        if f" {hard} " in text:
            yield Hint("plain-word", hard, SAY_RATHER % {"name": plain})
    if tongue in DICTIONARIES:
        for word in sorted(seen):
            if _syllables(word, tongue) >= HARD_SYLLABLES:
                yield Hint("long-word", word, LONG_WORD)
