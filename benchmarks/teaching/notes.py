"""What the model of the screen is taught with: notes in which personal data are marked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po
from wordfreq import top_n_list

from federation.screen.meaning.reader import KINDS

ROOT = Path(__file__).parents[2]
MARKED = re.compile(r"\[([npehucid]):((?:[^\[\]]|\[(?:at|dot)\])*)\]")
MARKS = {
    "n": "name",
    "h": "handle",
    "p": "phone",
    "e": "email",
    "u": "url",
    "c": "postcode",
    "i": "id-number",
    "d": "date-of-birth",
}
FOLDER = "benchmarks/taught_notes"
NEWEST = frozenset(("evenings", "lookalikes", "places", "contrasts"))
"""What the file that is there was taught on with; the other files it was made with."""
OURS = {"en": 60_000, "nl": 60_000, "ro": 50_000}
OTHERS = ("de", "fr", "es", "pt", "it", "hu", "pl", "cs", "tr")
"""Names come from these as well."""
WORD = re.compile(r"\S+")
SHORTEST, OF_PAGES = 20, 700
_SETTING = re.compile(r"(?:\s|- )*[a-z_]+: *(?:\S+)?\Z|.*://")
"""A setting of a text that no page shows."""


class Marked(NamedTuple):
    """A note without its marks, what was marked and where, and its language."""

    text: str
    spans: list[tuple[str, int, int]]
    language: str


def notes() -> Iterator[Marked]:
    """Give the notes that are learnt from."""
    yield from newest()
    yield from older()


def newest() -> Iterator[Marked]:
    """Give those that came last."""
    for file in _files(newest=True):
        yield from marked(file)


def older() -> Iterator[Marked]:
    """Give those that were there before, and our pages."""
    for file in _files(newest=False):
        yield from marked(file)
    yield from pages()


def _files(*, newest: bool) -> list[Path]:
    files = sorted((ROOT / FOLDER).glob("*.txt"))
    return [file for file in files if (file.stem[3:] in NEWEST) is newest]


def pages() -> Iterator[Marked]:
    """Give what our pages and the library of texts say, where nobody is named."""
    for file in sorted((ROOT / "protocols/starter/texts").rglob("*.md")):
        language = file.name.split(".")[-2]
        for line in file.read_text(encoding="utf-8").splitlines():
            if len(line) > SHORTEST and not _SETTING.match(line) and "{{" not in line:
                yield Marked(line, [], language)
    for language in ("nl", "ro"):
        with (ROOT / f"api/languages/{language}/LC_MESSAGES/messages.po").open("rb") as opened:
            said = [one for one in read_po(opened, locale=language) if isinstance(one.string, str)]
        for one in said[1 :: len(said) // OF_PAGES]:
            yield Marked(str(one.string), [], language)
            if language == "nl":
                yield Marked(str(one.id), [], "en")


def marked(file: Path) -> Iterator[Marked]:
    """Read a file of notes; its name begins with their language."""
    for line in file.read_text(encoding="utf-8").splitlines():
        yield Marked(*unmarked(line), file.name[:2])


def unmarked(note: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Take the marks out of a note and give what stood in them, and where."""
    text, spans, done = "", [], 0
    for match in MARKED.finditer(note):
        text += note[done : match.start()]
        spans.append((MARKS[match[1]], len(text), len(text) + len(match[2])))
        text += match[2]
        done = match.end()
    return text + note[done:], spans


def known(note: Marked) -> list[tuple[str, int]]:
    """Give the words of a note and of what kind each is, by its place among the kinds."""
    words = []
    for word in WORD.finditer(note.text):
        kinds = [kind for kind, a, b in note.spans if a < word.end() and word.start() < b]
        words.append((word[0], KINDS.index(kinds[0]) if kinds else 0))
    return words


def words() -> Iterator[str]:
    """Give the words of our languages and many of others, as they stand and with a capital."""
    frequent = {word for language, many in OURS.items() for word in top_n_list(language, many)}
    frequent |= {word for language in OTHERS for word in top_n_list(language, 6000)}
    for file in (ROOT / "federation/screen/words/lists").glob("*.txt"):
        frequent |= set(file.read_text(encoding="utf-8").split())
    frequent |= {word for note in notes() for word in note.text.split()}
    return (one for word in sorted(frequent) for one in {word, word.capitalize()})
