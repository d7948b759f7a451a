from __future__ import annotations

import pytest

from assistant.screen import lexicon
from assistant.screen.errors import ScreenDataError
from assistant.screen.lexicon import LANGUAGES, PhraseTree, load_classes
from assistant.screen.matters import matters
from assistant.screen.products import drug_groups
from assistant.screen.text import read


def test_longest_phrase_of_each_class_wins():
    tree = PhraseTree([("EVENT", "chest pain"), ("EVENT", "chest"), ("PATIENT", "lad*")])
    hits = tree.match(read("ladies with chest pain").tokens)
    assert [(h.name, h.first, h.last) for h in hits] == [("PATIENT", 0, 1), ("EVENT", 2, 4)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_lexicons_pass_their_own_check(language):
    classes = load_classes(language)
    assert classes["EVENT"]
    assert classes["NEGATION"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("twice, twice", "twice"), ("ab*", "too short"), ("nausea, *", "too short a stem"), (7, "must be one text")],
)
def test_a_bad_entry_is_named(text, said):
    with pytest.raises(ScreenDataError, match="EVENT") as fault:
        lexicon._phrases("xx.toml", "EVENT", text)
    assert "xx.toml" in str(fault.value)
    assert said in str(fault.value)


def test_tables_and_matters_are_whole():
    assert len(drug_groups()) > 100
    assert len(matters()) == 10
