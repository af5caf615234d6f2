from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id


class Proposal(Base, kw_only=True):
    """What one project suggests to the owner of a text; the same id at both nodes.

    `node_id` is the partner through whom it came; null where it was made here. Who wrote it is
    known at its own project only; `sent_hash` tells a repeat from another proposal.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("state IN ('sent','accepted','declined')", name="state"),
        CheckConstraint(
            "(state = 'sent') = (answered_at IS NULL) AND (state <> 'declined' OR sentence <> '')",
            name="declined_with_a_sentence",
        ),
        CheckConstraint("(node_id IS NULL) = (written_by IS NOT NULL)", name="written_at_home"),
        Index(
            "uq_proposal_one_open",
            "from_project_id",
            "urn",
            unique=True,
            postgresql_where="state = 'sent'",
        ),
    )

    id: Mapped[Id]
    urn: Mapped[str]
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    from_project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    sequence: Mapped[int]
    parts: Mapped[list[dict[str, Any]]]
    sent_hash: Mapped[bytes]
    sent_at: Mapped[datetime]
    node_id: Mapped[str | None] = mapped_column(ForeignKey("partner.node_id"), default=None)
    written_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    state: Mapped[str] = mapped_column(default="sent")
    sentence: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
