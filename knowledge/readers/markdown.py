"""Markdown and plain text: headings open sections; items, paragraphs and tables, also flattened ones, become lines."""

from __future__ import annotations

import re

from knowledge.errors import ContentFault
from knowledge.models import BlockKind, ReadFile
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.tables import Cell, Row, add_table, is_caption
from knowledge.sections import opens_part

_HEADING = re.compile(r"(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
_RULE = re.compile(r"\s*(?:[-*_]\s*){3,}$")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,2}[.)])(?:\s+(?P<text>.*))?$")
# Flattened tables lose the break between the lines of a cell: "DoseCombination", "placeboN=120", "Grade 1.Resume".
_GLUED = re.compile(r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})|(?<=[a-z]{3})(?=N ?= ?\d)|(?<=[a-z\d][.,;:])(?=[A-Z][a-z]{2})")
_GROUP_WORDS = 14
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
            title, draft = words, outline.open(level, words) if opens_part(words) else None
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
            end = _end_of_table(lines, index)
            _add_rows(draft, lines[index:end])
            index = end
            continue
        index += 1 + _add_line(draft, line, lines[index + 1] if index + 1 < len(lines) else "")


def _end_of_table(lines: list[str], start: int) -> int:
    """Where a table ends: a lone short line between two rows is the name of a group of rows."""
    end = start
    while end < len(lines):
        group = end + 1 < len(lines) and _is_row(lines[end + 1]) and _names_group(lines[end])
        if not (_is_row(lines[end]) or group):
            break
        end += 1
    return end


def _names_group(line: str) -> bool:
    words = line.split()
    plain = not _ITEM.match(line) and not is_caption(line) and not line.rstrip().endswith(".")
    return plain and 0 < len(words) <= _GROUP_WORDS


def _add_line(draft: Draft, line: str, following: str) -> int:
    """Add one line; returns how many further lines it used (an item whose text stands on the next line)."""
    item = _ITEM.match(line)
    if item and line.lstrip().startswith("* ") and _below_table(draft):
        draft.add(BlockKind.FOOTNOTE, "* " + _plain(item["text"] or ""))
        return 0
    if item and not _RULE.match(line):
        words = item["text"] or ""
        if not words.strip() and following.strip() and not _ITEM.match(following) and not _is_row(following):
            draft.add(BlockKind.LIST_ITEM, _plain(following))
            return 1
        draft.add(BlockKind.LIST_ITEM, _plain(words))
        return 0
    draft.add(BlockKind.PARAGRAPH, _plain(line.lstrip("> ")))
    return 0


def _below_table(draft: Draft) -> bool:
    """Whether the last line belongs to a table, so that a star opens a note to it and not a list."""
    if not draft.lines:
        return False
    last = draft.lines[-1]
    return last.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or is_caption(last.text)


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
        cells = tuple(Cell(_GLUED.sub(" ", _plain(cell))) for cell in re.split(r"(?<!\\)\|", bare))
        rows.append(Row(cells, group="thead" if rule is not None and index < rule else "tbody"))
    add_table(draft, "", rows)


def _plain(text: str) -> str:
    """Markdown's marks taken off, the words left."""
    bare = _LINK.sub(lambda found: "" if found[0].startswith("!") else found[1], text.replace("\\|", "|"))
    for _ in range(2):
        bare = _EMPHASIS.sub(r"\2", bare)
    return clean(re.sub(r"<br\s*/?>", " ", bare).replace("`", ""))
