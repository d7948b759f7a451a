"""The evaluation questions on the sample point at text that is there."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest
import yaml

from integrations.evals.records import SETS
from integrations.sample.load import CONTENT, OFFSETS
from knowledge.models import Section
from knowledge.readers import read

QUESTIONS = [
    json.loads(line)
    for name in ("sample_questions.jsonl", "sample_questions_tw.jsonl")
    for line in (SETS / name).read_text(encoding="utf-8").splitlines()
]


@cache
def _documents() -> dict[str, tuple[Section, ...]]:
    """Sections by document id, as they are valid on the day the sample is made."""
    held: dict[str, tuple[Section, ...]] = {}
    for entry in yaml.safe_load((CONTENT / OFFSETS).read_text(encoding="utf-8"))["documents"]:
        if entry.get("effective_from", "").startswith("+") or entry.get("status", "approved") != "approved":
            continue
        content = read(CONTENT / entry["file"])
        held.setdefault(entry.get("id") or content.document_id or entry["file"], content.sections)
    return held


def _gold(question: dict[str, Any]) -> list[Section]:
    return [
        section
        for gold in question["gold_sections"]
        for section in _documents()[question["label_id"]]
        if (section.number == gold["number"] if gold["number"] else section.title == gold["title"])
    ]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_is_whole(question: dict[str, Any]) -> None:
    assert question["label_id"] in _documents()
    assert question["answerable"] == (question["expected"] == "answer") == bool(question["gold_sections"])
    sections = _gold(question)
    assert len(sections) >= len(question["gold_sections"])
    for span in question["gold_spans"]:
        assert any(span in section.text for section in sections), span


@pytest.mark.parametrize("question", [q for q in QUESTIONS if "also" in q], ids=lambda question: question["id"])
def test_where_else_it_is_answered_is_there_too(question: dict[str, Any]) -> None:
    for place in question["also"]:
        sections = _documents()[place["document_id"]]
        assert any((section.number or "", section.title) == (place["number"], place["title"]) for section in sections)


def test_the_set_is_wide() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS) >= 120
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)
    assert {question["language"] for question in QUESTIONS} == {"en", "zh-TW", "fr", "de"}
    kinds = Counter(question["kind"] for question in QUESTIONS)
    assert min(kinds[kind] for kind in ("dosing", "off_label", "competitor", "access_price", "not_in_label")) >= 4
    assert sum(not question["answerable"] for question in QUESTIONS) >= len(QUESTIONS) // 6
