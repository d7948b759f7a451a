"""What each reader makes of a small file of its format: sections, lines and their kinds, where they stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.models import BlockKind, ReadFile, Section, SectionKind
from knowledge.readers import read
from tests.unit.knowledge.readers.files import Ink, pdf, slides, spl, spl_section, word_file

DOSES = """<table><caption>Table 1. Doses</caption>
<thead><tr><th rowspan="2">Weight</th><th colspan="2">Dose</th></tr><tr><th>Start</th><th>Later</th></tr></thead>
<tfoot><tr><td colspan="3">* With food.</td></tr></tfoot>
<tbody><tr><td rowspan="2">Under 60 kg</td><td>5 mg<footnote>Half a tablet.</footnote></td><td>10 mg</td></tr>
<tr><td>2 x 10<sup>9</sup>/L</td><td>5 m<sup>2</sup></td></tr></tbody></table>"""


def given(folder: Path, name: str, data: bytes | str) -> ReadFile:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read(path)


def lines(section: Section) -> list[tuple[str, str]]:
    return [(block.kind.value, section.text[block.start : block.end]) for block in section.blocks]


def one(file: ReadFile, title: str) -> Section:
    (found,) = [section for section in file.sections if section.title == title]
    return found


class TestSpl:
    def test_what_the_file_says_of_itself(self, tmp_path: Path) -> None:
        title = "<title>These highlights do not include all of it.<br/>SOLVANTA<sup>®</sup> tablets</title>"
        file = given(tmp_path, "a.xml", spl(spl_section("<paragraph>x y</paragraph>"), title=title))
        assert (file.title, file.document_id) == ("SOLVANTA® tablets", "abcdef00-0000-4000-8000-000000000001")
        assert (file.version, file.effective_from) == ("7", date(2026, 2, 14))
        assert file.names == ("SOLVANTA", "solvantine", "SOLVANTINE MALEATE")

    def test_a_label_without_a_title_is_named_by_its_product(self, tmp_path: Path) -> None:
        file = given(tmp_path, "a.xml", spl(spl_section("<paragraph>x y</paragraph>"), title=""))
        assert file.title == "SOLVANTA prescribing information"

    def test_sections_nest_and_inherit_number_path_and_kind(self, tmp_path: Path) -> None:
        inner = spl_section("<paragraph>Half.</paragraph>") + spl_section(
            "<paragraph>Some.</paragraph>", title="Children"
        )
        sub = spl_section("<paragraph>One.</paragraph>", title="2.1 Adult Dosage", children=inner)
        file = given(
            tmp_path, "a.xml", spl(spl_section("", code="34068-7", title="2 DOSAGE AND ADMINISTRATION", children=sub))
        )
        assert [(s.number, s.title, len(s.path)) for s in file.sections] == [
            ("2.1", "Adult Dosage", 2),
            (None, "", 2),
            (None, "Children", 3),
        ]
        assert {s.kind for s in file.sections} == {SectionKind.DOSAGE}
        assert [s.ordinal for s in file.sections] == [0, 1, 2]

    def test_boxed_warning_is_marked_and_what_repeats_is_left_out(self, tmp_path: Path) -> None:
        boxed = "<paragraph>Bleeding.</paragraph><excerpt><highlight><text>again</text></highlight></excerpt>"
        recent = spl_section("<paragraph>Warnings 2/2026</paragraph>", code="43683-2")
        file = given(tmp_path, "a.xml", spl(spl_section(boxed, code="34066-1", title="WARNING: BLEEDING") + recent))
        (section,) = file.sections
        assert section.kind is SectionKind.BOXED_WARNING
        highlight = "<excerpt><highlight><text><paragraph>again</paragraph></text></highlight></excerpt>"
        body = '<component><section><code code="34067-9"/><text><paragraph>For adults.</paragraph></text>'
        file = given(tmp_path, "b.xml", spl(f"{body}{highlight}</section></component>"))
        assert file.sections[0].text == "For adults."

    def test_a_table_keeps_columns_headers_and_notes(self, tmp_path: Path) -> None:
        section = given(tmp_path, "a.xml", spl(spl_section(DOSES))).sections[0]
        assert lines(section) == [
            ("table_caption", "Table 1. Doses"),
            ("table_header", "Weight | Dose"),
            ("table_header", "| Start | Later"),
            ("table_row", "Under 60 kg | 5 mg [Half a tablet.] | 10 mg"),
            ("table_row", "| 2 x 10^9/L | 5 m2"),
            ("footnote", "* With food."),
        ]
        assert [block.header for block in section.blocks] == [None, None, 1, 2, 2, None]

    def test_a_box_around_text_is_no_table(self, tmp_path: Path) -> None:
        cell = "<paragraph>Call us.</paragraph><list><item>By day.</item></list>"
        box = f"<table><tbody><tr><td>{cell}</td></tr></tbody></table>"
        section = given(tmp_path, "a.xml", spl(spl_section(box))).sections[0]
        assert lines(section) == [("paragraph", "Call us."), ("list_item", "- By day.")]

    def test_lists_nest_and_pictures_go(self, tmp_path: Path) -> None:
        body = (
            "<list><item><caption>•</caption>One<list><item>inner</item></list></item><item>Two</item></list>"
            '<paragraph>See<renderMultiMedia referencedObject="M1"/> this.</paragraph>'
        )
        section = given(tmp_path, "a.xml", spl(spl_section(body))).sections[0]
        assert lines(section) == [
            ("list_item", "- One"),
            ("list_item", "- inner"),
            ("list_item", "- Two"),
            ("paragraph", "See this."),
        ]

    def test_lost_blanks_come_back_between_whole_words_only(self, tmp_path: Path) -> None:
        body = '<paragraph><content styleCode="italics">In vitro</content>studies of C<sub>max</sub>.</paragraph>'
        body += '<paragraph><content styleCode="bold">W</content>arning.</paragraph>'
        section = given(tmp_path, "a.xml", spl(spl_section(body))).sections[0]
        assert section.text == "In vitro studies of Cmax.\nWarning."

    def test_a_title_that_is_a_paragraph_is_text_too(self, tmp_path: Path) -> None:
        title = (
            "This use is for adults in hospital who need oxygen and for children who weigh at least forty kilograms "
        )
        title += "and who"
        file = given(tmp_path, "a.xml", spl(spl_section("<paragraph>More.</paragraph>", title=f"{title} need it.")))
        assert file.sections[0].text == f"{title} need it.\nMore."


class TestMarkdown:
    def test_numbers_decide_what_belongs_where(self, tmp_path: Path) -> None:
        text = "# Solvanta label\n\n## WARNING: BLEEDING\n\nBoxed.\n\n### 1.1 Use\n\nA.\n\n"
        text += "## 4 CONTRAINDICATIONS\n\nB.\n\n"
        text += "### 5.1 Bleeding\n\nC.\n\n## 6 ADVERSE REACTIONS\n\nD.\n\n### 6.1 Trials\n\nE.\n"
        file = given(tmp_path, "a.md", text)
        assert [(s.number, s.path, s.kind.value) for s in file.sections] == [
            (None, ("WARNING: BLEEDING",), "boxed_warning"),
            ("1.1", ("1.1 Use",), "indications"),
            ("4", ("4 CONTRAINDICATIONS",), "contraindications"),
            ("5.1", ("5.1 Bleeding",), "warnings_precautions"),
            ("6", ("6 ADVERSE REACTIONS",), "adverse_reactions"),
            ("6.1", ("6 ADVERSE REACTIONS", "6.1 Trials"), "adverse_reactions"),
        ]

    def test_a_flattened_table_keeps_caption_notes_and_groups(self, tmp_path: Path) -> None:
        rows = "Table 2: Reactions\na Counted once.\nReaction | PlaceboN=10 | SolvantaN=20\nStomach\nNausea | 1 | 2\n"
        section = given(tmp_path, "a.md", f"# T\n\n## 6 ADVERSE REACTIONS\n\n{rows}- Rash\n-\nItch\n").sections[0]
        assert lines(section) == [
            ("table_caption", "Table 2: Reactions"),
            ("footnote", "a Counted once."),
            ("table_header", "Reaction | Placebo N=10 | Solvanta N=20"),
            ("table_row", "Stomach"),
            ("table_row", "Nausea | 1 | 2"),
            ("list_item", "- Rash"),
            ("list_item", "- Itch"),
        ]

    def test_marks_go_and_words_stay(self, tmp_path: Path) -> None:
        text = (
            "# T\n\n**Bold** and *soft*, [a link](https://example.org/x), name [say-it](substance), 3 * 4 * 5, a_b_c.\n"
        )
        text += "\n| A | B |\n|---|---|\n| x | 1 |\n"
        section = given(tmp_path, "a.md", text).sections[0]
        assert lines(section) == [
            ("paragraph", "Bold and soft, a link, name [say-it](substance), 3 * 4 * 5, a_b_c."),
            ("table_header", "A | B"),
            ("table_row", "x | 1"),
        ]

    def test_safety_information_as_a_document_of_its_own(self, tmp_path: Path) -> None:
        text = "# Solvanta: Important Safety Information\n\nDizziness.\n\n## Warnings\n\nFalls.\n\n"
        text += "## Indication\n\nAdults.\n"
        file = given(tmp_path, "a.md", text)
        isi = SectionKind.IMPORTANT_SAFETY_INFORMATION
        assert [section.kind for section in file.sections] == [isi, isi, SectionKind.INDICATIONS]

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("SOLVANTA® (solvantine) is new. OTHERIX (otherine) too.", ("SOLVANTA", "solvantine")),
            ("A trial (randomised) of OTHERIX (otherine).\n\n## A\n\nx\n\n## B\n\ny\n\n## C\n\nz", ()),
        ],
    )
    def test_names_are_those_of_its_own_product(self, tmp_path: Path, text: str, names: tuple[str, ...]) -> None:
        assert given(tmp_path, "a.md", f"# Solvanta guide\n\n{text}\n").names == names


def test_html(tmp_path: Path) -> None:
    page = """<html lang="en"><head><title>T</title><style>p{}</style></head><body><nav>menu</nav><h1>Solvanta</h1>
    <p>First<br>second</p><h2>Important Safety Information</h2><ul><li><p>One <b>two</b></p></li></ul>
    <table><tr><th>A</th><th>B</th></tr><tr><td rowspan="2">x</td><td>1</td></tr><tr><td>2</td></tr></table>
    <p hidden>secret</p><script>bad()</script></body></html>"""
    file = given(tmp_path, "a.html", page)
    assert (file.title, file.language) == ("Solvanta", "en")
    assert lines(file.sections[0]) == [("paragraph", "First"), ("paragraph", "second")]
    assert file.sections[1].kind is SectionKind.IMPORTANT_SAFETY_INFORMATION
    assert lines(file.sections[1]) == [
        ("list_item", "- One two"),
        ("table_header", "A | B"),
        ("table_row", "x | 1"),
        ("table_row", "| 2"),
    ]


def test_word(tmp_path: Path) -> None:
    file = given(tmp_path, "a.docx", word_file())
    assert file.title == "SOLVANTA payer guide"
    assert one(file, "Important Safety Information").kind is SectionKind.IMPORTANT_SAFETY_INFORMATION
    coverage = one(file, "Coverage")
    assert coverage.number == "2"
    assert lines(coverage) == [
        ("list_item", "- Ask for a form."),
        ("table_header", "Plan | Tier"),
        ("table_row", "North | 2 3"),
        ("table_row", "South"),
    ]


def test_slides(tmp_path: Path) -> None:
    file = given(tmp_path, "a.pptx", slides())
    assert [(s.title, s.page, s.text) for s in file.sections] == [
        ("Once a day", 1, "Arm | Response\nSOLVANTA | 62%"),
        ("Speaker notes", 1, "Pause here."),
        ("", 2, "Works from week one."),
        ("Important Safety Information", 2, "Do not use in children."),
    ]
    safety = file.sections[-1]
    assert safety.kind is SectionKind.IMPORTANT_SAFETY_INFORMATION
    box = safety.blocks[0].box
    assert box is not None
    assert (box.page, round(box.top)) == (2, 288)


LEFT = "Solvantine is a tablet that adults take once a day"
RIGHT = "Store the tablets in a dry place below thirty degrees"


class TestPdf:
    def test_numbered_headings_page_and_box(self, tmp_path: Path) -> None:
        page = [
            Ink(72, 90, "WARNING: BLEEDING", bold=True),
            Ink(72, 110, "It can cause bleeding."),
            Ink(72, 140, "4 CONTRAINDICATIONS", bold=True),
            Ink(72, 160, "Do not use after a stroke. Take"),
            Ink(72, 172, "20 mg at most."),
        ]
        file = given(tmp_path, "a.pdf", pdf([page]))
        assert [(s.number, s.title, s.text, s.page) for s in file.sections] == [
            (None, "WARNING: BLEEDING", "It can cause bleeding.", 1),
            ("4", "CONTRAINDICATIONS", "Do not use after a stroke. Take 20 mg at most.", 1),
        ]
        assert [s.kind.value for s in file.sections] == ["boxed_warning", "contraindications"]
        box = file.sections[1].blocks[0].box
        assert box is not None
        assert box.page == 1
        assert 71 < box.left < 73
        assert 145 < box.top < 160 < 172 < box.bottom < 180

    def test_columns_are_read_one_after_the_other(self, tmp_path: Path) -> None:
        page = [Ink(54, 100 + 12 * row, f"{LEFT} {row}") for row in range(12)]
        page += [Ink(316, 100 + 12 * row, f"{RIGHT} {row}") for row in range(12)]
        text = given(tmp_path, "a.pdf", pdf([page])).sections[0].text
        assert text.index(f"{LEFT} 11") < text.index(f"{RIGHT} 0")

    def test_headers_footers_and_page_numbers_go(self, tmp_path: Path) -> None:
        pages = [
            [Ink(72, 30, "Solvanta label, version 3"), Ink(72, 300, f"Fact {word}."), Ink(300, 770, f"{number}")]
            for number, word in enumerate(("one", "two", "three", "four"), start=1)
        ]
        text = " ".join(s.text for s in given(tmp_path, "a.pdf", pdf(pages)).sections)
        assert "version" not in text
        assert text.replace("\n", " ") == "Fact one. Fact two. Fact three. Fact four."

    def test_ruled_tables_become_rows(self, tmp_path: Path) -> None:
        rules = [(72.0, y, 372.0, y) for y in (200.0, 220.0, 240.0, 272.0)]
        rules += [(x, 200.0, x, 272.0) for x in (72.0, 222.0, 372.0)]
        page = [
            Ink(72, 190, "Table 1. Doses"),
            Ink(76, 214, "Weight", bold=True),
            Ink(226, 214, "Dose", bold=True),
            Ink(76, 234, "Under 60 kg"),
            Ink(226, 234, "5 mg"),
            Ink(76, 254, "60 kg and"),
            Ink(76, 266, "more"),
            Ink(226, 254, "10 mg"),
        ]
        section = given(tmp_path, "a.pdf", pdf([page], rules=rules)).sections[0]
        assert lines(section) == [
            ("table_caption", "Table 1. Doses"),
            ("table_header", "Weight | Dose"),
            ("table_row", "Under 60 kg | 5 mg"),
            ("table_row", "60 kg and more | 10 mg"),
        ]
        assert section.blocks[2].header == 1

    def test_highlights_and_contents_are_left_out(self, tmp_path: Path) -> None:
        first = [
            Ink(72, 90, "HIGHLIGHTS OF PRESCRIBING INFORMATION", bold=True),
            Ink(72, 110, "Short version."),
            Ink(72, 140, "FULL PRESCRIBING INFORMATION: CONTENTS*", bold=True),
            Ink(72, 160, "1 INDICATIONS AND USAGE"),
            Ink(72, 180, "* Sections or subsections omitted are not listed."),
        ]
        second = [
            Ink(72, 90, "FULL PRESCRIBING INFORMATION", bold=True),
            Ink(72, 110, "1 INDICATIONS AND USAGE", bold=True),
            *[Ink(72, 140 + 30 * row, f"Fact {row} about its use.") for row in range(6)],
        ]
        file = given(tmp_path, "a.pdf", pdf([first, second]))
        assert [(s.number, s.page) for s in file.sections] == [("1", 2)]
        assert "Short" not in file.sections[0].text


def test_blocks_stand_where_the_text_says(tmp_path: Path) -> None:
    section = given(tmp_path, "a.xml", spl(spl_section(DOSES + "<paragraph>End.</paragraph>"))).sections[0]
    assert "\n".join(section.text[b.start : b.end] for b in section.blocks) == section.text
    assert section.blocks[-1].kind is BlockKind.PARAGRAPH
