"""How a project's own protocols stand: what is in force, whatever is being written meanwhile."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Date, ScalarSelect, cast, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from protocols.recalls.models import Recall
from protocols.recalls.queries import of_release
from protocols.releases.models import Release


def protocols(project_id: UUID, today: date) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """Count what a project has in force, and of these those whose review date is not over."""
    withdrawn = exists().where(of_release(Release), Recall.block.is_(None))
    said = cast(func.convert_from(Release.manifest, "UTF8"), JSON)
    in_force = (
        select(cast(said["review_by"].as_string(), Date).label("review_by"))
        .ext(distinct_on(Release.urn))
        .where(
            Release.project_id == project_id,
            Release.node_id.is_(None),
            Release.kind == "protocol",
            ~withdrawn,
        )
        .order_by(Release.urn, Release.sequence.desc())
        .cte("in_force")
    )
    counted = select(func.count()).select_from(in_force)
    current = counted.where(in_force.c.review_by >= today)
    return counted.scalar_subquery(), current.scalar_subquery()
