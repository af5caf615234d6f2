from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base

PUBLISHED = ("id", "urn", "project_id", "number", "sequence", "hash", "signature")


class Release(Base, kw_only=True):
    """An immutable, numbered, signed copy of one item; the same bytes on every node.

    `hash` is held to the manifest's bytes, and every language's row refers to all that was
    published: so PostgreSQL refuses to change or delete a release, whoever asks.
    `node_id` is the partner that stated it; null where it was released here. What another project
    states under the same URN stands beside it. `id` is another one than in the manifest where a
    stranger had taken that.
    """

    __tablename__ = "release"
    __table_args__ = (
        UniqueConstraint(
            "urn", "sequence", "project_id", "node_id", postgresql_nulls_not_distinct=True
        ),
        UniqueConstraint(
            "urn", "number", "project_id", "node_id", postgresql_nulls_not_distinct=True
        ),
        UniqueConstraint("id", "hash"),
        UniqueConstraint(*PUBLISHED, name="uq_release_published"),
        CheckConstraint("hash = sha256(manifest)", name="hash_of_bytes"),
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("length(signature) <= 1000", name="signature_is_short"),
        CheckConstraint("acknowledgement IN ('none','notify','re-read')", name="acknowledgement"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    urn: Mapped[str]
    project_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[str]
    sequence: Mapped[int]
    acknowledgement: Mapped[str]
    kind: Mapped[str]
    manifest: Mapped[bytes]
    signature: Mapped[str]
    hash: Mapped[bytes]
    stated_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    received_at: Mapped[datetime]
    node_id: Mapped[str | None] = mapped_column(default=None)


class ReleaseText(Base, kw_only=True):
    """A release in one language, spread out for searching; the manifest stays the truth.

    What begins with `words` is null where a program of before migration 0019 wrote it, until a
    worker has spread it out again. `search` is what such a program looked for: nobody reads or
    writes it any more. `read_by` names the rules by which the words were read; it is null where a
    program of before migration 0048 read them.
    """

    __tablename__ = "release_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["release_id", *PUBLISHED[1:]],
            [f"release.{column}" for column in PUBLISHED],
            name="fk_release_text_published_stays",
        ),
        Index(None, "words", postgresql_using="gin"),
        Index(
            "ix_release_text_listed",
            "title",
            "release_id",
            postgresql_where=text("is_source IS TRUE"),
        ),
        # a row of a usual length stays whole: a search ranks hundreds, and would fetch each apart
        {"postgresql_with": {"toast_tuple_target": 8160}},
    )

    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    urn: Mapped[str]
    project_id: Mapped[UUID]
    number: Mapped[str]
    sequence: Mapped[int]
    hash: Mapped[bytes]
    signature: Mapped[str]
    title: Mapped[str]
    question: Mapped[str | None]
    body: Mapped[str]
    keywords: Mapped[list[str]]
    stale: Mapped[bool]
    search: Mapped[Any | None] = mapped_column(TSVECTOR, default=None)
    words: Mapped[Any | None] = mapped_column(TSVECTOR, default=None)
    kind: Mapped[str | None] = mapped_column(default=None)
    is_source: Mapped[bool | None] = mapped_column(default=None)
    is_safety: Mapped[bool | None] = mapped_column(default=None)
    jurisdictions: Mapped[list[str] | None] = mapped_column(default=None)
    channels: Mapped[list[str] | None] = mapped_column(default=None)
    read_by: Mapped[int | None] = mapped_column(default=None)
