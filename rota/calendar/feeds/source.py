"""What a feed is written from: as long as that is the same, the kept bytes hold."""

from datetime import datetime

QUARTER_MINUTES = 15


def quarter_of(now: datetime) -> str:
    """Name the quarter hour in which a feed is asked for."""
    begins = now.replace(minute=now.minute // QUARTER_MINUTES * QUARTER_MINUTES)
    return f"{begins:%Y-%m-%dT%H:%M}"


SOURCE = """
CASE address.shows
WHEN 'rota' THEN coalesce(calendar.revision, 0)::text
WHEN 'pool' THEN (
    SELECT pool.revision::text
    FROM person
    JOIN role_grant ON role_grant.person_id = person.id AND role_grant.role = 'coordinator'
    JOIN pool_member ON pool_member.project_id = person.project_id
    JOIN pool ON pool.id = pool_member.pool_id
    WHERE person.id = address.person_id AND person.left_at IS NULL AND pool.id = address.pool_id
)
ELSE (
    SELECT concat_ws(' ', asked.quarter, calendar.revision, (
        SELECT string_agg(pool.id || ':' || pool.revision, ' ' ORDER BY pool.id)
        FROM handle JOIN pool ON pool.id = handle.pool_id
        WHERE handle.person_id = person.id AND handle.retired_at IS NULL
    ))
    FROM person
    WHERE person.id = address.person_id AND person.left_at IS NULL AND EXISTS (
        SELECT FROM role_grant
        WHERE role_grant.person_id = person.id AND role_grant.role IN ('worker', 'supervisor')
    )
)
END
"""
"""Null where the owner has lost the role that the feed needs.

Seats to take depend on leave and limits too, which have no revision: they count each quarter hour.
"""
