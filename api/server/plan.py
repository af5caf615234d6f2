"""`netreach-server plan`: a scenario in, a plan out, with no database and no web."""

import math
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec

from rota.planner.command import run
from rota.planner.errors import ScenarioRefusedError
from rota.planner.rules.plan import Draft

REFUSED = 2
LARGEST_SEED = 2**31 - 1


class PlainCommand(click.Command):
    """Says what is wrong with its options in one sentence, like every other failure."""

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        """Keep exit code 2 for scenarios that are refused."""
        try:
            return super().make_context(*args, **settings)
        except click.UsageError as error:
            raise click.ClickException(error.format_message()) from error


@click.command(cls=PlainCommand)
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Write the plan here.")
@click.option("--seconds", type=click.FloatRange(0, 86_400), default=30.0, show_default=True)
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=1, show_default=True)
@click.option("--reproducible", is_flag=True, help="Same seed, same plan; slower.")
@click.option(
    "--drafts",
    type=click.Path(path_type=Path),
    help="Write each plan on the way here, for whoever wants to stop early.",
)
def plan(
    scenario: Path,
    *,
    out: Path | None,
    seconds: float,
    seed: int,
    reproducible: bool,
    drafts: Path | None,
) -> None:
    """Plan who sits where from a SCENARIO file; the more seconds, the better the plan."""
    if math.isnan(seconds):
        raise click.ClickException("The seconds must be a number.")
    source = _read(scenario)
    _check_writable(out)
    _check_writable(drafts)

    def keep(draft: Draft) -> None:
        if drafts is not None:
            _write(msgspec.json.encode(draft), drafts)

    try:
        made = run(
            source,
            seconds=seconds,
            seed=seed,
            reproducible=reproducible,
            keep=keep if drafts else None,
        )
    except ScenarioRefusedError as refusal:
        for line in refusal.lines:
            click.echo(line, err=True)
        sys.exit(REFUSED)
    except Exception as error:  # whatever fails is told in one sentence
        reason = " ".join(str(error).split()) or type(error).__name__
        raise click.ClickException(f"The plan could not be made: {reason}") from error
    _write(msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n", out)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path} cannot be read: {_why(error)}.") from error


def _check_writable(out: Path | None) -> None:
    """Say so before the time is spent, not after."""
    if out is None:
        return
    if out.is_dir():
        raise click.ClickException(f"{out} cannot be written: it is a folder.")
    if not out.absolute().parent.is_dir():
        raise click.ClickException(f"{out} cannot be written: its folder is not there.")


def _write(plan_bytes: bytes, out: Path | None) -> None:
    """Write the whole plan or nothing."""
    try:
        if out is None:
            sys.stdout.buffer.write(plan_bytes)
            sys.stdout.buffer.flush()
        else:
            _replace(out, plan_bytes)
    except OSError as error:
        raise click.ClickException(f"The plan cannot be written: {_why(error)}.") from error


def _replace(out: Path, plan_bytes: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}-")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(plan_bytes)
        part.chmod(0o644)
        part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _why(error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return (reason or type(error).__name__).lower()
