from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    Uuid,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, Id
from database.ids import new_id


class SessionRecord(Base, kw_only=True):
    """What one seat holder has counted of one session; it stays with their project, for a time.

    `day` is the local day of the project on which the session began: retention counts from it.
    Where it was kept last by day, pool, channel and `zone` (of the pool, by which hours are
    counted), there its counts are, whatever is heard of the session later. `marks` name the forms
    of which a contact has come, so that one which is sent again counts once.
    """

    __tablename__ = "session_record"
    __table_args__ = (
        CheckConstraint("pace IN ('quiet','busy')", name="pace"),
        CheckConstraint("NOT done OR pace IS NOT NULL", name="done_says_how_it_was"),
        CheckConstraint("support IN ('not-needed','had','wanted')", name="support"),
        CheckConstraint("char_length(note) BETWEEN 1 AND 300", name="note_is_short"),
        Index(None, "project_id", "day"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("claim.id"), unique=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id"))
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pool.id"), index=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("channel.id"))
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("shift.id"), index=True)
    day: Mapped[date]
    written_at: Mapped[datetime]
    zone: Mapped[str | None] = mapped_column(default=None)
    marks: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), default_factory=list, server_default=text("'{}'::uuid[]")
    )
    pace: Mapped[str | None] = mapped_column(default=None)
    technical_trouble: Mapped[bool] = mapped_column(default=False, server_default=false())
    staff_abused: Mapped[bool] = mapped_column(default=False, server_default=false())
    support: Mapped[str] = mapped_column(default="not-needed")
    note: Mapped[str | None] = mapped_column(default=None)
    done: Mapped[bool] = mapped_column(default=False, server_default=false())


class RecordedContact(Base, kw_only=True):
    """Somebody who wrote, as entries of lists: `at` is a full hour, and nothing is about who."""

    __tablename__ = "recorded_contact"
    __table_args__ = (
        UniqueConstraint("record_id", "position"),
        CheckConstraint("at = date_trunc('hour', at, 'UTC')", name="full_hour"),
        CheckConstraint("kind IN ('talked','turned-away','wrong-channel')", name="kind"),
        CheckConstraint("(kind = 'talked') = (outcome IS NOT NULL)", name="outcome_of_talks"),
        CheckConstraint(
            "outcome IN ('answered','signposted','declined','ended-early')", name="outcome"
        ),
        CheckConstraint(
            "signpost_id IS NULL OR outcome = 'signposted'", name="signpost_where_signposted"
        ),
        CheckConstraint("familiarity IN ('new','returning','not-said')", name="familiarity"),
        CheckConstraint("minutes IN ('under-10','10-30','30-60','over-60')", name="minutes"),
        CheckConstraint("char_length(area) <= 60", name="area_is_short"),
    )

    id: Mapped[Id] = mapped_column(default_factory=new_id)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("session_record.id", ondelete="CASCADE"))
    position: Mapped[int]
    at: Mapped[datetime]
    kind: Mapped[str]
    language: Mapped[str]
    familiarity: Mapped[str]
    minutes: Mapped[str | None]
    topics: Mapped[list[str]]
    outcome: Mapped[str | None]
    signpost_id: Mapped[UUID | None]
    unmet: Mapped[str | None]
    area: Mapped[str | None]
    gender: Mapped[str | None]
    nationality: Mapped[str | None]
