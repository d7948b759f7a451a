"""Markdown and HTML: headings open sections; paragraphs, lists and tables become lines."""

from __future__ import annotations

import re

from knowledge.errors import ContentFault
from knowledge.models import BlockKind, ReadFile
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.tables import Cell, Row, add_table

_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])(?:\s+(?P<text>.*))?$")
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|__|\*|_)(?=\S)(.+?)(?<=\S)\1(?![\w*])")
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:https?://|mailto:|[#/.]|[\w/-]+\.\w+)(?:[^()\s]|\([^()]*\))*\)")


def read_markdown(text: str, place: str) -> ReadFile:
    """Sections of a Markdown or plain text file; a single top heading is the document's title."""
    outline = Outline()
    title: str | None = None
    draft: Draft | None = None
    lines: list[str] = []
    for raw in [*text.splitlines(), None]:
        heading = _HEADING.match(raw) if raw is not None else None
        if raw is not None and not heading:
            lines.append(raw)
            continue
        if any(line.strip() for line in lines):
            draft = draft or outline.open(1, "")
            _add_body(draft, lines)
        lines = []
        if heading is None:
            break
        level, words = len(heading[1]), _plain(heading[2])
        if level == 1 and title is None:
            title, draft = words, None
        else:
            draft = outline.open(level, words)
    sections = outline.finish()
    if not sections:
        raise ContentFault(place, "holds headings at most, no text; replace the file")
    return ReadFile(sections=sections, title=title)


def _add_body(draft: Draft, lines: list[str]) -> None:
    """A section's lines: tables (runs of lines with " | "), items, paragraphs."""
    index = 0
    while index < len(lines):
        line = lines[index]
        if _is_row(line):
            end = index
            while end < len(lines) and _is_row(lines[end]):
                end += 1
            _add_rows(draft, lines[index:end])
            index = end
            continue
        index += 1 + _add_line(draft, line, lines[index + 1] if index + 1 < len(lines) else "")


def _add_line(draft: Draft, line: str, following: str) -> int:
    """Add one line; returns how many further lines it used (an item whose text stands on the next line)."""
    item = _ITEM.match(line)
    if item and not _RULE.match(line):
        words = item["text"] or ""
        if not words.strip() and following.strip() and not _ITEM.match(following) and not _is_row(following):
            draft.add(BlockKind.LIST_ITEM, _plain(following))
            return 1
        draft.add(BlockKind.LIST_ITEM, _plain(words))
        return 0
    draft.add(BlockKind.PARAGRAPH, _plain(line.lstrip("> ")))
    return 0


def _is_row(line: str) -> bool:
    return (
        " | " in line
        or line.lstrip().startswith("| ")
        or line.rstrip().endswith(" |")
        or bool("|" in line and _TABLE_RULE.match(line))
    )


def _add_rows(draft: Draft, lines: list[str]) -> None:
    """A run of table lines: with a rule below the header as in Markdown, or flattened, its first line the header."""
    rule = next((i for i, line in enumerate(lines) if _TABLE_RULE.match(line)), None)
    rows = []
    for index, line in enumerate(lines):
        if index == rule:
            continue
        bare = line.strip()
        if rule is not None:
            bare = bare.removeprefix("|").removesuffix("|")
        cells = tuple(Cell(_plain(cell)) for cell in re.split(r"(?<!\\)\|", bare))
        rows.append(Row(cells, group="thead" if rule is not None and index < rule else "tbody"))
    add_table(draft, "", rows)


def _plain(text: str) -> str:
    """Markdown's marks taken off, the words left."""
    bare = _LINK.sub(lambda found: "" if found[0].startswith("!") else found[1], text.replace("\\|", "|"))
    for _ in range(2):
        bare = _EMPHASIS.sub(r"\2", bare)
    return clean(re.sub(r"<br\s*/?>", " ", bare).replace("`", ""))


def read_html(data: bytes, place: str) -> ReadFile:
    """Sections of an HTML page."""
    raise ContentFault(place, "HTML is not read yet")
