"""Two nodes join by a link and four words, and their projects take part in one pool."""

from uuid import UUID

from api.demo.cast import CHAT, CORE, POOL, ZONE
from api.demo.stage import Stage, clock, wait_until
from api.peers.joining import accept_invitation
from database.session import door
from federation.partners.actions import confirm_words, grant
from federation.partners.invitations.actions import invite
from federation.partners.models import Partner
from federation.pools.actions import add_channel, give_handle, join_pool, make_pool
from federation.pools.drafts import ChannelDraft, Share
from federation.pools.models import Pool
from rota.session_details.actions import set_for_pool
from rota.session_details.rules import Draft


async def join_nodes(inviter: Stage, invited: Stage) -> None:
    """Join two nodes by a link and four words that both sides type."""
    ours, theirs = next(iter(inviter.askers.values())), next(iter(invited.askers.values()))
    async with door(inviter.engine) as session:
        link = await invite(session, asker=ours, node=inviter.node, now=clock())
    await accept_invitation(
        invited.engine,
        invited.node,
        asker=theirs,
        link_text=str(link),
        now=clock(),
        development=True,
    )
    for stage, other, asker in ((inviter, invited, ours), (invited, inviter, theirs)):
        async with door(stage.engine) as session:
            partner = await session.get_one(Partner, other.node.node_id)
            # people read these to one another by telephone
            words = " ".join(partner.words)
            await confirm_words(
                session, asker=asker, node_id=partner.node_id, typed=words, now=clock()
            )

    async def joined() -> bool:
        states = []
        for stage, other in ((inviter, invited), (invited, inviter)):
            async with door(stage.engine) as session:
                partner = await session.get_one(Partner, other.node.node_id)
                states.append(partner.state)
        return states == ["joined", "joined"]

    await wait_until(joined, "both nodes are joined")


async def found_pool(stage: Stage) -> UUID:
    """Found the pool on its host, with its channels and the projects of that node."""
    first, *others = stage.troupes
    asker = stage.askers[first.slug]
    async with door(stage.engine) as session:
        pool = await make_pool(
            session,
            asker,
            clock(),
            slug=POOL,
            name="Night and Day Chat",
            zone=ZONE,
            share=Share(first.hours_offered, first.hours_before),
            supervisor_sessions_at_once=2,
            elsewhere=[
                {"name": "Leave a message", "text": "Write to us; we answer on weekdays."},
                {"name": "Emergencies", "text": "In danger, call 999 (UK) or 112."},
            ],
        )
        for draft in CHANNELS:
            await add_channel(session, asker, pool.id, draft, clock())
        await set_for_pool(session, asker, pool.id, IN_SESSIONS, clock())
        for troupe in others:
            share = Share(troupe.hours_offered, troupe.hours_before)
            await join_pool(session, stage.askers[troupe.slug], pool.id, share, clock())
    return pool.id


# a number that is kept free for stories, and a server that there is not
IN_SESSIONS = Draft(
    meeting_link="https://meet.example.org/night-and-day",
    contact_label="Duty line of the services",
    contact_number="+44 191 498 0123",
    organisational=True,
    conversations_at_once=3,
)

CHANNELS = (
    ChannelDraft("live-chat", "Live chat", "session", 2, 1, [CORE, CHAT]),
    ChannelDraft(
        "forum",
        "Forum",
        "task",
        1,
        0,
        [CORE],
        "Post only in the threads that the moderators have named for services, under the "
        "organisation's own profile. Never covertly, never by private message first.",
    ),
    ChannelDraft("inbox", "Messages", "inbox", 1, 0, [CORE]),
)


async def bring_in(host: Stage, member: Stage, pool_id: UUID) -> None:
    """Let the projects of another node see the pool and take part in it."""
    asker = next(iter(host.askers.values()))
    async with door(host.engine) as session:
        await grant(
            session,
            asker=asker,
            node_id=member.node.node_id,
            capability=f"shifts:{pool_id}",
            now=clock(),
        )

    async def seen() -> bool:
        async with door(member.engine) as session:
            return await session.get(Pool, pool_id) is not None

    await wait_until(seen, "the invited node sees the pool")
    async with door(member.engine) as session:
        for troupe in member.troupes:
            share = Share(troupe.hours_offered, troupe.hours_before)
            await join_pool(session, member.askers[troupe.slug], pool_id, share, clock())


async def hand_out_handles(stage: Stage, pool_id: UUID) -> None:
    """Give every worker a pseudonym in the pool."""
    for troupe in stage.troupes:
        async with door(stage.engine) as session:
            for player in troupe.players:
                if player.windows:
                    person_id = stage.people[troupe.slug, player.name]
                    await give_handle(
                        session, stage.askers[troupe.slug], pool_id, person_id, clock()
                    )
