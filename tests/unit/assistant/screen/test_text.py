from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.screen.text import fold, read


def test_invisible_characters_and_lookalikes_fold_away():
    assert fold("Ig\u200bn\u00adоre")[0] == "ignore"  # the o is Cyrillic
    assert fold("ＭＲＮ")[0] == "mrn"
    assert fold("Übelkeit, nausée")[0] == "ubelkeit, nausee"


@given(st.text(alphabet=st.characters(), max_size=200))
def test_every_token_comes_from_where_it_says(text):
    reading = read(text)
    for token in reading.tokens:
        assert 0 <= token.start < token.end <= len(text)
        assert token.text in fold(text[token.start : token.end])[0]
    assert [t.start for t in reading.tokens] == sorted(t.start for t in reading.tokens)


@given(st.text(max_size=300))
def test_sentences_cover_all_tokens_without_gaps(text):
    reading = read(text)
    ends = [0]
    for start, end in reading.sentences:
        assert start == ends[-1]
        assert end > start
        ends.append(end)
    assert ends[-1] == len(reading.tokens)


def test_abbreviations_and_decimals_end_no_sentence():
    assert len(read("Saw Dr. Okafor at 2.5 mg today. She liked it.").sentences) == 2


def test_lone_surrogates_are_read_as_space():
    assert fold("a\ud800b")[0] == "a b"
