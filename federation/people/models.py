from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id
from federation.people.rules import Limits, OwnLimits, stricter


class Role(StrEnum):
    """What somebody may do in their project, and for it in its pools."""

    WORKER = "worker"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    PARTNER_ADMINISTRATOR = "partner-administrator"


class Person(Base, kw_only=True):
    """Somebody of a project of this node; nothing in this table ever leaves the project."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(
            "own_hours_per_week >= 0 AND own_shifts_per_week >= 0 AND own_rest_hours >= 0",
            name="own_limits",
        ),
        CheckConstraint(
            "erased_at IS NULL OR"
            " (left_at IS NOT NULL AND name = '(erased)' AND cardinality(languages) = 0)",
            name="erased_whole",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    name: Mapped[str]
    languages: Mapped[list[str]]
    hours_per_week: Mapped[float] = mapped_column(default=8)
    shifts_per_week: Mapped[int] = mapped_column(default=3)
    rest_hours: Mapped[float] = mapped_column(default=11)
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    erased_at: Mapped[datetime | None] = mapped_column(default=None)
    own_hours_per_week: Mapped[float | None] = mapped_column(default=None)
    own_shifts_per_week: Mapped[int | None] = mapped_column(default=None)
    own_rest_hours: Mapped[float | None] = mapped_column(default=None)
    zone: Mapped[str | None] = mapped_column(default=None)
    """Where the person lives, if not in the zone of their project."""

    @property
    def limits(self) -> Limits:
        """The limits that hold: the project's, and where they are stricter the person's own."""
        return stricter(self.project_limits, self.own_limits)

    @property
    def project_limits(self) -> Limits:
        """The limits that the project has set."""
        return Limits(self.hours_per_week, self.shifts_per_week, self.rest_hours)

    @property
    def own_limits(self) -> OwnLimits:
        """The limits that the person has set for themselves."""
        return OwnLimits(self.own_hours_per_week, self.own_shifts_per_week, self.own_rest_hours)


class RoleGrant(Base, kw_only=True):
    """One role of one person, in the person's own project."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role"),
        CheckConstraint(
            "role IN ('worker','supervisor','coordinator','reviewer','partner-administrator')",
            name="role",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str]


class Handle(Base, kw_only=True):
    """A worker's pseudonym in one pool; `person_id` is known at home only.

    `id` is random (128 bits), so that it tells nothing, not even when it was made.
    Roles and languages are what home has told the host: they decide which seats fit.
    """

    __tablename__ = "handle"
    __table_args__ = (
        UniqueConstraint("pool_id", "display"),
        Index(
            "uq_handle_current_person",
            "pool_id",
            "person_id",
            unique=True,
            postgresql_where=text("retired_at IS NULL AND person_id IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    display: Mapped[str]
    roles: Mapped[list[str]]
    languages: Mapped[list[str]]
    hours_per_week: Mapped[float]
    shifts_per_week: Mapped[int]
    rest_hours: Mapped[float]
    person_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("person.id"), index=True, default=None
    )
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    offers_hash: Mapped[bytes | None] = mapped_column(default=None)
    """Of what home has last said that this handle can take: so that nothing is said twice.

    A host keeps it while what was said goes on in further events.
    """
