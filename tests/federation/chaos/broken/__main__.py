"""Break one rule after the other in a copy of the nodes, and see that a story notices."""

import argparse
import sys

from tests.federation.chaos.broken.breaking import noticed
from tests.federation.chaos.broken.rules import RULES

SEEDS = "0-199"
"""Of those that are told with every change."""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.federation.chaos.broken", description=__doc__
    )
    parser.add_argument("rules", nargs="*", metavar="RULE", help=", ".join(RULES))
    parser.add_argument("--seeds", default=SEEDS)
    asked = parser.parse_args()
    missed = 0
    for name in asked.rules or RULES:
        found = noticed(RULES[name], asked.seeds)
        missed += found is None
        by = f"story {found.seed}: {found.saying}" if found else f"NONE of {asked.seeds}"
        sys.stdout.write(f"{name}: noticed by {by}\n")
        sys.stdout.flush()
    return missed


if __name__ == "__main__":
    sys.exit(main())
