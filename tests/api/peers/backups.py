"""A node's backup, made and put back with the commands that its operator uses."""

from pathlib import Path

from tests.api.peers.nodes import RunningNode
from tests.api.server.by_hand_node import at_node, environment_of, said


def environment(node: RunningNode) -> dict[str, str]:
    settings = node.settings
    return environment_of(settings.database_url, settings.keys, settings.base_url)


async def back_up(node: RunningNode, to: Path) -> None:
    await said(environment(node), "backup", str(to))


async def restored(node: RunningNode, backup: Path) -> None:
    await node.engine.dispose()
    # whoever is started again remembers no partner's list
    await node.workshop.close()
    name = node.settings.database_url.rpartition("/")[2].partition("?")[0]
    answer = await at_node(environment(node), "restore", str(backup), typed=f"{name}\n")
    assert answer.exit_code == 0, answer.stderr
