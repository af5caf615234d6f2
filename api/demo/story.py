"""What happens in the demo, in its order: every step is an action that people have too."""

from collections.abc import Callable
from uuid import UUID

from api.demo import counting, desk, people, pool, rota, sharing
from api.demo.stage import Stage, wait_until_agreed

Say = Callable[[str], None]


async def play(north: Stage, south: Stage, say: Say) -> None:
    """Tell the story from the first person to the drop-out."""
    pool_id = await bring_together(north, south, say)
    say("A protocol and ten canned answers, released and shared")
    await sharing.share_texts(north, south, pool_id)
    say("Four weeks of sessions, offers from each home")
    await rota.plan_sessions(north, pool_id)
    await wait_until_agreed(north, south)
    say("The planner plans the month")
    plan_id = await rota.make_plan(north, pool_id)
    say("The plan is published, the homes confirm")
    await rota.publish(north, plan_id)
    await wait_until_agreed(north, south)
    say("A worker from South claims an open seat; another drops out")
    await rota.claim_from_afar(north, south, pool_id)
    await rota.drop_out(north, pool_id)
    say("A project imports what it had counted before it joined")
    await counting.import_old_table(north, pool_id)
    say("A second release of the protocol: adopted here, pending there")
    await sharing.second_release(north)
    await desk.lay_on_the_desk(north)
    await wait_until_agreed(north, south)


async def bring_together(north: Stage, south: Stage, say: Say) -> UUID:
    """Set up both nodes, join them, and found a pool over both; give the pool."""
    for stage in (north, south):
        say(f"{stage.settings.node_name}: projects, people, trainings, availability")
        await people.settle_in(stage)
    say("The nodes join: an invitation link, four words typed on both sides")
    await pool.join_nodes(north, south)
    say("One pool over both nodes, handles for every worker")
    pool_id = await pool.found_pool(north)
    await pool.bring_in(north, south, pool_id)
    for stage in (north, south):
        await pool.hand_out_handles(stage, pool_id)
    await wait_until_agreed(north, south)
    return pool_id
