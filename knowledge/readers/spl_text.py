"""The narrative block of an SPL section: paragraphs, lists, tables and footnotes to lines, nothing but text lost."""

from __future__ import annotations

import re

from lxml import etree

from knowledge.models import BlockKind
from knowledge.readers.drafting import Draft, clean
from knowledge.readers.tables import Cell, Row, add_table

Element = etree._Element

_BREAK = "\x1f"  # a line break of the source, until it is decided whether a line really ends there
_BULLETS = re.compile(r"[\W_o]*")
_RAISED_JOINED = re.compile(r"[^\w\s]+")
_SHORT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}$")
_GLUED = re.compile(r"(?P<before>[^\W\d_]{3,}|[:;,])$")
_GLUED_NEXT = re.compile(r"[^\W\d_]{3,}|(?:is|in|of|or|to|as|by|at|an|on|be|it)\b")
_BLOCKS = frozenset({"paragraph", "list", "table"})
_ENDS_LINE = re.compile(r"[.:;!?)\]]\s*$")
_STARTS_LINE = re.compile(r"\s*(?:[^\W\d_a-z]|[•·*†‡§¶-]|\d+[.)])")


def tag(element: Element) -> str:
    """An element's local name; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def inline(element: Element, breaks: str = " ") -> str:
    """The text of an element and all it holds, `br` as `breaks`; still to be cleaned."""
    parts: list[str] = [element.text or ""]
    for child in element:
        _append_child(parts, child, breaks)
        parts.append(_spaced(parts, child, child.tail or ""))
    return "".join(parts)


def _append_child(parts: list[str], child: Element, breaks: str) -> None:
    name = tag(child)
    if name == "br":
        parts.append(breaks)
    elif name == "sup":
        _raise(parts, inline(child, breaks).strip())
    elif name == "sub":
        parts.append(inline(child, breaks).strip())
    elif name == "footnote":
        parts.append(f" [{inline(child, ' ').strip()}]")
    elif name in ("", "renderMultiMedia", "footnoteRef"):
        return
    elif name in ("paragraph", "item", "list", "caption", "td", "th", "tr"):
        parts += [" ", inline(child, breaks), " "]
    else:
        parts.append(inline(child, breaks))


def _raise(parts: list[str], text: str) -> None:
    """Superscripts in plain text: "m2" and "BRAND®" join, a power or a footnote letter is told apart by a caret."""
    before = "".join(parts[-4:]).rstrip()
    if not text or _RAISED_JOINED.fullmatch(text) or not before:
        parts.append(text)
        return
    if _SHORT_WORD.search(before) and text[0].isdigit():
        while parts and not parts[-1].strip():
            parts.pop()
        if parts:
            parts[-1] = parts[-1].rstrip()
        parts.append(text)
        return
    parts.append(f"^{text}" if not parts[-1][-1:].isspace() or text[0].isdigit() else text)


def _spaced(parts: list[str], child: Element, tail: str) -> str:
    """Files drop the blank after emphasised words ("In vitro" + "studies"): put it back between two whole words."""
    if not tail or tail[0].isspace() or tag(child) not in ("content", "sup", "linkHtml"):
        return tail
    before = "".join(parts[-3:])
    raised = tag(child) == "sup" and before[-1:].isdigit() and tail[0].isalpha()
    glued = tag(child) == "content" and _GLUED.search(before) and _GLUED_NEXT.match(tail)
    return f" {tail}" if raised or glued else tail


def read_text(text: Element, draft: Draft) -> None:
    """Append the lines of a `text` element, or of anything that may hold paragraphs, lists and tables."""
    run = [text.text or ""]
    for child in text:
        if tag(child) in _BLOCKS:
            _add_lines(draft, "".join(run))
            run = []
            _BLOCK_READERS[tag(child)](child, draft)
        else:
            _append_child(run, child, _BREAK)
        run.append(_spaced(run, child, child.tail or ""))
    _add_lines(draft, "".join(run))


def _add_lines(draft: Draft, run: str, kind: BlockKind = BlockKind.PARAGRAPH) -> None:
    """Add a run of text, its line breaks kept where a line really ends there and not merely wraps."""
    line = ""
    for piece in filter(None, map(clean, run.split(_BREAK))):
        if (line and _ENDS_LINE.search(line)) or (line and _STARTS_LINE.match(piece)):
            draft.add(kind, line)
            line = piece
        else:
            line = f"{line} {piece}".strip()
    draft.add(kind, line)


def _read_paragraph(paragraph: Element, draft: Draft) -> None:
    if any(tag(child) in _BLOCKS for child in paragraph):
        read_text(paragraph, draft)
        return
    style = (paragraph.get("styleCode") or "").lower()
    _add_lines(draft, inline(paragraph, _BREAK), BlockKind.FOOTNOTE if "footnote" in style else BlockKind.PARAGRAPH)


def _read_list(items: Element, draft: Draft) -> None:
    for item in items:
        if tag(item) == "item":
            _read_item(item, draft)
        elif tag(item) == "caption":
            draft.add(BlockKind.PARAGRAPH, inline(item))


def _read_item(item: Element, draft: Draft) -> None:
    """One item is one line; what is nested in it follows as lines of its own."""
    run = [item.text or ""]
    for child in item:
        name = tag(child)
        if name == "caption":
            label = clean(inline(child))
            run.append("" if _BULLETS.fullmatch(label) else f"{label} ")
        elif name in ("list", "table"):
            draft.add(BlockKind.LIST_ITEM, "".join(run))
            run = []
            _BLOCK_READERS[name](child, draft)
        else:
            _append_child(run, child, " ")
        run.append(_spaced(run, child, child.tail or ""))
    draft.add(BlockKind.LIST_ITEM, "".join(run))


def _read_table(table: Element, draft: Draft) -> None:
    caption = table.find("{*}caption")
    rows: list[Row] = []
    for group in table:
        name = tag(group)
        if name in ("thead", "tbody", "tfoot"):
            rows += [_row(row, name) for row in group if tag(row) == "tr"]
        elif name == "tr":
            rows.append(_row(group, "tbody"))
    if _is_layout(rows):
        for row in table.iterfind(".//{*}tr"):
            for cell in row:
                if tag(cell) in ("td", "th"):
                    read_text(cell, draft)
        return
    add_table(draft, clean(inline(caption)) if caption is not None else "", rows)


def _is_layout(rows: list[Row]) -> bool:
    """A table that never has two filled cells in a row is a box around text."""
    return all(sum(bool(cell.text) for cell in row.cells) <= 1 for row in rows)


def _row(row: Element, group: str) -> Row:
    cells = [_cell(cell) for cell in row if tag(cell) in ("td", "th")]
    named = bool(cells) and all(tag(cell) == "th" for cell in row if tag(cell) in ("td", "th"))
    emphasised = all(_is_bold(cell) for cell in row if tag(cell) in ("td", "th") and clean(inline(cell)))
    return Row(tuple(cells), group=group, named=named, emphasised=emphasised)


def _cell(cell: Element) -> Cell:
    return Cell(clean(_cell_text(cell)), _span(cell, "colspan"), _span(cell, "rowspan"))


def _cell_text(cell: Element) -> str:
    parts: list[str] = [cell.text or ""]
    for child in cell:
        if tag(child) == "list":
            parts += [f" • {_item_text(item)} " for item in child.iterfind(".//{*}item")]
        else:
            _append_child(parts, child, " ")
        parts.append(_spaced(parts, child, child.tail or ""))
    return "".join(parts)


def _item_text(item: Element) -> str:
    caption = item.find("{*}caption")
    label = clean(inline(caption)) if caption is not None else ""
    own = [item.text or ""]
    for child in item:
        if tag(child) not in ("caption", "list"):
            _append_child(own, child, " ")
        own.append(child.tail or "")
    text = clean("".join(own))
    return text if not label or re.fullmatch(r"[\W_]*", label) else f"{label} {text}"


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isdigit() else 1


def _is_bold(cell: Element) -> bool:
    bold = [e for e in cell.iter("{*}content") if "bold" in (e.get("styleCode") or "").lower()]
    return bool(bold) and len(clean("".join(map(inline, bold)))) >= len(clean(inline(cell)))


_BLOCK_READERS = {"paragraph": _read_paragraph, "list": _read_list, "table": _read_table}
