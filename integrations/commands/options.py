"""Options and helpers that commands share. Imports nothing heavy."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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


def write_text(text: str) -> None:
    """Lines on stdout, as UTF-8 whatever the terminal's locale; what UTF-8 cannot hold is replaced."""
    write_bytes(text.encode("utf-8", "replace") + b"\n")


def complain_of(faults: Iterable[Exception], as_json: bool) -> None:
    """One line (or, with --json, one object) on stderr for each thing that is wrong."""
    for fault in faults:
        line = " ".join(str(fault).split())
        said = (
            to_json({"error": {"code": "content", "message": line}})
            if as_json
            else f"rep: {line}".encode("utf-8", "replace")
        )
        sys.stderr.buffer.write(said + b"\n")
    sys.stderr.flush()


def show_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], as_json: bool, *, empty: str) -> None:
    """A list as JSON, as a table in a terminal, as tab-separated lines in a pipe."""
    if as_json:
        write_json(list(rows))
    elif not rows:
        typer.echo(empty)
    elif sys.stdout.isatty():
        _show_table(rows, columns)
    else:
        for row in rows:
            write_bytes("\t".join(_cell(row[column]) for column in columns).encode("utf-8", "replace") + b"\n")


def _show_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    Console().print(table, markup=False)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = ", ".join(str(item) for item in value)
    return "" if value is None else " ".join(str(value).split())


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """Progress of long work as bars on stderr, one a stage; silent when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None  # noqa: ARG005
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
