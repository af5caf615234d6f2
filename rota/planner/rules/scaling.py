"""Exact fractions as the whole numbers that a solver counts in."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

LARGEST_SUM = 2**48  # the solver sums in 64 bits and hands bounds over as floats


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole coefficients; a sum of them times `unit` is true to within `slack`."""

    coefficients: tuple[int, ...]
    unit: Fraction
    slack: Fraction


def scaled(values: Sequence[Fraction], most: Sequence[int]) -> Scale:
    """Scale values of which each may be taken up to `most` times; exact wherever it fits."""
    denominator = lcm(*(value.denominator for value in values))
    whole = [int(value * denominator) for value in values]
    common = gcd(*whole) or 1
    whole = [value // common for value in whole]
    if sum(value * times for value, times in zip(whole, most, strict=True)) <= LARGEST_SUM:
        return Scale(tuple(whole), Fraction(common, denominator), Fraction())
    pairs = zip(values, most, strict=True)
    total = sum((value * times for value, times in pairs), Fraction())
    unit = total / LARGEST_SUM
    near = tuple(round(value / unit) for value in values)
    return Scale(near, unit, unit * Fraction(sum(most)))
