"""Options and helpers that commands share. Imports nothing heavy."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date or time like 2026-11-22 or 2026-11-22T09:30:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


As = Annotated[str, typer.Option("--as", help="Who asks: the e-mail address of someone on the roster.")]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        parser=_moment,
        metavar="ISO8601",
        help="Judge validity and deadlines at this moment (UTC unless it names a zone).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, and errors as JSON objects.")]
Product = Annotated[
    str | None, typer.Option("--product", help="What the conversation is about: a brand or generic name.")
]


def command_app(**options: Any) -> typer.Typer:
    """A typer app for one command module, in the plain style all share."""
    return typer.Typer(rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, **options)


def chosen_home(context: typer.Context) -> Path | None:
    """The home given with --home, wherever it stood."""
    home: Path | None = context.find_root().obj
    return home


def write_json(value: Any) -> None:
    """One line of JSON on stdout, as UTF-8 whatever the terminal's locale; survives lone surrogates."""
    write_bytes(to_json(value) + b"\n")


def to_json(value: Any) -> bytes:
    """Compact JSON in UTF-8; text that UTF-8 cannot hold is escaped instead."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value).encode("ascii")


def write_bytes(data: bytes) -> None:
    """To stdout, at once."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
