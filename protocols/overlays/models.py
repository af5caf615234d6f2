from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy import Uuid as UuidType
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Overlay(Base, kw_only=True):
    """What a project wants to say over one exact release: its own parts and its values.

    It is live only where an adoption names it by `approved_hash`; what was live before stays here.
    `authors` holds everybody who wrote in it: none of them may approve.
    """

    __tablename__ = "overlay"
    __table_args__ = (
        CheckConstraint("state IN ('draft','asked','approved','dropped')", name="state"),
        CheckConstraint(
            "(state = 'approved') = (approver_id IS NOT NULL)"
            " AND (state = 'approved') = (approved_hash IS NOT NULL)",
            name="approved_by_somebody",
        ),
        CheckConstraint("approver_id <> ALL (authors)", name="author_is_not_approver"),
        CheckConstraint(
            "NOT jsonb_path_exists(parts, '$[*] ? (@.locked == true && @.action != \"add\")')",
            name="locked_is_only_added_to",
        ),
        UniqueConstraint("id", "approved_hash"),
        ForeignKeyConstraint(
            ["release_id", "base_hash"],
            ["release.id", "release.hash"],
            name="fk_overlay_over_exact_bytes",
        ),
        Index(
            "uq_overlay_one_open",
            "project_id",
            "urn",
            unique=True,
            postgresql_where="state IN ('draft','asked')",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    urn: Mapped[str]
    release_id: Mapped[UUID]
    base_hash: Mapped[bytes]
    values: Mapped[dict[str, Any]]
    parts: Mapped[list[dict[str, Any]]]
    authors: Mapped[list[UUID]] = mapped_column(ARRAY(UuidType()))
    drafted_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="draft")
    sent_back: Mapped[str | None] = mapped_column(default=None)
    asked_hash: Mapped[bytes | None] = mapped_column(default=None)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_hash: Mapped[bytes | None] = mapped_column(default=None)
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
