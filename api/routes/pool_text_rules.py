"""What a pool asks of the texts on its shifts."""

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from api.parts import Now, Session, Signed
from federation.pools.queries import pool_seen_by
from protocols.pool_texts.queries import asks_for_lived_experience
from protocols.pool_texts.rule_actions import ask_for_lived_experience


class TextRuleBody(msgspec.Struct, forbid_unknown_fields=True):
    """Whether each text has to say that somebody with lived experience has reviewed it."""

    lived_experience: bool


@get("/pools/{pool:str}/text-rule", tags=["texts"], summary="What a pool asks of its texts")
async def show_text_rule(session: Session, asker: Signed, pool: FromPath[str]) -> TextRuleBody:
    """Tell members what the texts on a pool's shifts have to say of themselves."""
    found = await pool_seen_by(session, asker, pool)
    return TextRuleBody(await asks_for_lived_experience(session, found.id))


@put("/pools/{pool:str}/text-rule", tags=["texts"], summary="Ask something of a pool's texts")
async def set_text_rule(
    session: Session,
    asker: Signed,
    now: Now,
    pool: FromPath[str],
    data: JSONBody[TextRuleBody],
) -> TextRuleBody:
    """Take only reviewed texts on a pool of this node, or any again."""
    found = await pool_seen_by(session, asker, pool)
    await ask_for_lived_experience(
        session, asker, pool_id=found.id, required=data.lived_experience, now=now
    )
    return data
