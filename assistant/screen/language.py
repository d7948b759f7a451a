"""Which of the four languages a message is written in: function words and script decide, in microseconds."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.screen.text import Token

_WORDS = {
    "en": [
        "the",
        "and",
        "of",
        "to",
        "in",
        "is",
        "on",
        "for",
        "with",
        "she",
        "he",
        "her",
        "his",
        "was",
        "what",
        "when",
        "about",
        "do",
        "does",
        "can",
        "how",
        "any",
        "at",
        "my",
        "they",
        "it",
        "me",
        "i",
        "you",
        "be",
        "are",
        "has",
        "not",
        "pls",
        "thx",
        "wants",
        "asked",
        "need",
    ],
    "fr": [
        "le",
        "la",
        "les",
        "des",
        "du",
        "une",
        "un",
        "et",
        "est",
        "dans",
        "pour",
        "avec",
        "sur",
        "qui",
        "que",
        "pas",
        "elle",
        "il",
        "au",
        "aux",
        "ce",
        "cette",
        "chez",
        "sous",
        "je",
        "on",
        "ne",
        "nous",
        "vous",
        "plus",
        "par",
        "quelle",
        "quel",
        "sont",
        "son",
        "sa",
        "ses",
        "a",
        "mes",
        "ma",
        "j'ai",
        "d'une",
        "c'est",
        "qu'elle",
    ],
    "de": [
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "mit",
        "bei",
        "fur",
        "von",
        "im",
        "zu",
        "auf",
        "ein",
        "eine",
        "einer",
        "den",
        "dem",
        "sie",
        "er",
        "hat",
        "ich",
        "wie",
        "was",
        "wird",
        "nach",
        "noch",
        "auch",
        "am",
        "es",
        "aus",
        "kann",
        "bitte",
        "gibt",
        "zur",
        "vom",
        "war",
        "unter",
        "mir",
        "wir",
        "uber",
        "ob",
        "nur",
        "seit",
    ],
}
_INDEX: dict[str, tuple[str, ...]] = {
    word: tuple(language for language, words in _WORDS.items() if word in words)
    for words in _WORDS.values()
    for word in words
}
_CJK_SHARE = 0.12


def detect_language(tokens: Sequence[Token]) -> str:
    """`zh-TW`, `fr`, `de` or, in doubt, `en`."""
    words = [t.text for t in tokens if t.text[0].isalpha()]
    if not words:
        return "en"
    cjk = sum("\u3400" <= w[0] <= "\u9fff" for w in words)
    if cjk / len(words) > _CJK_SHARE and cjk >= 2:
        return "zh-TW"
    votes = {"en": 0.5, "fr": 0.0, "de": 0.0}
    for word in words[:400]:
        for language in _INDEX.get(word, ()):
            votes[language] += 1 / len(_INDEX[word])
        for piece, language in (("d'", "fr"), ("l'", "fr"), ("qu'", "fr")):
            votes[language] += word.startswith(piece)
        votes["de"] += word.endswith(("ung", "ungen", "keit", "lich", "tabletten", "patientin"))
        votes["fr"] += word.endswith(("tion", "ement", "euse")) and votes["fr"] >= 1
    return max(votes, key=lambda language: votes[language])
