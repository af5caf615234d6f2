"""Which months a report is of, and how its numbers are put."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

MONTHS_A_YEAR = 12
MOST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Months:
    """A period of whole months; the last is excluded, both are firsts of a month."""

    first: date
    until: date

    @property
    def count(self) -> int:
        """Tell how many months these are."""
        years = self.until.year - self.first.year
        return years * MONTHS_A_YEAR + self.until.month - self.first.month

    @property
    def before(self) -> "Months":
        """Give as many months right before."""
        return Months(months_later(self.first, -self.count), self.first)

    @property
    def each(self) -> list[date]:
        """List the firsts of the months."""
        return [months_later(self.first, more) for more in range(self.count)]


def whole_months(first: date, last: date) -> Months | None:
    """Give the months from that of one day to that of another, if a report may be of them."""
    months = Months(first.replace(day=1), months_later(last, 1))
    return months if 1 <= months.count <= MOST_YEARS * MONTHS_A_YEAR else None


def months_later(month: date, more: int) -> date:
    """Give the first of a month so many months later."""
    whole = month.year * MONTHS_A_YEAR + month.month - 1 + more
    return date(whole // MONTHS_A_YEAR, whole % MONTHS_A_YEAR + 1, 1)


def per_contact(hours: float, contacts: float) -> float | None:
    """Divide what was given by what was reached; without contacts there is no such number."""
    return round(hours / contacts, 2) if contacts else None


def in_order(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Put what is most frequent first, and what is as frequent by name."""
    return sorted(
        ((value, count) for value, count in counts.items() if count),
        key=lambda one: (-one[1], one[0]),
    )
