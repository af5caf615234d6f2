from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Acknowledgement(Base, kw_only=True):
    """A worker's recorded "read and understood" of one exact text in one language.

    It counts wherever `text_hash` is the same, whichever project or release shows it.
    """

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("person_id", "text_hash", "language"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    urn: Mapped[str]
    text_hash: Mapped[bytes]
    language: Mapped[str]
    at: Mapped[datetime]
