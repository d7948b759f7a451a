"""When two stretches of text count as the same, for scoring: figures must agree, punctuation and case need not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[\u4e00-\u9fff]")
_FACT = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[<>≤≥%+]|(?<![\w.)%\]-])-(?=\d)")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2212", "-"))
_GRAM = 3
_SPAN_SHARE = 0.6
SCREEN_WORDS = 150


def word_list(text: str) -> list[str]:
    """Lower-case Latin words, figures and single Chinese characters."""
    return _WORD.findall(text.lower())


def compact(text: str) -> str:
    """Letters run together and figures set apart with their signs: what an exact quote is compared by."""
    found = _FACT.findall(text.translate(_HYPHENS).lower())
    return "".join(part if part.isalpha() else f" {part} " for part in found)


def holds_span(span: str, text: str) -> bool:
    """Whether a text holds a gold span: at least 60% of its word triples (pairs or words when it is shorter)."""
    size = min(_GRAM, len(word_list(span)))
    wanted = _grams(span, size)
    return len(wanted & _grams(text, size)) >= _SPAN_SHARE * max(1, len(wanted))


def plain(text: str) -> str:
    """Words alone, for comparing headings."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()


def on_screen(texts: Iterable[str], quotes: Iterable[str], words: int = SCREEN_WORDS) -> str:
    """What a phone shows: the sentences, then those quotes they do not already hold, cut after `words` words."""
    said = " ".join(texts)
    extra = [quote for quote in dict.fromkeys(quotes) if compact(quote) not in compact(said)]
    pieces = re.findall(r"[\u4e00-\u9fff]|[^\s\u4e00-\u9fff]+", " ".join([said, *extra]))
    return " ".join(pieces[:words])


def share(part: int, whole: int) -> float:
    """A rounded ratio; 0 of 0 is 0."""
    return round(part / max(1, whole), 3)


def percentile(values: Sequence[float], rank: float) -> float:
    """The value at a rank in 0..1, by the nearest lower position; 0.0 for none."""
    ordered = sorted(values)
    return round(ordered[int(rank * (len(ordered) - 1))], 3) if ordered else 0.0


def _grams(text: str, size: int) -> set[tuple[str, ...]]:
    found = word_list(text)
    return {tuple(found[i : i + size]) for i in range(max(1, len(found) - size + 1))}
