"""A week on a page: its days in local time, and the links to the weeks beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import require_plannable
from api.errors import InvalidRequest
from federation.pools.models import Pool
from rota.board.queries import ShiftSeen
from rota.shifts.queries import next_start


@dataclass(frozen=True, slots=True)
class Week:
    """Seven local days from a Monday on."""

    monday: date
    zone: str

    @property
    def begins(self) -> datetime:
        """The first moment of the week, in UTC."""
        return datetime.combine(self.monday, time(), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after the week, in UTC."""
        return Week(self.monday + timedelta(weeks=1), self.zone).begins

    @property
    def before(self) -> str:
        """The Monday before, as it stands in an address."""
        return (self.monday - timedelta(weeks=1)).isoformat()

    @property
    def after(self) -> str:
        """The Monday after, as it stands in an address."""
        return (self.monday + timedelta(weeks=1)).isoformat()

    def by_day(self, seen: list[ShiftSeen]) -> list[tuple[date, list[ShiftSeen]]]:
        """Group shifts by the local day on which they start; days without any are left out."""
        days: dict[date, list[ShiftSeen]] = {}
        for one in seen:
            days.setdefault(self.local(one.shift.starts).date(), []).append(one)
        return sorted(days.items())

    @property
    def clock(self) -> ZoneInfo:
        """The zone as programs use it."""
        return ZoneInfo(self.zone)

    def local(self, moment: datetime) -> datetime:
        """Show a moment on the clock of the people who planned the week."""
        return moment.astimezone(ZoneInfo(self.zone))


def week_of(day: str | None, zone: str, now: datetime) -> Week:
    """Find the week of a day given in an address, or of today."""
    try:
        chosen = date.fromisoformat(day) if day else now.astimezone(ZoneInfo(zone)).date()
    except ValueError as error:
        raise InvalidRequest("week", "must be a date such as 2027-01-04.") from error
    require_plannable("week", chosen)
    return Week(chosen - timedelta(days=chosen.weekday()), zone)


async def later_week(session: AsyncSession, pools: Sequence[Pool], shown: Week) -> date | None:
    """Give the Monday of the next week with shifts, so that an empty week is no dead end."""
    return monday_of(await next_start(session, [pool.id for pool in pools], shown.ends), shown)


def monday_of(starts: datetime | None, shown: Week) -> date | None:
    """Give the Monday of the week in which something starts, on the clock of the one shown."""
    return week_of(None, shown.zone, starts).monday if starts else None


def week_address(path: str, monday: str) -> str:
    """Give the address of a week, from what a form says of it; nonsense leads to today's."""
    return f"{path}?week={monday}" if monday.replace("-", "").isdigit() else path
