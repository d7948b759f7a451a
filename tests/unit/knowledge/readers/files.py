"""Small files of every format, made for a test: an SPL, a Word file, slides, a PDF laid out by coordinates."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import docx
import pptx
from pptx.util import Inches


def spl(body: str, *, title: str = "<title>SOLVANTA tablets</title>", head: str = "") -> bytes:
    """An SPL around the given sections."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
<document xmlns="urn:hl7-org:v3">{title}
<effectiveTime value="20260214"/><setId root="ABCDEF00-0000-4000-8000-000000000001"/><versionNumber value="7"/>
<component><structuredBody>
<component><section><code code="48780-1"/><subject><manufacturedProduct><manufacturedProduct><name>SOLVANTA</name>
<asEntityWithGeneric><genericMedicine><name>solvantine</name></genericMedicine></asEntityWithGeneric>
<ingredient classCode="ACTIB"><ingredientSubstance><name>SOLVANTINE MALEATE</name></ingredientSubstance></ingredient>
<ingredient classCode="IACT"><ingredientSubstance><name>LACTOSE</name></ingredientSubstance></ingredient>
</manufacturedProduct></manufacturedProduct></subject></section></component>
{body}
</structuredBody></component></document>""".encode()


def spl_section(inner: str, *, code: str = "42229-5", title: str | None = None, children: str = "") -> str:
    """One section of an SPL with its text and its subsections."""
    heading = f"<title>{title}</title>" if title is not None else ""
    text = f"<text>{inner}</text>" if inner else ""
    return f'<component><section><code code="{code}"/>{heading}{text}{children}</section></component>'


def word_file() -> bytes:
    """A Word file with headings, a list and a table with a merged cell."""
    document = docx.Document()
    document.add_heading("SOLVANTA payer guide", 0)
    document.add_heading("Important Safety Information", 1)
    document.add_paragraph("SOLVANTA can cause dizziness.")
    document.add_heading("2 Coverage", 1)
    document.add_paragraph("Ask for a form.", style="List Bullet")
    table = document.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, (("Plan", "Tier"), ("North", "2"), ("South", "3")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    return _saved(document)


def slides() -> bytes:
    """Two slides: a title with a table and notes; safety information below a text box."""
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[5])
    first.shapes.title.text = "Once a day"
    table = first.shapes.add_table(2, 2, Inches(1), Inches(3), Inches(4), Inches(1)).table
    for row, texts in enumerate((("Arm", "Response"), ("SOLVANTA", "62%"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    first.notes_slide.notes_text_frame.text = "Pause here."
    second = deck.slides.add_slide(deck.slide_layouts[6])
    lower = second.shapes.add_textbox(Inches(1), Inches(4), Inches(6), Inches(1)).text_frame
    lower.text = "Important Safety Information"
    lower.add_paragraph().text = "Do not use in children."
    upper = second.shapes.add_textbox(Inches(1), Inches(1), Inches(6), Inches(1)).text_frame
    upper.text = "Works from week one."
    return _saved(deck)


def _saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def archive(parts: dict[str, bytes]) -> bytes:
    """A ZIP of the given parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return buffer.getvalue()


@dataclass(frozen=True)
class Ink:
    """A line of text on a page, `x` and `y` from the top left corner in points."""

    x: float
    y: float
    text: str
    bold: bool = False
    size: float = 10


def pdf(
    pages: Sequence[Sequence[Ink]], *, rules: Sequence[tuple[float, float, float, float]] = (), encrypted: bool = False
) -> bytes:
    """A PDF of 612 x 792 points; `rules` are drawn on every page as (left, top, right, bottom)."""
    objects = ["", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>")
    contents: dict[str, int] = {}
    kids = []
    for page in pages:
        drawn = _content(page, rules)
        if drawn not in contents:
            objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
            contents[drawn] = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {contents[drawn]} 0 R"
            " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects, encrypted)


def _content(page: Sequence[Ink], rules: Sequence[tuple[float, float, float, float]]) -> str:
    texts = []
    for ink in page:
        escaped = ink.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        font = "F2" if ink.bold else "F1"
        texts.append(f"BT /{font} {ink.size} Tf {ink.x} {792 - ink.y} Td ({escaped}) Tj ET")
    lines = [f"{x0} {792 - y0} m {x1} {792 - y1} l S" for x0, y0, x1, y1 in rules]
    return "\n".join(texts + lines)


def _assembled(objects: list[str], encrypted: bool) -> bytes:
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >> /ID [<01> <01>]"
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R {lock if encrypted else ''} >>"
    out.write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
