"""The narrative block of an SPL section: paragraphs, lists, tables and footnotes to lines, nothing but text lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from knowledge.models import BlockKind
from knowledge.readers.drafting import ITEM, Draft, clean
from knowledge.readers.tables import Cell, Row, add_table

Element = etree._Element

_BREAK = "\x1f"  # a line break of the source, until it is decided whether a line really ends there
_BULLETS = re.compile(r"[\W_o]*")
_RAISED_JOINED = re.compile(r"[^\w\s]+")
_SHORT_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,2}$")
_GLUED = re.compile(r"(?:[^\W\d_]{3}|[:;,.?!])$")
_GLUED_NEXT = re.compile(r"[^\W\d_]{3}|(?:is|in|of|or|to|as|by|at|an|on|be|it|if|we|no|do|so)\b")
_FRAMED_WORDS = 25
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
    reader = _INLINE_READERS.get(tag(child))
    parts.append(reader(parts, child, breaks) if reader else inline(child, breaks))


def _break(_parts: list[str], _child: Element, breaks: str) -> str:
    return breaks


def _nothing(_parts: list[str], _child: Element, _breaks: str) -> str:
    return ""


def _lowered(_parts: list[str], child: Element, breaks: str) -> str:
    return inline(child, breaks).lstrip()


def _note(_parts: list[str], child: Element, _breaks: str) -> str:
    return f" [{inline(child).strip()}]"


def _picture(_parts: list[str], child: Element, breaks: str) -> str:
    caption = child.find("{*}caption")
    return f" {inline(caption, breaks)} " if caption is not None else ""


def _bullet(_parts: list[str], child: Element, breaks: str) -> str:
    return f" • {inline(child, breaks)} "


def _apart(_parts: list[str], child: Element, breaks: str) -> str:
    return f" {inline(child, breaks)} "


def _label(_parts: list[str], child: Element, breaks: str) -> str:
    """An item's own mark: letters and figures are kept, bullets are not, since every item gets one of ours."""
    label = inline(child, breaks)
    return f" {label} " if re.search(r"[^\W_]", label) else " "


def _raised(parts: list[str], child: Element, breaks: str) -> str:
    """Superscripts in plain text: "m2" and "BRAND®" join, a power or a footnote letter is told apart by a caret."""
    text = inline(child, breaks)
    before = "".join(parts[-4:]).rstrip()
    if not text.strip() or _RAISED_JOINED.fullmatch(text.strip()) or not before:
        return text
    blank = parts[-1][-1:].isspace() or not parts[-1]
    if text.strip()[0].isdigit():
        while parts and not parts[-1].strip():
            parts.pop()
        parts[-1] = parts[-1].rstrip()
        return text.lstrip() if _SHORT_WORD.search(before) else f"^{text.lstrip()}"
    return text if blank else f"^{text.lstrip()}"


def _spaced(parts: list[str], child: Element, tail: str) -> str:
    """Files drop the blank after emphasised words ("In vitro" + "studies"): put it back between two whole words."""
    name = tag(child)
    if not tail or tail[0].isspace() or name not in ("content", "sup", "sub"):
        return tail
    before = "".join(parts[-3:])
    glued = bool(_GLUED.search(before)) if name == "content" else before[-1:].isdigit()
    glued = glued and bool(_GLUED_NEXT.match(tail))
    return f" {tail}" if glued else tail


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
        if name in ("list", "table"):
            draft.add(BlockKind.LIST_ITEM, "".join(run))
            run = []
            _BLOCK_READERS[name](child, draft)
        elif name == "caption":
            run.append(_item_label(child))
        else:
            _append_child(run, child, " ")
        run.append(_spaced(run, child, child.tail or ""))
    draft.add(BlockKind.LIST_ITEM, "".join(run))


def _item_label(caption: Element) -> str:
    label = clean(inline(caption))
    return "" if _BULLETS.fullmatch(label) else f"{label} "


def _read_table(table: Element, draft: Draft) -> None:
    element = table.find("{*}caption")
    caption = clean(inline(element)) if element is not None else ""
    rows: list[Row] = []
    for group in table:
        name = tag(group)
        if name in ("thead", "tbody", "tfoot"):
            rows += [_row(row, name) for row in group if tag(row) == "tr"]
        elif name == "tr":
            rows.append(_row(group, "tbody"))
    if all(sum(bool(cell.text) for cell in row.cells) <= 1 for row in rows):
        _read_box(table, caption, draft)
    else:
        add_table(draft, caption, rows)


def _read_box(table: Element, caption: str, draft: Draft) -> None:
    """A table that never has two filled cells in a row is a box around text, or around a figure."""
    draft.add(BlockKind.PARAGRAPH, caption)
    for row in table.iterfind(".//{*}tr"):
        for cell in _cells(row):
            read_text(cell, draft)


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if tag(cell) in ("td", "th")]


def _row(row: Element, group: str) -> Row:
    elements = _cells(row)
    cells = tuple(Cell(clean(inline(c)), _span(c, "colspan"), _span(c, "rowspan")) for c in elements)
    filled = [element for element, cell in zip(elements, cells, strict=True) if cell.text]
    return Row(
        cells,
        group=group,
        named=bool(elements) and all(tag(element) == "th" for element in elements),
        emphasised=all(map(_is_bold, filled)),
        lines=_inner_lines(filled[0]) if len(filled) == 1 and group != "thead" else (),
    )


def _inner_lines(cell: Element) -> tuple[tuple[BlockKind, str], ...]:
    """The lines of a row's only filled cell, when it holds more than one: text that a table merely frames."""
    inner = Draft(0, "")
    if any(tag(child) in _BLOCKS for child in cell):
        read_text(cell, inner)
    if len(inner.lines) < 2 or sum(len(line.text.split()) for line in inner.lines) < _FRAMED_WORDS:
        return ()
    return tuple((line.kind, line.text.removeprefix(ITEM)) for line in inner.lines)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 100) if value.isdigit() else 1


def _is_bold(cell: Element) -> bool:
    bold = [e for e in cell.iter("{*}content") if "bold" in (e.get("styleCode") or "").lower()]
    return bool(bold) and len(clean("".join(map(inline, bold)))) >= len(clean(inline(cell)))


_INLINE_READERS: dict[str, Callable[[list[str], Element, str], str]] = {
    "": _nothing,
    "br": _break,
    "sup": _raised,
    "sub": _lowered,
    "footnote": _note,
    "footnoteRef": _nothing,
    "renderMultiMedia": _picture,
    "item": _bullet,
    "caption": _label,
    **dict.fromkeys(("paragraph", "list", "table", "tr", "td", "th"), _apart),
}
_BLOCK_READERS: dict[str, Callable[[Element, Draft], None]] = {
    "paragraph": _read_paragraph,
    "list": _read_list,
    "table": _read_table,
}
