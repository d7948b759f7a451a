"""Whether a question is about a customer's record, what kind of question it is, and what it is about."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from assistant.domain.insight import Topic
from assistant.record.cues import topics_of
from assistant.record.names import fold, surname_cjk, tokens
from knowledge.text import terms


class RecordQuestion(StrEnum):
    """What a question wants of the record, the surest kinds first."""

    LAST_SEEN = "last_seen"
    PROMISES = "promises"
    NEXT_PLANNED = "next_planned"
    CONTACTS = "contacts"
    PREFERENCES = "preferences"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class QuestionCues:
    """The patterns of `questions.toml`."""

    kinds: Mapping[RecordQuestion, re.Pattern[str]]
    sure: frozenset[RecordQuestion]
    singular: re.Pattern[str]
    plural: re.Pattern[str]
    mine: re.Pattern[str]
    past: re.Pattern[str]
    asking: frozenset[str]
    asking_cjk: re.Pattern[str]


@cache
def question_cues() -> QuestionCues:
    """The shipped patterns, read and compiled once."""
    data = tomllib.loads((files("assistant.record") / "questions.toml").read_text(encoding="utf-8"))
    pronoun = data["pronoun"]
    return QuestionCues(
        {RecordQuestion(kind): _one(patterns) for kind, patterns in data["kind"].items()},
        frozenset(RecordQuestion(kind) for kind in data["sure"]),
        _one(pronoun["singular"]),
        _one(pronoun["plural"]),
        _one(pronoun["mine"]),
        _one(data["past"]["patterns"]),
        frozenset(terms(data["asking"]["words"])),
        re.compile(data["asking"]["cjk"]),
    )


def _one(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def kind_of(question: str) -> RecordQuestion | None:
    """What a question would want of the record; None when it asks for something else."""
    return next((kind for kind, pattern in question_cues().kinds.items() if pattern.search(question)), None)


def speaks_of(question: str, name: str) -> bool:
    """Whether it is this person whose saying is asked for: named in or after the words of asking, or by a pronoun.

    "Dr. Chen asks what the label says about her patients" names her before them: it asks of approved content.
    """
    match = question_cues().kinds[RecordQuestion.SAID].search(question)
    if match is None or points_back(match.group()):
        return True
    rest = fold(question)[match.start() :]
    return not name.isascii() or any(token in rest for token in tokens(name))


def is_sure(kind: RecordQuestion) -> bool:
    """Whether a question of this kind is about the record even when nobody is named."""
    return kind in question_cues().sure


def points_back(question: str) -> bool:
    """Whether a question speaks of somebody named before."""
    held = question_cues()
    return bool(held.singular.search(question) or held.plural.search(question))


def asks_of_past(question: str) -> bool:
    """Whether a question asks what somebody said or did: of the record for sure, whoever is meant."""
    return bool(question_cues().past.search(question))


def speaks_of_self(question: str) -> bool:
    """Whether the asker means their own contacts."""
    return bool(question_cues().mine.search(question))


@dataclass(frozen=True, slots=True)
class About:
    """What a question is about beside the customer: topics by lexicon, and the words that are left."""

    topics: frozenset[Topic]
    words: frozenset[str]

    @property
    def anything(self) -> bool:
        """Whether the question narrows nothing down."""
        return not self.topics and not self.words

    def fit(self, sentence: str) -> float:
        """How much a sentence speaks of it; 0 when not at all."""
        if self.anything:
            return 1.0
        shared = len(self.words & frozenset(terms(sentence)))
        return shared + (1.5 if self.topics & frozenset(topics_of(sentence)) else 0.0)


def about(question: str, *names: str) -> About:
    """What a question asks about, without the customer's names, the period and the words of asking."""
    spoken = [token for name in names for token in tokens(name)]
    rest = question
    for token in spoken:
        if not token.isascii():
            rest = rest.replace(token, " ").replace(surname_cjk(token), " ")
    rest = question_cues().asking_cjk.sub(" ", rest)
    named = {term for token in spoken for term in terms(token)}
    return About(frozenset(topics_of(rest)), frozenset(terms(rest)) - question_cues().asking - named)
