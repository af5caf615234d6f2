"""Teaching the model through: its layers learn, the numbers of its pieces of words stay."""

import random
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

import click
import torch
from torch.nn import functional

from benchmarks.teaching.batches import BATCH, UNKNOWN, Batches
from benchmarks.teaching.network import Network
from benchmarks.teaching.notes import Marked
from benchmarks.teaching.packed import Arrays
from federation.screen.meaning.reader import Numbers, Reader

READINGS, DECAY, SMOOTHED = 4.5, 0.01, 0.02


class Course(NamedTuple):
    """How much is learnt from, and how fast at most: layers, head, and the share of its rise."""

    batches: int
    rate: float
    rate_of_head: float
    warmed: float


GONE_ON = Course(batches=13_500, rate=1.5e-4, rate_of_head=6e-4, warmed=0.06)
"""From the file that is there, with notes that it does not know."""


def begun(notes: int) -> Course:
    """Give the course from the package's numbers, in which every note is read as often."""
    batches = int(READINGS * notes / BATCH)
    return Course(batches, rate=2e-4, rate_of_head=2e-3, warmed=0.1)


def teach(
    arrays: Arrays, numbers: dict[str, Numbers], notes: Iterable[Marked], course: Course, seed: int
) -> Network:
    """Teach the layers and a head what each word of the notes is."""
    network = Network.begun(arrays, numbers, seed)
    batches = Batches(notes, Reader(arrays), random.Random(seed))
    heads = {"head.w", "head.b"}
    groups = [
        {"params": [one for name, one in network.learnt.items() if name not in heads]},
        {"params": [network.learnt[name] for name in heads]},
    ]
    optimizer = torch.optim.AdamW(groups, lr=course.rate, weight_decay=DECAY, fused=True)
    most = [course.rate, course.rate_of_head]
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, most, course.batches, pct_start=course.warmed
    )
    with click.progressbar(islice(batches, course.batches), course.batches) as drawn:
        for batch in drawn:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                told = network.told(batch)
            loss = functional.cross_entropy(
                told.float().flatten(0, 1),
                batch.known.flatten(),
                ignore_index=UNKNOWN,
                label_smoothing=SMOOTHED,
            )
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.learnt.values(), 1.0)
            optimizer.step()
            rates.step()
    return network
