from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class PoolText(Base, kw_only=True):
    """The item that a pool has named, per kind, as being in force on its shifts."""

    __tablename__ = "pool_text"
    __table_args__ = (UniqueConstraint("pool_id", "protocol_kind"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"))
    protocol_kind: Mapped[str]
    urn: Mapped[str]


class PoolTextRule(Base, kw_only=True):
    """What a pool asks of every text on its shifts; no row asks nothing."""

    __tablename__ = "pool_text_rule"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), primary_key=True)
    lived_experience: Mapped[bool]
