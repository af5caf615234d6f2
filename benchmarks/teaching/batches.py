"""Batches of notes to learn from, each time written a little otherwise."""

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor

from benchmarks.teaching.notes import Marked, known
from federation.screen.meaning.reader import BEGIN, END, Reader

BATCH = 32
MOST = 200
"""Pieces of a note that are learnt from."""
SWAPPED, DRAWN, SMALL, BARE = 0.3, 0.5, 0.15, 0.15
"""How often a name is put for another, a figure drawn, all in small letters, without marks."""
OWN, FOREIGN = 0.6, 0.85
"""Up to these shares a name is another of the same language, or of any; else a word is one."""
TOGETHER = 40
"""As many batches are made at a time, each of notes of like length."""
UNKNOWN = -100
_WORD = re.compile(r"[^\W\d_]{4,10}")
_FIGURES = {"phone", "id-number", "date-of-birth", "postcode"}
_BENT = re.compile(r"(?:ei|ului|i|o)\Z")
"""Names in a case of Romanian, in whose place no other fits as it stands."""


Read = tuple[list[int], list[tuple[int, int, int]]]
"""The pieces of a note, and of each word where its pieces begin and end and its kind."""


class Batch(NamedTuple):
    """Pieces of notes, which of them are there, what each word is made of, what it is."""

    pieces: Tensor
    there: Tensor
    made_of: Tensor
    known: Tensor


@dataclass
class Refreshed:
    """The newest notes, and each time others of the older ones, so that they are not forgotten."""

    newest: Sequence[Marked]
    older: Sequence[Marked]
    chance: random.Random

    def __iter__(self) -> Iterator[Marked]:
        """Give all of the newest and as many of the older."""
        yield from self.newest
        yield from self.chance.sample(self.older, min(len(self.newest), len(self.older)))


@dataclass
class Batches:
    """Draws batches of notes, each time a little otherwise."""

    notes: Iterable[Marked]
    reader: Reader
    chance: random.Random
    cut: dict[str, list[int]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(init=False)
    words: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the names and the words in small letters of each language."""
        notes = list(self.notes)
        languages = sorted({note.language for note in notes})
        self.names = {one: [] for one in languages}
        self.words = {one: [] for one in languages}
        for note in notes:
            parts = [note.text[a:b] for kind, a, b in note.spans if kind == "name"]
            self.names[note.language] += [part for part in parts if part.isalpha()]
            lower = [word for word in _WORD.findall(note.text) if word.islower()]
            self.words[note.language] += lower
        self.names[""] = [name for language in languages for name in self.names[language]]

    def __iter__(self) -> Iterator[Batch]:
        """Give batches without end."""
        while True:
            notes = list(self.notes)
            self.chance.shuffle(notes)
            for begins in range(0, len(notes), BATCH * TOGETHER):
                together = notes[begins : begins + BATCH * TOGETHER]
                read = [self._read(known(self._otherwise(note))) for note in together]
                read.sort(key=lambda one: len(one[0]))
                batches = [read[at : at + BATCH] for at in range(0, len(read), BATCH)]
                self.chance.shuffle(batches)
                yield from map(self._batch, batches)

    def _batch(self, each: Sequence[Read]) -> Batch:
        longest = max(len(pieces) for pieces, _ in each)
        most = max(len(words) for _, words in each)
        batch = Batch(
            torch.zeros(len(each), longest, dtype=torch.long),
            torch.zeros(len(each), longest, dtype=torch.bool),
            torch.zeros(len(each), most, longest),
            torch.full((len(each), most), UNKNOWN),
        )
        for row, (pieces, words) in enumerate(each):
            batch.pieces[row, : len(pieces)] = torch.tensor(pieces)
            batch.there[row, : len(pieces)] = True
            for at, (start, end, kind) in enumerate(words):
                batch.made_of[row, at, start:end] = 1 / (end - start)
                batch.known[row, at] = kind
        return batch

    def _read(self, words: list[tuple[str, int]]) -> Read:
        pieces, places = [BEGIN], []
        for word, kind in words:
            if word not in self.cut:
                self.cut[word] = self.reader.pieces(word)
            if len(pieces) + len(self.cut[word]) > MOST:
                break
            places.append((len(pieces), len(pieces) + len(self.cut[word]), kind))
            pieces += self.cut[word]
        return [*pieces, END], places

    def _otherwise(self, note: Marked) -> Marked:
        """Put other names and figures in a note, and write it as somebody in a hurry does."""
        text, spans, done = "", [], 0
        for kind, start, end in sorted(note.spans, key=lambda span: span[1]):
            text += note.text[done:start]
            part = self._another(kind, note.text[start:end], note.language)
            spans.append((kind, len(text), len(text) + len(part)))
            text += part
            done = end
        text += note.text[done:]
        for share, written in ((SMALL, text.lower()), (BARE, _bare(text))):
            if self.chance.random() < share and len(written) == len(text):
                text = written
        return Marked(text, spans, note.language)

    def _another(self, kind: str, part: str, language: str) -> str:
        if kind == "name" and part.isalpha() and self.chance.random() < SWAPPED:
            if language == "ro" and _BENT.search(part):
                return part
            drawn = self.chance.random()
            if drawn < FOREIGN:
                name = self.chance.choice(self.names[language if drawn < OWN else ""])
            else:
                name = self.chance.choice(self.words[language]).capitalize()
            return name if part[0].isupper() else name.lower()
        if kind in _FIGURES and self.chance.random() < DRAWN:
            return re.sub("[0-9]", lambda _: str(self.chance.randrange(10)), part)
        return part


def _bare(text: str) -> str:
    parts = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
