"""How commands are grouped and found: a typo gets the nearest word, not a page of help."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from msptool.cli import manual

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class Helpful(click.Group):
    """A group that keeps the order of its commands and names the nearest one on a typo."""

    command_class = manual.Verb
    context_class = manual.Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or raise with the nearest words."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            import difflib

            known = self.list_commands(ctx)
            near = difflib.get_close_matches(name, known, n=2, cutoff=0.5)
            raise click.exceptions.NoSuchCommand(name, f"no command {name!r}", near, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with its first sentences, whole."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, _first_paragraph(command)) for name, command in found if command]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Lazy(Helpful):
    """A group whose commands stand in modules of their own, imported only to use them; `modules`
    names each one's, in the order of use.
    """

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands, those of modules last."""
        return [*self.commands, *self.modules]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command."""
        if cmd_name not in self.modules:
            return self.commands.get(cmd_name)
        module = import_module(f"msptool.cli.{self.modules[cmd_name]}")
        found = getattr(module, cmd_name, None) or getattr(module, f"{cmd_name}_")
        return found if isinstance(found, click.Command) else None


def _first_paragraph(command: click.Command) -> str:
    return " ".join((command.help or "").partition("\n\n")[0].split())
