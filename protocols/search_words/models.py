from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base


class SearchWord(Base, kw_only=True):
    """A word that some published text has, so that a mistyped one can be guessed.

    It says nothing of whose text it is, and leads to none: what is found is still the asker's own.
    """

    __tablename__ = "search_word"
    __table_args__ = (
        Index(None, "spelt", postgresql_using="gin", postgresql_ops={"spelt": "gin_trgm_ops"}),
    )

    word: Mapped[str] = mapped_column(primary_key=True)
    spelt: Mapped[str]
