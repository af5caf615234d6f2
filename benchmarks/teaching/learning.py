"""Teaching the model through: its layers learn, the numbers of its pieces of words stay."""

import random
from collections.abc import Sequence
from itertools import islice

import click
import torch
from torch.nn import functional

from benchmarks.teaching.batches import BATCH, UNKNOWN, Batches
from benchmarks.teaching.network import Network
from benchmarks.teaching.notes import Marked
from benchmarks.teaching.packed import Arrays
from federation.screen.meaning.reader import Numbers, Reader

READINGS, RATE, WARMED, DECAY, SMOOTHED = 4.5, 2e-4, 0.1, 0.01, 0.02


def teach(
    arrays: Arrays, numbers: dict[str, Numbers], notes: Sequence[Marked], seed: int
) -> Network:
    """Teach the layers and a head what each word of the notes is."""
    network = Network.begun(arrays, numbers, seed)
    batches = Batches(notes, Reader(arrays), random.Random(seed))
    heads = {"head.w", "head.b"}
    groups = [
        {"params": [one for name, one in network.learnt.items() if name not in heads]},
        {"params": [network.learnt[name] for name in heads]},
    ]
    steps = int(READINGS * len(notes) / BATCH)
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY, fused=True)
    rates = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, [RATE, 10 * RATE], steps, pct_start=WARMED
    )
    with click.progressbar(islice(batches, steps), steps) as drawn:
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
