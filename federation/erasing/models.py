from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class HandleErasure(Base, kw_only=True):
    """A node that was asked to erase what it holds of a handle, and when it said that it has."""

    __tablename__ = "handle_erasure"
    __table_args__ = (CheckConstraint("confirmed_at >= asked_at", name="confirmed_after"),)

    handle_id: Mapped[UUID] = mapped_column(ForeignKey("handle.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
