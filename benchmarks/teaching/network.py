"""The model's layers as they learn, beside `federation/screen/meaning/reader.py`, which reads."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.teaching.batches import Batch
from benchmarks.teaching.packed import Arrays
from federation.screen.meaning.reader import (
    HEADS,
    KINDS,
    LAYERS,
    TAKEN,
    WIDTH,
    Numbers,
    unpacked,
)

DROPPED = 0.1


@dataclass
class Network:
    """The layers that learn, and what stays."""

    words: Tensor
    places: Tensor
    level: Tensor
    learnt: dict[str, Tensor]

    @classmethod
    def begun(cls, arrays: Arrays, numbers: dict[str, Numbers], seed: int) -> "Network":
        """Begin from numbers; a head that is not among them knows nothing."""
        torch.manual_seed(seed)
        head = torch.nn.Linear(WIDTH * len(TAKEN), len(KINDS))
        learnt = {"head.w": head.weight.detach().clone(), "head.b": head.bias.detach().clone()}
        learnt |= {name: torch.tensor(one) for name, one in numbers.items()}
        for one in learnt.values():
            one.requires_grad_()
        return cls(
            torch.tensor(unpacked(np.asarray(arrays["words"], np.uint8))),
            torch.tensor(arrays["places"].astype("float32")),
            torch.tensor(arrays["words.ln"]),
            learnt,
        )

    def told(self, batch: Batch) -> Tensor:
        """Tell for each word of each note how much speaks for each kind."""
        longest = batch.pieces.shape[1]
        seen = _level(self.words[batch.pieces] + self.places[:longest], self.level)
        seen = functional.dropout(seen, DROPPED)
        away = ~batch.there[:, None, None, :]
        taken = []
        for layer in range(LAYERS):
            seen = self._through(layer, seen, away)
            if layer + 1 in TAKEN:
                taken.append(seen)
        meant = functional.dropout(batch.made_of @ torch.cat(taken, -1), DROPPED)
        return functional.linear(meant, self.learnt["head.w"], self.learnt["head.b"])

    def _through(self, layer: int, seen: Tensor, away: Tensor) -> Tensor:
        def part(name: str, given: Tensor) -> Tensor:
            name = f"{layer}.{name}"
            return functional.linear(given, self.learnt[f"{name}.w"], self.learnt[f"{name}.b"])

        many, longest, width = seen.shape
        asks, offers, means = (
            part(name, seen).view(many, longest, HEADS, width // HEADS).transpose(1, 2)
            for name in "qkv"
        )
        # a note is short: torch's own attention is made for long texts and takes twice the time
        fits = asks @ offers.transpose(2, 3) * (width // HEADS) ** -0.5
        heeded = fits.masked_fill(away, -math.inf).softmax(-1).to(means.dtype) @ means
        heeded = part("ao", heeded.transpose(1, 2).reshape(many, longest, width))
        seen = _level(seen + functional.dropout(heeded, DROPPED), self.learnt[f"{layer}.aln"])
        thought = part("fo", functional.gelu(part("fi", seen), approximate="tanh"))
        return _level(seen + functional.dropout(thought, DROPPED), self.learnt[f"{layer}.oln"])


def _level(rows: Tensor, by: Tensor) -> Tensor:
    return functional.layer_norm(rows, (WIDTH,), by[0], by[1], eps=1e-12)
