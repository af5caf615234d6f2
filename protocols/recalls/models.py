from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class Recall(Base, kw_only=True):
    """An urgent withdrawal of one release, known even where that release has not arrived yet.

    Meanwhile an earlier release holds, or an emergency text by language; never nothing. `block`
    narrows it to one part of that release; `follows` is the hash of the recall because of which
    this node withdrew a text that it had derived.
    """

    __tablename__ = "recall"
    __table_args__ = (
        UniqueConstraint("urn", "sequence", "block", "node_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("hash = sha256(manifest)", name="hash_of_bytes"),
        CheckConstraint(
            "(holds_sequence IS NULL) <> (holds_texts IS NULL)", name="says_what_holds"
        ),
        CheckConstraint("holds_sequence < sequence", name="an_earlier_release_holds"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    urn: Mapped[str]
    project_id: Mapped[UUID] = mapped_column(index=True)
    sequence: Mapped[int]
    reason: Mapped[str]
    holds_sequence: Mapped[int | None]
    holds_texts: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    manifest: Mapped[bytes]
    signature: Mapped[str]
    hash: Mapped[bytes]
    stated_at: Mapped[datetime]
    received_at: Mapped[datetime]
    node_id: Mapped[str | None] = mapped_column(default=None)
    block: Mapped[UUID | None] = mapped_column(default=None)
    follows: Mapped[bytes | None] = mapped_column(default=None)
