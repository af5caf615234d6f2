from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.documents.rules import Dispute, side_by_side
from federation.partners.models import KeptDocument, Partner
from federation.partners.queries import require_reader
from federation.permissions.rules import Asker


async def newest_document(session: AsyncSession) -> str | None:
    """Give this node's document as it was last kept; None where no worker has kept one yet."""
    newest = select(KeptDocument.text).order_by(KeptDocument.version.desc()).limit(1)
    return await session.scalar(newest)


def dispute_of(asker: Asker, partner: Partner) -> Dispute | None:
    """Set the two documents of a frozen partner side by side."""
    require_reader(asker)
    if partner.alarm is None or partner.disputed is None:
        return None
    return side_by_side(partner.alarm, partner.document, partner.disputed)
