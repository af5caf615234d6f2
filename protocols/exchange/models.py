from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class ExportedWording(Base, kw_only=True):
    """Words that once went into a file for a tool: how we know there what we wrote and who edited.

    `key` is the name that the answer has in the tool; it stays, whatever becomes of its title.
    """

    __tablename__ = "exported_wording"
    __table_args__ = (
        UniqueConstraint(
            "project_id", "tool", "urn", "language", "fingerprint", name="uq_exported_wording_words"
        ),
        CheckConstraint(
            "tool IN ('live-helper-chat','chatwoot','zammad','rocket-chat')", name="tool"
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    tool: Mapped[str]
    urn: Mapped[str]
    language: Mapped[str]
    key: Mapped[str]
    fingerprint: Mapped[str]
    exported_at: Mapped[datetime]
