"""The server's command: each sub-command is imported only when it is asked for."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "demo": "api.server.demo:demo",
    "scenario": "api.server.scenario:scenario",
    "migrate": "api.server.migrate:migrate",
    "serve": "api.server.serve:serve",
    "plan": "api.server.plan:plan",
    "screen": "api.server.screen:screen",
    "keys": "api.server.keys:keys",
    "work": "api.server.work:work",
    "projects": "api.server.projects:projects",
    "people": "api.server.people:people",
    "partners": "api.server.partners:partners",
    "pools": "api.server.pools:pools",
    "records": "api.server.records:records",
    "backup": "api.server.backup:backup",
    "restore": "api.server.restore:restore",
    "doctor": "api.server.doctor:doctor",
}


class LazyGroup(click.Group):
    """Finds a sub-command's code by name, so that none pays for what another imports."""

    def __init__(self, *, lazy: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]  # click's own long list
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name what can be asked for."""
        return sorted({*super().list_commands(ctx), *self.lazy})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one that was asked for."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = self.lazy[cmd_name].partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.lazy[cmd_name]} is not a command")
        return command


@click.command(cls=LazyGroup, lazy=COMMANDS, name="netreach-server")
def main() -> None:
    """Run a netreach node, and everything that a node's keeper does by hand."""


if __name__ == "__main__":
    main()
