from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Adoption(Base, kw_only=True):
    """A project's use of an item: locked to one release's exact bytes until somebody decides.

    `effective_hash` is what was approved: the locked text with all of the project's `values`, and
    with its own parts where it has an overlay, which is live exactly as somebody approved it.
    `given_before` are values for gaps that this or an earlier release had: they come back.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        UniqueConstraint("project_id", "urn"),
        CheckConstraint("mode IN ('pinned','tracking')", name="mode"),
        ForeignKeyConstraint(
            ["release_id", "locked_hash"],
            ["release.id", "release.hash"],
            name="fk_adoption_locked_to_exact_bytes",
        ),
        ForeignKeyConstraint(
            ["overlay_id", "effective_hash"],
            ["overlay.id", "overlay.approved_hash"],
            name="fk_adoption_live_is_what_was_approved",
        ),
        Index(None, "project_id", "release_id"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    urn: Mapped[str]
    mode: Mapped[str]
    release_id: Mapped[UUID]
    locked_hash: Mapped[bytes]
    values: Mapped[dict[str, Any]]
    effective_hash: Mapped[bytes]
    adopted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    adopted_at: Mapped[datetime]
    overlay_id: Mapped[UUID | None] = mapped_column(default=None)
    given_before: Mapped[dict[str, Any]] = mapped_column(
        default_factory=dict, server_default=text("'{}'::jsonb")
    )
