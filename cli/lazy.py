"""Groups of commands that are imported only when somebody asks for them.

Each such module holds one click command called ``command``, and imports click and nothing heavy, so
that help comes at once; what the command runs, it imports inside.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import click


class ModuleGroup(click.Group):
    """A group whose commands are the modules of a package."""

    def __init__(self, *, package: str, modules: Iterable[str], **settings: Any) -> None:
        super().__init__(no_args_is_help=False, **settings)
        self._package = package
        self._modules = {module.replace("_", "-"): module for module in modules}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take no arguments at all as a call for help."""
        return super().parse_args(ctx, args or ["--help"] * (not ctx.resilient_parsing))

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order they were given in."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        if cmd_name not in self._modules:
            return None
        return import_module(f".{self._modules[cmd_name]}", self._package).command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the whole first sentence of each, where click would cut it."""
        commands = [(name, self.get_command(ctx, name)) for name in self._modules]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, found.get_short_help_str(limit=500)) for name, found in commands if found]
            )

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which name is nearest."""
        name = args[0]
        if name not in self._modules and not name.startswith("-") and not ctx.resilient_parsing:
            near = difflib.get_close_matches(name, self._modules, n=1)
            remedy = f"Did you mean {near[0]!r}?" if near else f"Use one of {self.choices}."
            ctx.fail(f"there is no {name!r}. {remedy}")
        return super().resolve_command(ctx, args)

    @property
    def choices(self) -> str:
        """The names, as a sentence lists them."""
        return ", ".join(self._modules)
