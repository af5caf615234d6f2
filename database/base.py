"""What every table shares: names of constraints, and how Python types are stored."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import DATE, LargeBinary, MetaData, Text, Time, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP, TSTZRANGE, Range
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass, mapped_column

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[UUID, mapped_column(primary_key=True)]


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """One table; constraints get names that a refusal can be looked up by."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class
        UUID: Uuid(),
        str: Text(),
        bytes: LargeBinary(),
        date: DATE(),
        time: Time(),
        datetime: TIMESTAMP(timezone=True),
        list[str]: ARRAY(Text()),
        dict[str, Any]: JSONB(none_as_null=True),
        list[dict[str, Any]]: JSONB(none_as_null=True),
        Range[datetime]: TSTZRANGE(),
    }
