from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class StarterText(Base, kw_only=True):
    """A text of the starter library that a project has taken in, under the file's name.

    It stays when the draft is renamed or rewritten, so that the library comes in once.
    """

    __tablename__ = "starter_text"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
