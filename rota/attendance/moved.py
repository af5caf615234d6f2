"""Who had come to a session says nothing of the time to which it was moved since."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from rota.attendance.models import Attendance, CheckIn
from rota.shifts.models import Shift


async def forget_who_came(session: AsyncSession, shift: Shift, now: datetime) -> None:
    """Let a session begin anew that was moved to a time whose briefing is still to come."""
    if now < shift.starts - timedelta(minutes=shift.briefing_minutes):
        await session.execute(delete(Attendance).where(Attendance.shift_id == shift.id))
        await session.execute(delete(CheckIn).where(CheckIn.shift_id == shift.id))
