"""PDF: text in reading order with page and box, numbered headings of US and EU labels, ruled tables as rows.

Highlights and contents of a US label repeat what follows and are left out, as are headers and footers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium

from knowledge.errors import ContentFault
from knowledge.models import ReadFile
from knowledge.readers.drafting import clean
from knowledge.readers.pdf_grid import Grid, grids_of
from knowledge.readers.pdf_layout import Line, lines_of, without_running
from knowledge.readers.pdf_page import Page, open_document, read_page
from knowledge.readers.pdf_sections import PdfSections

MAX_PAGES = 1_000

_CONTENTS = re.compile(r"(?:full prescribing information: contents|table of contents|contents)\b", re.IGNORECASE)
_CONTENTS_END = re.compile(r"\*?\s*sections or subsections omitted", re.IGNORECASE)
_HIGHLIGHTS = re.compile(r"highlights of prescribing information", re.IGNORECASE)
_FULL = re.compile(r"full prescribing information$", re.IGNORECASE)
_BOILERPLATE = re.compile(
    r"these highlights do not include.*?safely and effectively\.|see full prescribing information for [^.]*\."
    r"|initial u\.s\. approval.*",
    re.IGNORECASE,
)
_PROGRAM = re.compile(r"\.(?:docx?|pptx?|indd|pdf)\b|^(?:microsoft|untitled|powerpoint|presentation)", re.IGNORECASE)
_TITLE_LENGTH = (5, 200)
_LEFT_AT_LEAST = 0.3


def read_pdf(data: bytes, place: str) -> ReadFile:
    """Sections of a PDF. ContentFault when it is encrypted, damaged, too long, or holds pictures of text only."""
    if b"%%EOF" not in data[-2048:]:
        raise ContentFault(place, "ends before its end mark; get a complete copy")
    document = _open(data, place)
    try:
        count = len(document)
        if count > MAX_PAGES:
            raise ContentFault(place, f"has {count:,} pages, more than the {MAX_PAGES:,} that are read; split it")
        pages = [read_page(document, index) for index in range(count)]
        own_title = clean(str(document.get_metadata_value("Title")))
    except pdfium.PdfiumError as error:
        raise ContentFault(place, f"is damaged ({error}); get a complete copy") from error
    finally:
        document.close()
    if not any(page.words for page in pages):
        raise ContentFault(place, "holds no text, only pictures of it; run text recognition first")
    items = _items(pages)
    reader = PdfSections(_body_size(items))
    for item in _without_repeats(items):
        reader.take(item)
    sections = reader.finish()
    if not sections:
        raise ContentFault(place, "holds no text that could be read; replace the file")
    return ReadFile(sections, title=_title(own_title, reader.title, items))


def _title(own: str, heading: str | None, items: Sequence[Line | Grid]) -> str | None:
    """The file's own title without the boilerplate of highlights, else its first heading, else its first line."""
    own = _BOILERPLATE.sub(" ", own).strip()
    if len(own) > _TITLE_LENGTH[0] and not _PROGRAM.search(own):
        return own[: _TITLE_LENGTH[1]]
    first = next((clean(item.text) for item in items if isinstance(item, Line)), None)
    return heading or first


def _open(data: bytes, place: str) -> Any:
    try:
        return open_document(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ContentFault(place, "is encrypted; save it without a password") from error
        raise ContentFault(place, "is no readable PDF; get a complete copy") from error


def _items(pages: Sequence[Page]) -> list[Line | Grid]:
    """Lines and ruled tables of the whole file in reading order."""
    items: list[Line | Grid] = []
    for page, rows in zip(pages, without_running(pages), strict=True):
        grids = grids_of(page, [word for row in rows for word in row])
        free = ([word for word in row if not any(grid.holds(word) for grid in grids)] for row in rows)
        pending = list(grids)
        for line in lines_of(page, [row for row in free if row]):
            while pending and pending[0].top < line.top:
                items.append(pending.pop(0))
            items.append(line)
        items += pending
    return _merged(items)


def _merged(items: list[Line | Grid]) -> list[Line | Grid]:
    """Ruled tables that go on over the page as one, a header row that is repeated there only once."""
    merged: list[Line | Grid] = []
    for item in items:
        last = merged[-1] if merged else None
        if isinstance(item, Grid) and isinstance(last, Grid) and last.goes_on_in(item):
            merged[-1] = last.joined_with(item)
        else:
            merged.append(item)
    return merged


def _body_size(items: Sequence[Line | Grid]) -> float:
    sizes: Counter[float] = Counter()
    for item in items:
        if isinstance(item, Line):
            sizes[round(item.size, 1)] += len(item.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _without_repeats(items: list[Line | Grid]) -> list[Line | Grid]:
    """Everything from the full prescribing information on, when highlights or contents stand before it."""
    texts = [clean(item.text) if isinstance(item, Line) else "" for item in items]
    start = next((i for i, text in enumerate(texts) if _HIGHLIGHTS.match(text)), None)
    contents = next((i for i, text in enumerate(texts) if _CONTENTS.match(text)), None)
    if contents is None:
        return items
    end = next((i for i in range(contents + 1, len(texts)) if _CONTENTS_END.match(texts[i])), None)
    full = next((i for i in range((end or contents) + 1, len(texts)) if _FULL.match(texts[i])), None)
    if full is None and end is None:
        return items
    after = (full if full is not None else end or 0) + 1
    if len(items) - after < _LEFT_AT_LEAST * len(items):
        return items
    return items[: start if start is not None else contents] + items[after:]
