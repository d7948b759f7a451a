"""Sections to passages: consecutive whole blocks within a budget, so that what is found can be read as it stands.

A block is cut only when it alone is far over the budget, and then where a sentence ends. A table is cut between rows;
what follows the cut carries the caption and the rows that name the columns as context.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.models import Block, BlockKind, Box, Passage, Section
from knowledge.sections import split_heading
from knowledge.sentences import sentence_spans

BUDGET = 130
HARD_LIMIT = 220

_HEADING_LENGTH = 90
_LEAD_IN_LENGTH = 400

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]+|\d|[^\w\s]")


def tokens(text: str) -> int:
    """About how many tokens an embedding model makes of a text: long words count for several, figures one a digit."""
    return sum(1 + (len(found) - 1) // 7 for found in _TOKEN.findall(text))


def passages(document_key: str, sections: Iterable[Section]) -> list[Passage]:
    """The passages of one document version, in reading order; the same input gives the same ids."""
    return [passage for section in sections for passage in _of_section(document_key, section)]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A block, or a part of one that is far too long, with its size in tokens."""

    block: Block
    start: int
    end: int
    size: int


def _of_section(document_key: str, section: Section) -> Iterator[Passage]:
    number, title = heading_of(section)
    for group in _groups(section):
        start, end = group[0].start, group[-1].end
        text = section.text[start:end]
        blocks = _blocks(group)
        yield Passage(
            id=_identity(document_key, section.ordinal, start, text),
            document_key=document_key,
            section_ordinal=section.ordinal,
            number=number,
            title=title,
            path=section.path,
            kind=section.kind,
            text=text,
            start=start,
            end=end,
            blocks=blocks,
            context=_context(section, group),
            page=next((block.box.page for block in blocks if block.box), section.page),
            box=_box(blocks),
        )


def heading_of(section: Section) -> tuple[str, str]:
    """The section's number and title, each its own or that of the nearest ancestor that has one; "" when none has."""
    number, title = section.number or "", section.title
    for heading in reversed(section.path):
        if number and title:
            break
        above_number, above_title = split_heading(heading)
        number = number or above_number or ""
        title = title or above_title
    return number, title


def _identity(document_key: str, ordinal: int, start: int, text: str) -> str:
    content = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return hashlib.sha256(f"{document_key}\x1f{ordinal}\x1f{start}\x1f{content}".encode()).hexdigest()[:32]


def _pieces(section: Section) -> Iterator[_Piece]:
    for block in section.blocks:
        size = tokens(section.text[block.start : block.end])
        if size <= HARD_LIMIT:
            yield _Piece(block, block.start, block.end, size)
            continue
        yield from _cut(section.text, block)


def _cut(text: str, block: Block) -> Iterator[_Piece]:
    """A huge block as runs of sentences within the budget; a huge sentence, lacking any better place, between words."""
    start: int | None = None
    last = block.start
    size = 0
    for begin, end in _short_spans(text, block):
        more = tokens(text[begin:end])
        if start is not None and size + more > BUDGET:
            yield _Piece(block, start, last, size)
            start, size = None, 0
        start = begin if start is None else start
        last, size = end, size + more
    if start is not None:
        yield _Piece(block, start, last, size)


def _short_spans(text: str, block: Block) -> Iterator[tuple[int, int]]:
    for begin, end in sentence_spans(text[block.start : block.end]):
        yield from _words_within(text, block.start + begin, block.start + end)


def _words_within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if tokens(text[start:end]) <= HARD_LIMIT:
        yield start, end
        return
    begin, size = start, 0
    for found in re.finditer(r"\S{1,400}\s*", text[start:end]):
        more = tokens(found[0])
        if size and size + more > BUDGET:
            yield begin, start + len(text[start : start + found.start()].rstrip())
            begin, size = start + found.start(), 0
        size += more
    yield begin, start + len(text[start:end].rstrip())


