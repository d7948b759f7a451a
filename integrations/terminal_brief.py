"""A brief drawn for a terminal as narrow as a phone: one screen first, the rest when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.domain.brief import Brief, BriefItem, BriefSection
from assistant.record.phrases import excerpt

WIDTH = 72
_ONE_SCREEN_LINE = 100


def show_brief(console: Console, brief: Brief, *, everything: bool = False, more: str = "--more") -> None:
    """Print a brief, or the choice between customers. Without `everything`, about as much as a phone shows at once.

    `more` is how a person asks for the rest.
    """
    width = min(console.width, WIDTH)
    if brief.clarify is not None:
        console.print(Text(brief.clarify.question), width=width)
        for number, choice in enumerate(brief.clarify.choices, start=1):
            console.print(Text(f"  {number}. {choice.label}"), width=width)
        return
    today = brief.today or date.min
    table = Table.grid(padding=(0, 1))
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True, style="dim")
    hidden = 0
    for section in brief.sections:
        shown = section.items if everything else section.items[: section.on_first_screen]
        hidden += len(section.items) - len(shown)
        for row in _rows(section, shown, today, everything):
            table.add_row(*row)
    console.print(table, width=width, highlight=False)
    if hidden:
        console.print(Text(f"+{hidden}: {more}", style="dim"), width=width)


def _rows(
    section: BriefSection, items: tuple[BriefItem, ...], today: date, everything: bool
) -> Iterator[tuple[Text, Text]]:
    for place, item in enumerate(items):
        head = f"{section.title}: " if place == 0 else "  "
        text = item.text if everything else excerpt(item.text, _ONE_SCREEN_LINE)
        line = Text(head, style="bold").append(text, style="red" if item.urgent else "not bold")
        if everything:
            line.append(f"  [{item.source}]", style="dim not bold")
        yield line, Text(age(item.as_of, today))


def age(day: date, today: date) -> str:
    """How old something is, in the fewest letters: "3d", "5w", "7mo", "2y"; "+2d" lies ahead."""
    days = (today - day).days
    sign, days = ("+", -days) if days < 0 else ("", days)
    for unit, length in (("y", 365), ("mo", 60), ("w", 14)):
        if days >= length:
            return f"{sign}{days // {'y': 365, 'mo': 30, 'w': 7}[unit]}{unit}"
    return f"{sign}{days}d"
