from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class HeardHours(Base, kw_only=True):
    """What a partner has last said of when its pool is open; no more is known of that pool here.

    `slug` is its address on this node, `revision` rises with each word.
    """

    __tablename__ = "heard_hours"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision"),)

    pool_id: Mapped[UUID] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    content: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(BigInteger)
    heard_at: Mapped[datetime]
