"""Sentences of labels, with their abbreviations and figures."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    "parts",
    [
        ["Give 0.5 mg (e.g. Trulicity).", "Then wait."],
        ["Dr. Chen and J. Smith said so.", "See Table 2.", "Stop."],
        ["Avoid vitamin K.", "Do not use.", "Test for hepatitis B.", "Monitor."],
        ["St. John's wort is an inducer [see Drug Interactions (7.1)].", "Monitor INR."],
        ["Bei z. B. Patienten gilt das.", "Nr. 5 bzw. Abb. 2 zeigt es."],
        ["1. Take the pen.", "Is it cold?", "Wait!"],
        ["E. coli vs. Placebo was 3.4% vs. 2.1%.", "Then stop..."],
        ["(See section 4.4.)", "“Quoted.”", "Next."],
    ],
)
def test_latin(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_chinese_needs_no_blank() -> None:
    assert sentences("起始劑量為2.5毫克。每週一次！「好。」完") == [
        "起始劑量為2.5毫克。",
        "每週一次！",
        "「好。」",
        "完",
    ]


def test_a_line_ends_a_sentence() -> None:
    assert sentences("Dose | 5 mg\n\n- once weekly\n") == ["Dose | 5 mg", "- once weekly"]


def test_a_small_letter_goes_on() -> None:
    assert sentences("Use approx. five ml. of it. ok") == ["Use approx. five ml. of it. ok"]


@given(st.text(alphabet=st.sampled_from("aA1. \n。!?)\"'“”(éB")))
def test_spans_cover_every_visible_character_once(text: str) -> None:
    spans = sentence_spans(text)
    assert [a for a, _ in spans] == sorted(a for a, _ in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    kept = "".join(text[a:b] for a, b in spans)
    assert "".join(kept.split()) == "".join(text.split())
