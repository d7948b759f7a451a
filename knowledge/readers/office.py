"""Word and PowerPoint: paragraphs, lists and tables in reading order, slides as pages, speaker notes too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pptx
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from lxml import etree

from knowledge.errors import ContentFault
from knowledge.models import BlockKind, Box, ReadFile
from knowledge.readers.archive import check_archive
from knowledge.readers.drafting import Draft, Outline, clean
from knowledge.readers.tables import Cell, Row, add_table
from knowledge.sections import names_part, opens_part

NOTES_TITLE = "Speaker notes"
_HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre|título|overskrift|標題)\s*(\d)", re.IGNORECASE)
_POINT = 12_700  # English metric units in a point


def read_docx(data: bytes, place: str) -> ReadFile:
    """Sections of a Word document by its heading styles."""
    check_archive(data, place)
    document = _open(docx.Document, data, place)
    outline = Outline()
    title: str | None = None
    draft: Draft | None = None
    for item in document.iter_inner_content():
        if isinstance(item, WordTable):
            draft = draft or outline.open(1, "")
            _add_word_table(draft, item)
            continue
        text, level = clean(item.text), _heading_level(item)
        if not text:
            continue
        if level == 0 or (level == 1 and title is None and draft is None):
            title, draft = title or text, outline.open(1, text) if opens_part(text) else None
        elif level is not None:
            draft = outline.open(level, text)
        else:
            draft = draft or outline.open(1, "")
            _add_word_paragraph(draft, item)
    core = document.core_properties
    return _finish(outline, place, title or clean(core.title or "") or None, clean(core.language or "") or None)


def _open(opener: Any, data: bytes, place: str) -> Any:
    """The libraries raise whatever their parts raise on damaged input; to a person it is one fault."""
    try:
        return opener(io.BytesIO(data))
    except (KeyError, ValueError, AttributeError, TypeError, etree.XMLSyntaxError, OSError) as error:
        raise ContentFault(place, f"cannot be opened ({type(error).__name__}); save it anew or replace it") from error


def _finish(outline: Outline, place: str, title: str | None, language: str | None) -> ReadFile:
    sections = outline.finish()
    if not sections:
        raise ContentFault(place, "holds no text to read (pictures only?); replace the file")
    return ReadFile(sections, title=title, language=language)


def _heading_level(paragraph: Paragraph) -> int | None:
    """0 for a document's title, 1 to 9 for headings, None for text; styles are inherited."""
    style = paragraph.style
    while style is not None:
        name = style.name or ""
        if name.casefold() in ("title", "titel", "titre"):
            return 0
        found = _HEADING_STYLE.match(name)
        if found:
            return int(found[1])
        style = style.base_style
    return None


def _add_word_paragraph(draft: Draft, paragraph: Paragraph) -> None:
    style = ((paragraph.style.name if paragraph.style else "") or "").casefold()
    properties = paragraph._p.pPr
    listed = "list" in style or (properties is not None and properties.numPr is not None)
    for index, line in enumerate(filter(None, map(clean, paragraph.text.split("\n")))):
        draft.add(BlockKind.LIST_ITEM if listed and index == 0 else BlockKind.PARAGRAPH, line)


def _add_word_table(draft: Draft, table: WordTable) -> None:
    """python-docx repeats a merged cell at every place it covers: only its first place keeps the text."""
    rows: list[Row] = []
    seen: set[Any] = set()
    for row in table.rows:
        cells = []
        for cell in row.cells:
            known = cell._tc in seen
            seen.add(cell._tc)
            cells.append(Cell("" if known else clean(" ".join(p.text for p in cell.paragraphs))))
        marked = row._tr.trPr is not None and row._tr.trPr.find(f"{{{_WORD}}}tblHeader") is not None
        rows.append(Row(tuple(cells), group="thead" if marked else "tbody"))
    add_table(draft, "", rows)


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read_pptx(data: bytes, place: str) -> ReadFile:
    """One section a slide (its title, its number as page), speaker notes as a section of their own below it."""
    check_archive(data, place)
    deck = _open(pptx.Presentation, data, place)
    outline = Outline()
    title: str | None = None
    for number, slide in enumerate(deck.slides, start=1):
        shape = slide.shapes.title
        heading = clean(shape.text_frame.text) if shape is not None and shape.has_text_frame else ""
        title = title or heading or None
        draft = outline.open(1, heading, page=number, strict=True)
        for other in _in_reading_order(slide.shapes):
            if shape is None or other.shape_id != shape.shape_id:
                draft = _add_shape(outline, draft, other, number)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = outline.open(2, NOTES_TITLE, page=number, strict=True)
            for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                notes.add(BlockKind.PARAGRAPH, "".join(run.text for run in paragraph.runs))
    core = deck.core_properties
    return _finish(outline, place, clean(core.title or "") or title, clean(core.language or "") or None)


def _in_reading_order(shapes: Any) -> Iterator[Any]:
    """Shapes, those of groups included, from top to bottom and left to right."""
    found: list[Any] = []
    for shape in shapes:
        found += list(_in_reading_order(shape.shapes)) if hasattr(shape, "shapes") else [shape]
    yield from sorted(found, key=lambda shape: (round((shape.top or 0) / (12 * _POINT)), shape.left or 0))


def _add_shape(outline: Outline, draft: Draft, shape: Any, page: int) -> Draft:
    """Add a shape's text; a text box that opens safety information or the indication begins a section of its own."""
    if getattr(shape, "has_table", False) and shape.has_table:
        rows = [Row(tuple(map(_slide_cell, row.cells))) for row in shape.table.rows]
        add_table(draft, "", rows)
        return draft
    if not shape.has_text_frame:
        return draft
    box = _box(shape, page)
    for paragraph in shape.text_frame.paragraphs:
        text = clean("".join(run.text for run in paragraph.runs) or paragraph.text)
        if names_part(text):
            draft = outline.open(2, text, page=page, strict=True)
            continue
        bulleted = paragraph.level > 0 or _is_bulleted(paragraph)
        draft.add(BlockKind.LIST_ITEM if bulleted else BlockKind.PARAGRAPH, text, box=box)
    return draft


def _slide_cell(cell: Any) -> Cell:
    return Cell("" if cell.is_spanned else clean(cell.text_frame.text))


def _is_bulleted(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    return properties is not None and any(child.tag.endswith(("}buChar", "}buAutoNum")) for child in properties)


def _box(shape: Any, page: int) -> Box | None:
    if shape.left is None or shape.top is None:
        return None
    left, top = shape.left / _POINT, shape.top / _POINT
    return Box(page, left, top, left + (shape.width or 0) / _POINT, top + (shape.height or 0) / _POINT)
