from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class RecallConfirmation(Base, kw_only=True):
    """A partner's word that it keeps to a recall of ours, and which of its projects used the text.

    It is the node that confirms: who pressed what there stays there.
    """

    __tablename__ = "recall_confirmation"

    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recall.id"), primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), primary_key=True)
    at: Mapped[datetime]
    used_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
