"""Words as people type them: without accents, in any case, with a slip of a finger."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "nb": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""What PostgreSQL 15 knows of languages: how words end, and which ones say nothing."""

LETTERS = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ħ": "h",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "ŧ": "t",
    }
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not take for others with a mark, and people in a hurry do."""

WORD = re.compile(r"[^\W_]+")
MOST_ASKED = 8
LONGEST_WORD = 40
SHORTEST_MENDED = 4
MENDED_TO = 5
ALIKE = 0.75
MOST_BEGUN = 12
"""Of more known words that begin with what was typed, PostgreSQL compares the beginnings."""


def configuration(language: str) -> str:
    """Name PostgreSQL's rules for a language; `simple` takes words as they are."""
    return CONFIGURATIONS.get(language.split("-", maxsplit=1)[0].lower(), "simple")


def folded(text: str) -> str:
    """Write a text without accents and capitals, as people in a hurry do."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(LETTERS)


def words_of(text: str) -> list[str]:
    """Give a text's words, folded, in their order."""
    return [word[:LONGEST_WORD] for word in WORD.findall(folded(text))]


def asked_words(text: str) -> list[str]:
    """Give the words of a question to the search, each once, and not too many."""
    return list(dict.fromkeys(words_of(text)))[:MOST_ASKED]


def as_typed(text: str) -> dict[str, str]:
    """Give each word of a question as it was typed, by how it is compared."""
    typed: dict[str, str] = {}
    for word in _whole_words(text):
        typed.setdefault(folded(word)[:LONGEST_WORD], word[:LONGEST_WORD])
    return typed


def without_accents(text: str) -> str:
    """Give the words of a text that have accents, without them.

    A language's rules cut another ending off, so they are found by either way of writing.
    """
    if text.isascii():
        return ""
    return " ".join(
        folded(word)[:LONGEST_WORD] for word in _whole_words(text) if folded(word) != word
    )


def _whole_words(text: str) -> list[str]:
    return WORD.findall(unicodedata.normalize("NFC", text.casefold()))


def slips(word: str) -> list[str]:
    """Give what may be meant by a word too short for guessing: neighbours changed over, or one."""
    if not word.isalpha() or len(word) > SHORTEST_MENDED:
        return []
    over = swapped(word) if len(word) == SHORTEST_MENDED - 1 else []
    one = [word[:-1]] if word.endswith("s") and len(word) >= SHORTEST_MENDED - 1 else []
    return [*over, *one]


def worth_learning(words: Iterable[str]) -> set[str]:
    """Keep the words that somebody could mistype."""
    return {word for word in words if len(word) >= SHORTEST_MENDED and not word.isdecimal()}


def spelt(word: str) -> str:
    """Write a word in ASCII: PostgreSQL sees no other letters where its locale is C."""
    return "".join(sign if sign.isascii() else f"{ord(sign):x}" for sign in word)


def swapped(word: str) -> list[str]:
    """Give a word with two neighbours changed over, the slip that trigrams of a short one miss."""
    return [f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}" for at in range(len(word) - 1)]


def meant(word: str, known: Collection[str]) -> list[str]:
    """Choose what somebody may have meant, from words that look alike."""
    return get_close_matches(word, known, n=MENDED_TO, cutoff=ALIKE)


class Forms(NamedTuple):
    """How else a word is written: by the rules of languages, and the known ones that begin so."""

    stems: Collection[str]
    begun: Collection[str]


def lexemes(words: Iterable[str], forms: Mapping[str, Forms]) -> list[str]:
    """Write words as parts of PostgreSQL's query language, each once: PostgreSQL looks up twice."""
    found = {part: None for word in words for part in _written(word, forms[word])}
    return list(found)


def _written(word: str, forms: Forms) -> Iterator[str]:
    """Name the known words that begin so; only where that cannot be is each compared.

    PostgreSQL finds a whole word twice as fast as all that begins so.
    """
    all_known = len(word) >= SHORTEST_MENDED - 1 and not word.isdecimal()
    if all_known and len(forms.begun) <= MOST_BEGUN:
        yield from (f"'{one}'" for one in (word, *sorted(forms.begun)))
    else:
        yield f"'{word}':*"
    for stem in sorted(forms.stems):
        quoted = stem.replace("\\", "\\\\").replace("'", "''")
        yield f"'{quoted}'"


def one_of(words: Iterable[Iterable[str]]) -> str:
    """Ask for any part of any word."""
    return " | ".join(dict.fromkeys(part for parts in words for part in parts))


def all_of(words: Iterable[Iterable[str]]) -> str:
    """Ask for some part of each word."""
    return " & ".join(f"({one_of([parts])})" for parts in words)
