from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.models import Block, BlockKind, Passage, Section, SectionKind
from knowledge.units import spans_in, units_of


def section_of(*lines: tuple[BlockKind, str, int | None], title: str = "Dosage") -> Section:
    blocks, at = [], 0
    for kind, text, header in lines:
        blocks.append(Block(kind, at, at + len(text), header))
        at += len(text) + 1
    text = "\n".join(line for _, line, _ in lines)
    return Section(0, "2", title, (title,), SectionKind.DOSAGE, text, tuple(blocks))


PARAGRAPH, ITEM, ROW, HEADER = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER


def test_sentences_of_a_paragraph_are_units_of_their_own():
    units = units_of(section_of((PARAGRAPH, "Start with 2.5 mg. Increase after 4 weeks.", None)))
    assert [unit.text for unit in units] == ["Start with 2.5 mg.", "Increase after 4 weeks."]


def test_a_list_item_knows_the_sentence_that_introduces_it():
    units = units_of(section_of((PARAGRAPH, "Do not use in patients with:", None), (ITEM, "- active bleeding", None)))
    assert units[1].lead == "Do not use in patients with:"


def test_a_row_knows_its_columns_and_its_group():
    section = section_of(
        (HEADER, "Reaction | Placebo | 10 mg", None),
        (ROW, "Week 24", 0),
        (ROW, "Nausea | 4 | 12", 0),
    )
    row = units_of(section)[-1]
    assert (row.header, row.group) == ("Reaction | Placebo | 10 mg", "Week 24")


def test_a_header_row_is_no_unit():
    section = section_of((HEADER, "A | B", None), (ROW, "1 | 2", 0))
    assert [unit.text for unit in units_of(section)] == ["1 | 2"]


def test_every_unit_begins_in_one_passage_and_keeps_its_place():
    section = section_of((PARAGRAPH, "One thing. Another thing. A third.", None))
    units = units_of(section)
    first = Passage("p1", "d", 0, "2", "Dosage", (), SectionKind.DOSAGE, section.text[:25], 0, 25)
    second = Passage("p2", "d", 0, "2", "Dosage", (), SectionKind.DOSAGE, section.text[26:], 26, len(section.text))
    assert [first.text[a:b] for a, b in spans_in(first, units)] == ["One thing.", "Another thing."]
    assert [second.text[a:b] for a, b in spans_in(second, units)] == ["A third."]


@given(
    st.lists(st.tuples(st.sampled_from([PARAGRAPH, ITEM, ROW, HEADER]), st.text(min_size=1).map(str.strip), st.none()))
)
def test_every_unit_is_an_exact_stretch_of_its_section(lines):
    section = section_of(*((kind, " ".join(text.split()) or "x", header) for kind, text, header in lines))
    for unit in units_of(section):
        assert section.text[unit.start : unit.end] == unit.text
