import sys
from typing import NoReturn

import click


def stop(sentence: str) -> NoReturn:
    """End the command with one sentence for the operator and exit code 1."""
    click.echo(sentence, err=True)
    sys.exit(1)
