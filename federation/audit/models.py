from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class AuditEntry(Base, kw_only=True):
    """Who changed what, by ids only: a name here would outlive its erasure."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_id"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    at: Mapped[datetime]
    actor: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
