"""Passages: exact, whole, within the budget, and the same every time."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.models import BlockKind, Passage, Section
from knowledge.passages import HARD_LIMIT, heading_of, passages, tokens
from knowledge.readers.drafting import Draft, Outline

KEY = "tenant:label:7"
SENTENCE = "The dose is taken once a day with a full glass of water and at about the same time. "
LINES = st.lists(
    st.tuples(
        st.sampled_from([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.FOOTNOTE]),
        st.text(max_size=60)
        | st.integers(0, 12).map(lambda n: SENTENCE * n)
        | st.integers(0, 900).map(lambda n: "x" * n),
    ),
    max_size=14,
)


def section_of(fill: object, heading: str = "2.1 Dosage") -> tuple[Section, ...]:
    outline = Outline()
    draft = outline.open(1, heading)
    fill(draft)  # type: ignore[operator]
    return outline.finish()


def table(draft: Draft, rows: int) -> None:
    draft.add(BlockKind.TABLE_CAPTION, "Table 1. Doses by weight")
    header = draft.add(BlockKind.TABLE_HEADER, "Weight | Dose | Schedule")
    for row in range(rows):
        draft.add(
            BlockKind.TABLE_ROW, f"{row} to {row + 1} kg | {row} mg twice daily | morning and evening", header=header
        )


def check(sections: tuple[Section, ...], found: list[Passage]) -> None:
    """What holds for every passage of every document."""
    assert len({passage.id for passage in found}) == len(found)
    for section in sections:
        own = [passage for passage in found if passage.section_ordinal == section.ordinal]
        previous = 0
        for passage in own:
            assert passage.text == section.text[passage.start : passage.end]
            assert passage.text == passage.text.strip()
            assert previous <= passage.start < passage.end
            assert passage.start == passage.blocks[0].start
            assert passage.end == passage.blocks[-1].end
            for before, after in zip(passage.blocks, passage.blocks[1:], strict=False):
                assert before.end <= after.start
            assert all(line in section.text for line in passage.context.splitlines())
            previous = passage.end
        told = "".join("".join(section.text[b.start : b.end] for b in passage.blocks) for passage in own)
        assert "".join(told.split()) == "".join(section.text.split())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), LINES, st.integers(0, 30)), max_size=4))
def test_offsets_are_exact_and_nothing_is_lost(documents: list[tuple[str, list[tuple[BlockKind, str]], int]]) -> None:
    outline = Outline()
    for heading, lines, rows in documents:
        draft = outline.open(1, heading)
        for kind, line in lines:
            draft.add(kind, line)
        table(draft, rows)
    sections = outline.finish()
    for section in sections:
        assert "\n".join(section.text[block.start : block.end] for block in section.blocks) == section.text
    found = passages(KEY, sections)
    check(sections, found)
    assert found == passages(KEY, sections)


def test_a_passage_keeps_to_its_budget_and_cuts_no_block() -> None:
    def fill(draft: Draft) -> None:
        for _ in range(40):
            draft.add(BlockKind.PARAGRAPH, SENTENCE * 3)

    sections = section_of(fill)
    found = passages(KEY, sections)
    assert len(found) > 10
    assert all(tokens(passage.text) <= HARD_LIMIT for passage in found)
    whole = {(block.start, block.end) for block in sections[0].blocks}
    assert all((block.start, block.end) in whole for passage in found for block in passage.blocks)


def test_a_huge_block_is_cut_where_sentences_end() -> None:
    found = passages(KEY, section_of(lambda draft: draft.add(BlockKind.PARAGRAPH, SENTENCE * 60)))
    assert len(found) > 5
    assert all(passage.text.endswith("time.") and tokens(passage.text) <= HARD_LIMIT for passage in found)


def test_a_split_table_carries_its_caption_and_header() -> None:
    sections = section_of(lambda draft: table(draft, 60))
    first, *rest = passages(KEY, sections)
    assert first.text.startswith("Table 1. Doses by weight\nWeight | Dose | Schedule\n0 to 1 kg")
    assert first.context == ""
    assert {passage.context for passage in rest} == {"Table 1. Doses by weight\nWeight | Dose | Schedule"}
    assert all(block.kind is BlockKind.TABLE_ROW for passage in rest for block in passage.blocks)


def test_what_announces_stays_with_what_it_announces() -> None:
    def fill(draft: Draft) -> None:
        draft.add(BlockKind.PARAGRAPH, SENTENCE * 6)
        draft.add(BlockKind.PARAGRAPH, "Renal Impairment")
        draft.add(BlockKind.PARAGRAPH, "Do not use in patients with:")
        for number in range(30):
            draft.add(BlockKind.LIST_ITEM, f"condition number {number} that lasts for longer than a month")

    first, second, *rest = passages(KEY, section_of(fill))
    assert first.text.endswith("same time.")
    assert second.text.startswith("Renal Impairment\nDo not use in patients with:\n- condition number 0")
    assert {passage.context for passage in rest} == {"Renal Impairment\nDo not use in patients with:"}


def test_number_and_title_come_from_the_nearest_ancestor_that_has_one() -> None:
    outline = Outline()
    outline.open(1, "8 USE IN SPECIFIC POPULATIONS", strict=True)
    outline.open(2, "8.1 Pregnancy", strict=True)
    for level, heading in ((3, "Risk Summary"), (3, "")):
        outline.open(level, heading, strict=True).add(BlockKind.PARAGRAPH, "Text.")
    sections = outline.finish()
    assert [heading_of(section) for section in sections] == [("8.1", "Risk Summary"), ("8.1", "Pregnancy")]
    assert [(p.number, p.title) for p in passages(KEY, sections)] == [("8.1", "Risk Summary"), ("8.1", "Pregnancy")]


def test_ids_follow_the_version_the_place_and_the_words() -> None:
    sections = section_of(lambda draft: draft.add(BlockKind.PARAGRAPH, "One."))
    other = section_of(lambda draft: draft.add(BlockKind.PARAGRAPH, "Two."))
    ids = {passages(key, given_)[0].id for key in (KEY, "other") for given_ in (sections, other)}
    assert len(ids) == 4
