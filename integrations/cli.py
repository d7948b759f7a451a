"""The `rep` command: finds the command a person named, loads that one module, turns errors into one line.

`rep --help` must be instant, so this module imports nothing heavy: commands are listed here with a line each and
imported when they are used.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module, metadata
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from typer._click import Command, Context, HelpFormatter
from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from assistant.errors import AssistantError
from knowledge.errors import KnowledgeError

DONE, FAILED, WRONG_USE = 0, 1, 2


class Entry(NamedTuple):
    """Where a command lives and what it is for. `module` holds a typer app named `app`."""

    module: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "init": Entry("integrations.commands.home", "Make a home: settings, database, indexes."),
    "content": Entry("integrations.commands.content", "Approved content: add, list, show, withdraw, check, reindex."),
    "people": Entry("integrations.commands.people", "The roster: load, list."),
    "customers": Entry("integrations.commands.customers", "The customer record: load, list, show, export, erase."),
    "ask": Entry("integrations.commands.ask", "Ask one question of approved content."),
    "brief": Entry("integrations.commands.brief", "What to know before a call, on one screen."),
    "chat": Entry("integrations.commands.chat", "A conversation in the terminal."),
    "batch": Entry("integrations.commands.batch", "JSON lines in, JSON lines out."),
    "referrals": Entry("integrations.commands.referrals", "What another role must handle: list, show, ack, close."),
    "audit": Entry("integrations.commands.audit", "The audit trail: verify, export."),
    "vault": Entry("integrations.commands.vault", "The encrypted originals: rotate their key."),
    "serve": Entry("integrations.commands.serve", "Run every surface that is configured."),
    "doctor": Entry("integrations.commands.doctor", "What is configured, what answers, what is missing."),
    "eval": Entry("integrations.commands.evaluate", "Score against records with known answers."),
    "demo": Entry("integrations.commands.demo", "The sample company, in the terminal."),
}


class LazyCommands(TyperGroup):
    """A command group that knows its commands' names and imports one only when it is used."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002
        """The names, in the order above."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002
        """Import the module of one command; None for a name that is not ours."""
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(COMMANDS[cmd_name].module).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002
        """The list in `--help`, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


app = typer.Typer(cls=LazyCommands, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rep {metadata.version('field-assistant')}")
        raise typer.Exit(DONE)


@app.callback()
def rep(
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The home to use; else REP_HOME, else ~/.rep.")] = None,
    version: Annotated[  # noqa: ARG001  the callback has done its work by then
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """The assistant field teams ask before a call and tell after it. --home may stand before or after a command."""
    context.obj = home


def main() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 something failed, 2 wrong use."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line; every expected error becomes one line (with --json one object) on stderr."""
    as_json = "--json" in arguments
    try:
        outcome = app(_home_first(arguments), standalone_mode=False)
    except ClickException as fault:
        _complain(f"{fault.format_message()} (see: rep --help)", "wrong_use", as_json)
        return WRONG_USE
    except AssistantError as fault:
        _complain(str(fault), fault.code, as_json)
        return FAILED
    except KnowledgeError as fault:
        _complain(str(fault), "content", as_json)
        return FAILED
    except BrokenPipeError:
        # Whoever read our output has gone; closing quietly is what every filter does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (KeyboardInterrupt, typer.Abort):
        return FAILED
    return outcome if isinstance(outcome, int) else DONE


def _home_first(arguments: list[str]) -> list[str]:
    """Move `--home DIR` in front of the command, wherever it was written (not past a bare `--`)."""
    home: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word == "--home":
            value = next(words, None)
            home = [word, value] if value is not None else home
            rest += [] if value is not None else [word]
        elif word.startswith("--home="):
            home = [word]
        else:
            rest.append(word)
    return home + rest


def _complain(message: str, code: str, as_json: bool) -> None:
    line = " ".join(message.split())
    text = json.dumps({"error": {"code": code, "message": line}}) if as_json else f"rep: {line}"
    sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    sys.stderr.flush()
