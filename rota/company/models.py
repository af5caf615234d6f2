from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class SessionCompany(Base, kw_only=True):
    """What the host told this node's seat holders of one session; erased after its debrief."""

    __tablename__ = "session_company"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    content: Mapped[dict[str, Any]]
    told_at: Mapped[datetime]


class SessionTold(Base, kw_only=True):
    """What the host last told a home of a session, so that it is said once and can be erased."""

    __tablename__ = "session_told"

    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    digest: Mapped[bytes]
    seq: Mapped[int]
