from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from federation.partners.models import KeptDocument


async def newest_document(session: AsyncSession) -> str | None:
    """Give this node's document as it was last kept; None where no worker has kept one yet."""
    newest = select(KeptDocument.text).order_by(KeptDocument.version.desc()).limit(1)
    return await session.scalar(newest)
