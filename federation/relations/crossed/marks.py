"""What tells that more has crossed between this node and a partner: one look-up for all pages."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from database.rows import fetch_rows

MARKS = """
SELECT node_id, md5(concat_ws(' ', state, we_grant::text, withheld::text,
    (SELECT string_agg(concat_ws(' ', feed_id, epoch, seq, md5(head), recalls_hash, trouble), ','
        ORDER BY feed_id) FROM feed_cursor WHERE feed_cursor.node_id = partner.node_id),
    (SELECT string_agg(concat_ws(' ', feed_id, epoch, seq, recalls_hash), ',' ORDER BY feed_id)
        FROM feed_reader WHERE feed_reader.node_id = partner.node_id))) AS mark
FROM partner WHERE node_id = ANY($1::text[])
"""


async def marks_of_partners(engine: AsyncEngine, partners: Sequence[str]) -> dict[str, str]:
    """Mark each partner by who acts next and how far each has read the other."""
    rows = await fetch_rows(engine, MARKS, list(partners))
    return {row["node_id"]: row["mark"] for row in rows}
