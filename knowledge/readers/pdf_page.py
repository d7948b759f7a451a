"""What a PDF page shows, as words with their boxes and as ruled lines; positions in points from the top left corner."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_BOLD_WEIGHT = 600
_THIN = 2.5
_TOUCHING = 0.35
_BULLET_SIDES = (2.0, 8.0)


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without a blank; `size` is the height of its font as it stands on the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool

    @property
    def middle(self) -> float:
        """Its height on the page."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn straight line; `across` when it is horizontal."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def across(self) -> bool:
        """Whether it is horizontal."""
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """One page: `number` is 1-based."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...]


def read_page(document: Any, index: int) -> Page:
    """The words and rules of a page."""
    page = document[index]
    try:
        width, height = page.get_size()
        origin_left, origin_bottom = page.get_cropbox()[:2]
        rules, bullets = _drawn(page, height, origin_left, origin_bottom)
        text_page = page.get_textpage()
        try:
            words = list(_words(text_page, height, origin_left, origin_bottom))
        finally:
            text_page.close()
    finally:
        page.close()
    return Page(index + 1, width, height, tuple(words + bullets), tuple(rules))


def _words(text_page: Any, height: float, dx: float, dy: float) -> Iterator[Word]:
    raw = text_page.raw
    box = pdfium_c.FS_RECTF()
    letters: list[str] = []
    edges: list[float] = []
    first = 0
    for index in range(text_page.count_chars()):
        letter = _letter(pdfium_c.FPDFText_GetUnicode(raw, index))
        if letter.isspace() or not letter:
            if letters:
                yield _word(raw, first, letters, edges)
            letters, edges = [], []
            continue
        if not pdfium_c.FPDFText_GetLooseCharBox(raw, index, ctypes.byref(box)):
            continue
        left, right, top, bottom = box.left - dx, box.right - dx, height - box.top + dy, height - box.bottom + dy
        smaller = letters and letter.isalnum() and not 0.8 < (bottom - top) / max(edges[3] - edges[1], 0.1) < 1.25
        if letters and (smaller or _apart(edges, left, top, bottom)):
            yield _word(raw, first, letters, edges)
            letters, edges = [], []
        if not letters:
            first = index
            edges = [left, top, right, bottom]
        else:
            edges = [min(edges[0], left), min(edges[1], top), max(edges[2], right), max(edges[3], bottom)]
        letters.append(letter)
    if letters:
        yield _word(raw, first, letters, edges)


def _letter(code: int) -> str:
    """A character; private-use bullets of symbol fonts become plain ones, a hyphen at a line's end stays a hyphen."""
    if code in (0, 0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return "-" if code == 0xFFFE else ""
    if code == 0x02:
        return "-"
    return "•" if 0xE000 <= code <= 0xF8FF else chr(code)


def _apart(edges: list[float], left: float, top: float, bottom: float) -> bool:
    """Whether a character cannot belong to the word so far: another line, or a jump along this one."""
    high = max(edges[3] - edges[1], 1.0)
    return top > edges[3] or bottom < edges[1] or left > edges[2] + 0.6 * high or left < edges[0] - high


def _word(raw: Any, first: int, letters: list[str], edges: list[float]) -> Word:
    weight = int(pdfium_c.FPDFText_GetFontWeight(raw, first))
    bold = weight >= _BOLD_WEIGHT or "bold" in _font(raw, first)
    return Word("".join(letters), edges[0], edges[1], edges[2], edges[3], edges[3] - edges[1], bold)


def _font(raw: Any, index: int) -> str:
    buffer = ctypes.create_string_buffer(96)
    pdfium_c.FPDFText_GetFontInfo(raw, index, buffer, 96, None)
    return buffer.value.decode("latin-1").lower()


def _drawn(page: Any, height: float, dx: float, dy: float) -> tuple[list[Rule], list[Word]]:
    """Lines and the edges of boxes; small drawn squares and discs are bullets."""
    rules: list[Rule] = []
    bullets: list[Word] = []
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        rule = Rule(left - dx, height - top + dy, right - dx, height - bottom + dy)
        wide, high = right - left, top - bottom
        if min(wide, high) <= _THIN < max(wide, high):
            rules.append(rule)
        elif _BULLET_SIDES[0] <= wide <= _BULLET_SIDES[1] and abs(wide - high) < 1:
            bullets.append(Word("•", rule.left, rule.top, rule.right, rule.bottom, high, False))
    return rules, bullets


def joined(words: Sequence[Word]) -> str:
    """Words of one line as text. A small raised figure joins a unit ("m2") and is set off elsewhere ("10^9")."""
    text = ""
    last: Word | None = None
    for word in words:
        if last is not None and word.left - last.right < _TOUCHING * last.size and _is_small(word, last):
            raised = word.bottom < last.bottom - 0.1 * last.size
            unit = len(re.split(r"[^A-Za-z]", text)[-1]) in (1, 2)
            text += ("^" if raised and word.text[0].isalnum() and not unit else "") + word.text
        elif last is not None and word.left - last.right < 0.05 * word.size and _is_small(last, word):
            text += word.text if not word.text[0].isalnum() or last.bottom >= word.bottom else f" {word.text}"
        else:
            text += f" {word.text}"
        last = word
    return text.strip()


def _is_small(word: Word, beside: Word) -> bool:
    return word.bottom - word.top < 0.85 * (beside.bottom - beside.top)


def open_document(data: bytes) -> Any:
    """A PDFium document; raises PdfiumError for anything PDFium cannot open."""
    return pdfium.PdfDocument(data)
