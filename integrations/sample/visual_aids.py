"""Draw the sample's visual aids from `knowledge/sample/visual_aids.toml`, each as PPTX and as PDF.

Run `python -m integrations.sample.visual_aids [FOLDER]` after a change of the slides; the files it writes are kept in
the repository. One source for both renditions, so that a number cannot differ between them.
"""

from __future__ import annotations

import ctypes
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
from pptx import Presentation
from pptx.util import Inches, Pt

CONTENT = Path(__file__).resolve().parents[2] / "knowledge" / "sample"
PAGE = (960.0, 540.0)
MARGIN = 48.0
POINTS_PER_CHARACTER = 0.52


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a title over bullets or a table (its first row names the columns), and a footnote."""

    title: str
    bullets: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text on a PDF page; `x` and `y` in points from the bottom left corner."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False


def aids(source: Path = CONTENT / "visual_aids.toml") -> Iterator[tuple[str, str, tuple[Slide, ...]]]:
    """Yield (file without suffix, title, slides) for every visual aid."""
    for aid in tomllib.loads(source.read_text(encoding="utf-8"))["aid"]:
        yield aid["file"], aid["title"], tuple(_slide(entry) for entry in aid["slide"])


def _slide(entry: dict[str, Any]) -> Slide:
    rows = tuple(tuple(row) for row in entry.get("table", ()))
    return Slide(entry["title"], tuple(entry.get("bullets", ())), rows, entry.get("footnote", ""))


def write_pptx(path: Path, title: str, slides: tuple[Slide, ...]) -> None:
    """Write the slides as a presentation, 16:9."""
    deck = Presentation()
    deck.core_properties.title = title
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    content, title_only = deck.slide_layouts[1], deck.slide_layouts[5]
    for slide in slides:
        page = deck.slides.add_slide(title_only if slide.table else content)
        page.shapes.title.text = slide.title
        page.shapes.title.left, page.shapes.title.width = Inches(0.6), Inches(12.1)
        if slide.table:
            _pptx_table(page, slide.table)
        else:
            _pptx_bullets(page.placeholders[1], slide.bullets)
        if slide.footnote:
            note = page.shapes.add_textbox(Inches(0.6), Inches(6.6), Inches(12.1), Inches(0.6)).text_frame
            note.text = slide.footnote
            note.paragraphs[0].font.size = Pt(14)
    deck.save(str(path))


def _pptx_bullets(body: Any, bullets: tuple[str, ...]) -> None:
    body.left, body.top, body.width, body.height = Inches(0.6), Inches(1.8), Inches(12.1), Inches(4.6)
    body.text_frame.text = bullets[0]
    for bullet in bullets[1:]:
        body.text_frame.add_paragraph().text = bullet
    for paragraph in body.text_frame.paragraphs:
        paragraph.font.size = Pt(22)


def _pptx_table(page: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    shape = page.shapes.add_table(
        len(rows), len(rows[0]), Inches(0.6), Inches(1.9), Inches(12.1), Inches(0.6 * len(rows))
    )
    for row_number, row in enumerate(rows):
        for column, text in enumerate(row):
            shape.table.cell(row_number, column).text = text


def write_pdf(path: Path, slides: tuple[Slide, ...]) -> None:
    """Write the slides as a PDF, one page a slide, in the standard fonts every reader knows."""
    document = pypdfium2.PdfDocument.new()
    raw = pypdfium2.raw
    fonts = {bold: raw.FPDFText_LoadStandardFont(document, name) for bold, name in _FONTS.items()}
    for slide in slides:
        page = document.new_page(*PAGE)
        for line in _lines(slide):
            item = raw.FPDFPageObj_CreateTextObj(document, fonts[line.bold], line.size)
            encoded = ctypes.create_string_buffer((line.text + "\0").encode("utf-16-le"))
            raw.FPDFText_SetText(item, ctypes.cast(encoded, raw.FPDF_WIDESTRING))
            raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, line.x, line.y)
            raw.FPDFPage_InsertObject(page, item)
        raw.FPDFPage_GenerateContent(page)
    document.save(path)


_FONTS = {False: b"Helvetica", True: b"Helvetica-Bold"}


def _lines(slide: Slide) -> Iterator[Line]:
    y = PAGE[1] - 70
    for text in _wrapped(slide.title, 26, PAGE[0] - 2 * MARGIN):
        yield Line(text, MARGIN, y, 26, bold=True)
        y -= 34
    y -= 24
    for bullet in slide.bullets:
        for number, text in enumerate(_wrapped(bullet, 17, PAGE[0] - 2 * MARGIN - 20)):
            yield Line(("- " if number == 0 else "  ") + text, MARGIN, y, 17)
            y -= 23
        y -= 10
    yield from _table_lines(slide.table, y)
    if slide.footnote:
        for number, text in enumerate(_wrapped(slide.footnote, 12, PAGE[0] - 2 * MARGIN)):
            yield Line(text, MARGIN, 44 - 15 * number, 12)


def _table_lines(rows: tuple[tuple[str, ...], ...], top: float) -> Iterator[Line]:
    if not rows:
        return
    first = 300.0
    rest = (PAGE[0] - 2 * MARGIN - first) / (len(rows[0]) - 1)
    y = top
    for row_number, row in enumerate(rows):
        depth = 1
        for column, cell in enumerate(row):
            x, width = (MARGIN, first) if column == 0 else (MARGIN + first + rest * (column - 1), rest)
            wrapped = _wrapped(cell, 15, width - 14)
            depth = max(depth, len(wrapped))
            for number, text in enumerate(wrapped):
                yield Line(text, x, y - 19 * number, 15, bold=row_number == 0)
        y -= 19 * depth + 17


def _wrapped(text: str, size: float, width: float) -> list[str]:
    return textwrap.wrap(text, max(int(width / (size * POINTS_PER_CHARACTER)), 8))


def main(folder: Path = CONTENT) -> None:
    """Draw every aid into `folder`, in place of what is there."""
    for file, title, slides in aids():
        target = folder / file
        target.parent.mkdir(parents=True, exist_ok=True)
        write_pptx(target.with_suffix(".pptx"), title, slides)
        write_pdf(target.with_suffix(".pdf"), slides)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CONTENT)
