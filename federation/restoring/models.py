from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Restore(Base, kw_only=True):
    """One time that this node came back from a backup; until it is over nothing is granted.

    The row is written in the transaction that puts the backup in place. `begun_at` says since when
    partners are asked.
    """

    __tablename__ = "restore"
    __table_args__ = (
        Index(
            "uq_restore_one_at_a_time",
            text("(over_at IS NULL)"),
            unique=True,
            postgresql_where=text("over_at IS NULL"),
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    restored_at: Mapped[datetime]
    begun_at: Mapped[datetime | None] = mapped_column(default=None)
    over_at: Mapped[datetime | None] = mapped_column(default=None)


class RestoreWait(Base, kw_only=True):
    """A partner whose answer is waited for, has come, or was given up by somebody."""

    __tablename__ = "restore_wait"

    restore_id: Mapped[UUID] = mapped_column(ForeignKey("restore.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    given_up_at: Mapped[datetime | None] = mapped_column(default=None)


class RestoreAnswer(Base, kw_only=True):
    """One part of what a partner has said, kept until all have answered."""

    __tablename__ = "restore_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["restore_id", "node_id"],
            ["restore_wait.restore_id", "restore_wait.node_id"],
            name="fk_restore_answer_restore_id",
        ),
    )

    restore_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    said: Mapped[dict[str, Any]]
