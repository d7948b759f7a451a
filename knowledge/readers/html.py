"""HTML: headings open sections; what a browser would not show as text (scripts, navigation, forms) is left out."""

from __future__ import annotations

from lxml import etree, html

from knowledge.errors import ContentFault
from knowledge.models import BlockKind, ReadFile
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.tables import Cell, Row, add_table
from knowledge.readers.text import decode
from knowledge.sections import opens_part

Element = etree._Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = frozenset(
    {"script", "style", "noscript", "template", "head", "nav", "form", "button", "input", "select", "textarea"}
    | {"iframe", "object", "svg", "canvas", "audio", "video"}
)
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "summary"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
_MAX_DEPTH = 200


def read_html(data: bytes, place: str) -> ReadFile:
    """Sections of an HTML page, its title and language. ContentFault when it holds no text or is nested without end."""
    text = decode(data, place)
    try:
        root = html.document_fromstring(_without_declaration(text), parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ContentFault(place, f"cannot be read as HTML: {error}; replace the file") from error
    reader = _Reader(place)
    body = root.find("body")
    reader.walk(body if body is not None else root, 0)
    reader.flush()
    sections = reader.outline.finish()
    if not sections:
        raise ContentFault(place, "holds no text to read; replace the file")
    title = root.findtext("head/title")
    return ReadFile(sections, title=reader.title or clean(title or "") or None, language=root.get("lang") or None)


def _without_declaration(text: str) -> str:
    """lxml refuses a str that declares its encoding in an XML declaration."""
    return text.split("?>", 1)[1] if text.lstrip().startswith("<?xml") and "?>" in text else text


class _Reader:
    """Walks the page once, gathering inline text into the line that the next block boundary closes."""

    def __init__(self, place: str) -> None:
        self.outline = Outline()
        self.title: str | None = None
        self._place = place
        self._draft: Draft | None = None
        self._run: list[str] = []
        self._kind = BlockKind.PARAGRAPH

    def walk(self, element: Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ContentFault(self._place, f"elements are nested more than {_MAX_DEPTH} deep; simplify the page")
        self._run.append(element.text or "")
        for child in element:
            self._take(child, depth + 1)
            self._run.append(child.tail or "")

    def _take(self, child: Element, depth: int) -> None:
        name = child.tag.lower() if isinstance(child.tag, str) else ""
        if not name or name in _LEFT_OUT or _hidden(child):
            return
        if name in _HEADINGS:
            self.flush()
            self._open(_HEADINGS[name], clean("".join(map(str, child.itertext()))))
        elif name == "table" and _is_data(child):
            self.flush()
            self._table(child)
        elif name == "br" or name in _BLOCKS:
            self.flush()
            if name == "li":
                self._kind = BlockKind.LIST_ITEM
            self.walk(child, depth)
            self.flush()
            if name == "li":
                self._kind = BlockKind.PARAGRAPH
        else:
            self.walk(child, depth)

    def flush(self) -> None:
        """Close the line gathered so far; only the first line of an item is the item."""
        text = clean("".join(self._run))
        self._run = []
        if text:
            self._here().add(self._kind, text)
            self._kind = BlockKind.PARAGRAPH

    def _open(self, level: int, heading: str) -> None:
        if not heading:
            return
        if level == 1 and self.title is None:
            self.title = heading
            self._draft = self.outline.open(level, heading) if opens_part(heading) else None
        else:
            self._draft = self.outline.open(level, heading)

    def _here(self) -> Draft:
        if self._draft is None:
            self._draft = self.outline.open(1, "")
        return self._draft

    def _table(self, table: Element) -> None:
        caption = table.find("caption")
        rows = [_row(row) for row in table.iter("tr") if _table_of(row) is table]
        add_table(self._here(), clean("".join(map(str, caption.itertext()))) if caption is not None else "", rows)


def _hidden(element: Element) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style


def _is_data(table: Element) -> bool:
    """A table without tables inside and with two cells in a row somewhere; others only lay out the page."""
    nested = any(inner is not table for inner in table.iter("table"))
    return not nested and any(len(row.findall("td")) + len(row.findall("th")) > 1 for row in table.iter("tr"))


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors("table"), None)


def _row(row: Element) -> Row:
    elements = [cell for cell in row if cell.tag in ("td", "th")]
    cells = tuple(Cell(_cell_text(cell), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in elements)
    group = str(getattr(row.getparent(), "tag", "tbody"))
    named = bool(elements) and all(cell.tag == "th" for cell in elements)
    return Row(cells, group=group if group in ("thead", "tfoot") else "tbody", named=named)


def _cell_text(cell: Element) -> str:
    """A cell's text, its inner blocks set apart by blanks."""
    parts = [cell.text or ""]
    for inner in cell.iterdescendants():
        apart = inner.tag in _BLOCKS or inner.tag == "br"
        parts += [" " if apart else "", (inner.text or "") if isinstance(inner.tag, str) else ""]
        parts += [" " if apart else "", inner.tail or ""]
    return clean("".join(parts))


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 100) if value.isdecimal() else 1
