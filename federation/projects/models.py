from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Project(Base, kw_only=True):
    """An organisation that takes part; `node` is null where this node is its home.

    Otherwise it names the partner through whom this node knows the project.
    """

    __tablename__ = "project"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    region: Mapped[str]
    jurisdiction: Mapped[str]
    zone: Mapped[str]
    languages: Mapped[list[str]]
    node: Mapped[str | None] = mapped_column(
        ForeignKey("partner.node_id"), index=True, default=None
    )
    setup_hidden_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when its coordinators want to see no more of the first steps."""
    example_of: Mapped[UUID | None] = mapped_column(
        ForeignKey("project.id"), unique=True, default=None
    )
    """The project for whose people this one is an example, which is kept apart from all others."""
