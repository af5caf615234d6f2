from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class Partner(Base, kw_only=True):
    """Another node, known by the thumbprint of its first root key (RFC 7638); keys are pinned.

    `state` names who acts next: somebody here types words, or the partner does. While it is
    frozen, `alarm` says why, and `disputed` is the document that does not fit the pinned one.
    `withheld` is what it may not do here, although it takes part in a pool that brings it;
    `they_withhold` is what it says of this node.
    """

    __tablename__ = "partner"
    __table_args__ = (
        CheckConstraint(
            "state IN ('words-to-type','waiting-for-them','joined','frozen','ended')",
            name="state",
        ),
        CheckConstraint(
            "(state = 'frozen') = (alarm IS NOT NULL) AND (alarm IS NULL) = (disputed IS NULL)",
            name="frozen_with_an_alarm",
        ),
        CheckConstraint("NOT ended_there OR ended_at IS NOT NULL", name="ended_some_time"),
        CheckConstraint("NOT we_grant && withheld", name="granted_or_withheld"),
    )

    node_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    base_url: Mapped[str]
    state: Mapped[str]
    document: Mapped[str]
    document_version: Mapped[int] = mapped_column(BigInteger)
    keys: Mapped[dict[str, Any]]
    words: Mapped[list[str]]
    we_grant: Mapped[list[str]]
    they_grant: Mapped[list[str]]
    met_at: Mapped[datetime]
    last_heard_at: Mapped[datetime | None] = mapped_column(default=None)
    withheld: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    they_withhold: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    reads: Mapped[list[str]] = mapped_column(default_factory=list, server_default="{}")
    """Kinds of feed that its document says it understands, beside the first three."""
    told_version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The newest version of our own document that this partner has been shown."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_there: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Whether it was the partner who ended it."""
    alarm: Mapped[str | None] = mapped_column(default=None)
    disputed: Mapped[str | None] = mapped_column(default=None)


class KeptDocument(Base, kw_only=True):
    """A version of this node's own document: a backup knows by it what the node's keys were."""

    __tablename__ = "kept_document"
    __table_args__ = (CheckConstraint("version >= 1", name="version"),)

    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    text: Mapped[str]
    kept_at: Mapped[datetime]


class Invitation(Base, kw_only=True):
    """A link that lets one node join, once, within 48 hours; only its secret's hash is kept.

    `request` is the hash of the message that spent it: the same message again, after a lost
    answer, gets the same answer; any other is refused.
    """

    __tablename__ = "invitation"

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    nonce: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    request: Mapped[bytes | None] = mapped_column(default=None)
    node_id: Mapped[str | None] = mapped_column(ForeignKey("partner.node_id"), default=None)


class PartnerToken(Base, kw_only=True):
    """A partner's short-lived way in, bound to that one relationship; only its hash is kept."""

    __tablename__ = "partner_token"

    secret_hash: Mapped[bytes] = mapped_column(primary_key=True)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class UsedAssertion(Base, kw_only=True):
    """A client assertion that has been spent: its `jti` opens nothing a second time."""

    __tablename__ = "used_assertion"
    __table_args__ = (UniqueConstraint("node_id", "jti"),)

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    node_id: Mapped[str] = mapped_column(ForeignKey("partner.node_id"))
    jti: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)
