from datetime import date

from sqlalchemy import Date, Select, bindparam, cast, column, false, func, null, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Text

from federation.people.models import Person
from federation.people.queries import known_as
from protocols.adoption.models import Adoption
from protocols.items.models import Item, Variant
from protocols.overlays.models import Overlay
from protocols.releases.models import ReleaseText

Reviews = Select[str, str, date, bool, str | None]


def _late_texts() -> Reviews:
    """Choose what a project writes and whose review date has passed, as `LateReview` has it."""
    in_source = (Variant.item_id == Item.id) & (Variant.language == Item.source_language)
    owner = (Person.id == Item.owner_id) & Person.left_at.is_(None)
    return (
        select(cast(Item.id, Text), Variant.title, Item.review_by, false(), known_as())
        .join(Variant, in_source)
        .outerjoin(Person, owner)
        .where(Item.project_id == bindparam("project"), Item.review_by < bindparam("today"))
    )


def _late_own_parts() -> Reviews:
    """Choose the texts of others in which a project's own parts are due for a review."""
    part = func.jsonb_array_elements(Overlay.parts).table_valued(
        column("value", JSONB), name="own_part"
    )
    day = cast(func.min(part.c.value["review_by"].astext), Date)
    earliest = select(day).select_from(part).correlate(Overlay).scalar_subquery()
    return (
        select(
            func.replace(Adoption.urn, "urn:uuid:", ""), ReleaseText.title, earliest, true(), null()
        )
        .join(Overlay, Overlay.id == Adoption.overlay_id)
        .join(ReleaseText, ReleaseText.release_id == Adoption.release_id)
        .where(
            Adoption.project_id == bindparam("project"),
            ReleaseText.is_source.is_(True),
            earliest < bindparam("today"),
        )
    )


LATE_TEXTS, LATE_OWN_PARTS = _late_texts(), _late_own_parts()
"""Stated once, of a `project` and as of `today`: every look at the start page counts them."""
