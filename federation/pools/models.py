from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Pool(Base, kw_only=True):
    """The agreement to staff channels together; `host` is null where this node decides the seats.

    `revision` rises with every change that a reader of its shifts could see.
    """

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint("speakers_shown_from >= 2", name="speakers_shown_from"),
        CheckConstraint("reading_days BETWEEN 0 AND 90", name="reading_days"),
        CheckConstraint("reading_overdue IN ('vacate','warn')", name="reading_overdue"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    zone: Mapped[str]
    host: Mapped[str | None] = mapped_column(ForeignKey("partner.node_id"), default=None)
    supervisor_sessions_at_once: Mapped[int] = mapped_column(default=1)
    speakers_shown_from: Mapped[int] = mapped_column(default=3)
    elsewhere: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    trainings: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    publishes_planned: Mapped[bool] = mapped_column(default=False, server_default=false())
    message_languages: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    languages_shown: Mapped[list[str] | None] = mapped_column(default=None)
    """The languages that enough people speak, as the host has last stated it."""
    revision: Mapped[int] = mapped_column(default=1)
    consent_needed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a claim counts only with the yes of a coordinator of the worker's own project."""
    reading_days: Mapped[int | None] = mapped_column(default=None)
    """How long those who have a seat may take to read a new text; null leaves it to netreach."""
    reading_overdue: Mapped[str] = mapped_column(default="vacate", server_default="vacate")
    """Whether a seat falls free when its holder has not read in time, or people are only told."""
    example: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it is one to try things on, of which neither public nor partners hear."""
    topics: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    """What contacts are about, as its members count it; empty leaves it to netreach."""


class PoolMember(Base, kw_only=True):
    """A project's place in a pool: what it offers, and what it ran before it joined."""

    __tablename__ = "pool_member"
    __table_args__ = (UniqueConstraint("pool_id", "project_id"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    hours_offered_per_week: Mapped[float]
    hours_before_per_week: Mapped[float]
    joined_at: Mapped[datetime]


class Channel(Base, kw_only=True):
    """Where netreach happens: live chat, forum, inbox; with its minimum staffing.

    `tool_account` says what its tool needs; which project grants it, `tool_owner`, the host knows.
    `left_out_at` is since when the pool's host, another node, names it no more.
    """

    __tablename__ = "channel"
    __table_args__ = (
        UniqueConstraint("pool_id", "slug"),
        CheckConstraint("kind IN ('session','task','inbox')", name="kind"),
        CheckConstraint("tool_owner IS NULL OR tool_account IS NOT NULL", name="owner_has_tool"),
        CheckConstraint(
            "minimum_workers >= 1 AND minimum_supervisors >= 0", name="minimum_not_negative"
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    minimum_workers: Mapped[int]
    minimum_supervisors: Mapped[int]
    trainings: Mapped[list[str]] = mapped_column(default_factory=list)
    rules_of_engagement: Mapped[str] = mapped_column(default="")
    tool_account: Mapped[str | None] = mapped_column(default=None)
    tool_owner: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), default=None)
    left_out_at: Mapped[datetime | None] = mapped_column(default=None)
