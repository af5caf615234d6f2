from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Item(Base, kw_only=True):
    """A text that is being written: one protocol, or one canned answer; a release is its copy.

    `authors` holds everybody who wrote since the last release: none of them may approve.
    `version` counts what was saved; `owner_id` is whom to ask, and never leaves the project.
    """

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("kind IN ('protocol','answer')", name="kind"),
        CheckConstraint(
            "(kind = 'protocol') = (protocol_kind IS NOT NULL) AND protocol_kind IN ("
            "'conduct','safeguarding','introductory-messages','promotional-messaging','recording',"
            "'confidentiality','data-protection','ground-rules','health-and-safety','forum-rules',"
            "'cover-and-handover','closing-a-session')",
            name="protocol_kind",
        ),
        CheckConstraint("state IN ('draft','in-review','approved','released')", name="state"),
        CheckConstraint("acknowledgement IN ('none','notify','re-read')", name="acknowledgement"),
        CheckConstraint(
            "(derived_from_urn IS NULL) = (derived_from_hash IS NULL)",
            name="derived_from_exact_bytes",
        ),
        CheckConstraint(
            "(state = 'approved') = (approver_id IS NOT NULL)", name="approved_by_somebody"
        ),
        CheckConstraint("approver_id <> ALL (authors)", name="author_is_not_approver"),
        CheckConstraint("cardinality(jurisdictions) > 0", name="has_jurisdiction"),
        CheckConstraint(
            "use_limits <@ ARRAY['reply-only','public-post','with-recorded-consent']"
            " AND (kind = 'protocol') = (cardinality(use_limits) = 0)",
            name="answer_says_where_it_may_be_used",
        ),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    urn: Mapped[str] = mapped_column(unique=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"), index=True)
    kind: Mapped[str]
    protocol_kind: Mapped[str | None]
    source_language: Mapped[str]
    jurisdictions: Mapped[list[str]]
    review_by: Mapped[date]
    use_limits: Mapped[list[str]]
    channels: Mapped[list[str]]
    authors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    state: Mapped[str] = mapped_column(default="draft")
    approver_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    acknowledgement: Mapped[str] = mapped_column(default="re-read", server_default="re-read")
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), default=None)
    derived_from_urn: Mapped[str | None] = mapped_column(default=None)
    derived_from_hash: Mapped[bytes | None] = mapped_column(default=None)


class Block(Base, kw_only=True):
    """One part of an item, known for ever by its id; `locked` ones can only be added to."""

    __tablename__ = "item_block"
    __table_args__ = (UniqueConstraint("item_id", "position"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    position: Mapped[int]
    locked: Mapped[bool]


class Variant(Base, kw_only=True):
    """An item in one language: `texts` maps a block's id to Markdown.

    `source_hash` is of the text that was translated, so that a stale translation shows.
    """

    __tablename__ = "item_variant"
    __table_args__ = (UniqueConstraint("item_id", "language"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    language: Mapped[str]
    title: Mapped[str]
    question: Mapped[str | None]
    keywords: Mapped[list[str]]
    texts: Mapped[dict[str, Any]]
    source_hash: Mapped[bytes | None] = mapped_column(default=None)


class Placeholder(Base, kw_only=True):
    """A declared gap in an item; a `material` value changes what a worker must know."""

    __tablename__ = "item_placeholder"
    __table_args__ = (
        UniqueConstraint("item_id", "name"),
        CheckConstraint("name ~ '^[a-z][a-z0-9_]*$'", name="name"),
        CheckConstraint("type IN ('text','phone','email','url','time','signpost')", name="type"),
        CheckConstraint("filled_by IN ('project','worker')", name="filled_by"),
        CheckConstraint("NOT material OR filled_by = 'project'", name="material_by_project"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("item.id"))
    name: Mapped[str]
    type: Mapped[str]
    filled_by: Mapped[str]
    example: Mapped[str]
    material: Mapped[bool]