def _groups(section: Section) -> Iterator[list[_Piece]]:
    """Runs of pieces within the budget; a lead-in ("... in patients with:") and a caption stay with what follows."""
    group: list[_Piece] = []
    size = 0
    for piece in _pieces(section):
        if group and size + piece.size > BUDGET:
            held = _held_back(section, group)
            if held < len(group):
                yield group[: len(group) - held]
                group = group[len(group) - held :]
                size = sum(member.size for member in group)
            if group and size + piece.size > HARD_LIMIT:
                yield group
                group, size = [], 0
        group.append(piece)
        size += piece.size
    if group:
        yield group


def _held_back(section: Section, group: Sequence[_Piece]) -> int:
    """How many pieces at the end only announce what comes next: captions, header rows, lead-ins, run-in headings."""
    held = 0
    for piece in reversed(group):
        announces = piece.block.kind in (BlockKind.TABLE_CAPTION, BlockKind.TABLE_HEADER)
        line = section.text[piece.start : piece.end]
        if not (announces or line.endswith((":", "：")) or is_run_in_heading(piece.block, line)):
            break
        held += 1
    return held


def is_run_in_heading(block: Block, line: str) -> bool:
    """Whether a paragraph is a heading within the section: a few words that are no sentence."""
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(line) < _HEADING_LENGTH
        and line[-1:] not in ".;,!?)]。；，"
        and line[:1].upper() == line[:1]
        and not line[:1].isdigit()
    )


def _blocks(group: Sequence[_Piece]) -> tuple[Block, ...]:
    return tuple(
        Block(piece.block.kind, piece.start, piece.end, piece.block.header, piece.block.box) for piece in group
    )


def _context(section: Section, group: Sequence[_Piece]) -> str:
    """What stands before the passage and names what is in it: a table's caption and header rows, a list's lead-in."""
    blocks = section.blocks
    row = next((piece.block for piece in group if piece.block.kind is BlockKind.TABLE_ROW), None)
    wanted = header_chain(blocks, row) if row is not None else []
    first = next((i for i, block in enumerate(blocks) if block.end > group[0].start), 0)
    wanted += _lead_in(section, first)
    before = sorted({index for index in wanted if blocks[index].end <= group[0].start})
    return "\n".join(section.text[blocks[index].start : blocks[index].end] for index in before)


def _lead_in(section: Section, first: int) -> list[int]:
    """The paragraph that opens the list whose items, or the run-in heading under which lines, the passage goes on."""
    found: list[int] = []
    in_list = section.blocks[first].kind is BlockKind.LIST_ITEM
    for index in range(first - 1, -1, -1):
        block = section.blocks[index]
        line = section.text[block.start : block.end]
        if in_list and block.kind is BlockKind.PARAGRAPH:
            in_list = False
            if line.endswith((":", "：")) and len(line) < _LEAD_IN_LENGTH:
                found.append(index)
                continue
        if is_run_in_heading(block, line):
            return [index, *found]
    return found


def header_chain(blocks: Sequence[Block], row: Block) -> list[int]:
    """Indexes, in reading order, of the caption and header rows that name a table row's columns."""
    chain: list[int] = []
    index = row.header
    while index is not None and index not in chain:
        chain.append(index)
        index = blocks[index].header
    above = chain[-1] - 1 if chain else -1
    while above >= 0 and blocks[above].kind is BlockKind.FOOTNOTE:
        above -= 1
    if above >= 0 and blocks[above].kind is BlockKind.TABLE_CAPTION:
        chain.append(above)
    return chain[::-1]


def _box(blocks: Sequence[Block]) -> Box | None:
    """The rectangle around the blocks on the passage's first page."""
    boxes = [block.box for block in blocks if block.box]
    here = [box for box in boxes if box.page == boxes[0].page]
    if not here:
        return None
    return Box(
        here[0].page,
        min(box.left for box in here),
        min(box.top for box in here),
        max(box.right for box in here),
        max(box.bottom for box in here),
    )
