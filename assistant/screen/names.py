"""Names of people in a message, and whether a patient or one of the trade is meant.

A name counts as a patient's when it is announced as one, stands beside a patient's number, or has more words of a
patient than of the trade around it. Doctors, nurses and other customers keep their names: the record is about them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from assistant.screen.elements import Annotated
from assistant.screen.identifier_rules import NameWords
from assistant.screen.text import Token

_REACH = 9
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_AGE_AFTER = re.compile(r"^,? ?\(?\d{1,2}(?: ?(?:yo|y/o|yrs?|f|m)\b|,)", re.I)
_INITIALS = re.compile(r"\b[A-Z]\.\s?[A-Z]\.?(?:[A-Z]\.)?(?!\w)|(?<=\bpt )[A-Z]{2}\b|(?<=\bpatient )[A-Z]{2}\b")
_ROOMED = re.compile(r"\b[A-Z]\. ?[A-Z][a-z]+(?=,? (?:rm|room|bed|in \d{3})\b)")
_OWNED = re.compile(
    r"^['’]?s? ?(?:chart|scan|labs?|lab sheet|case|file|record|results|mri|insurance|denial|appeal|auth)\b", re.I
)
_DESCRIBED = re.compile(r"^,? (?:the|her|his|that|a|diabetic|type|who) ?", re.I)
_DESCRIPTION = re.compile(r"^ ?\((?:yes,? )?((?:that|the) [^()]{4,60})\)", re.I)
_ON_PRODUCT = frozenset(("on", "takes", "took", "started", "loves", "using", "uses", "unter", "sous", "with", "for"))
_PRODUCT_REACH = 10
_ZH_TITLES = "先生|小姐|女士|太太|阿嬤|阿公|阿伯|阿姨|婆婆|伯伯|奶奶|爺爺|媽媽|同學|小朋友|老師"
_HIDDEN = "○|〇|Ｏ|O|X|x|\\*"


@dataclass(frozen=True, slots=True)
class PersonName:
    """`[start, end)` of the original text; `initials` for letters alone, `description` for what tells as much."""

    start: int
    end: int
    initials: bool = False
    description: bool = False


@lru_cache(maxsize=1)
def given_names() -> frozenset[str]:
    """Given names, folded."""
    text = resources.files("assistant.screen").joinpath("data", "firstnames.txt").read_text("utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


@lru_cache(maxsize=1)
def _zh_patterns() -> tuple[re.Pattern[str], ...]:
    lines = resources.files("assistant.screen").joinpath("data", "surnames_zh.txt").read_text("utf-8").splitlines()
    singles, doubles = [line for line in lines if not line.startswith("#")]
    surname = f"(?:[{singles}]|{'|'.join(doubles.split())})"
    letter = r"[\u4e00-\u9fff]"
    return (
        re.compile(f"{surname}(?:{_HIDDEN}){{1,2}}{letter}?"),
        re.compile(
            f"(?:病人|病患|患者|個案|名叫|叫做|姓名)[:： ]?({surname}{letter}{{1,2}})"
            r"(?=[ ,，、。;；:：()（(\d先小女太的]|$|病|生|身|用|吃|打|，)"
        ),
        re.compile(f"({surname}{letter}{{1,2}})(?:{_ZH_TITLES})"),
        re.compile(f"({surname})(?:{_ZH_TITLES})"),
        re.compile(
            f"({surname}{letter}{{1,2}})(?= ?[,，(（]? ?(?:病歷|生日|身分證|健保卡|\\d{{1,3}} ?歲|的健保|的事審))"
        ),
    )


def patient_names(note: Annotated, rules: NameWords, anchors: Sequence[tuple[int, int]]) -> list[PersonName]:
    """Names that tell a patient. `anchors` are the places of numbers that already identify one."""
    text = note.reading.original
    found = [n for n in _candidates(note, rules) if _is_patient(n, note, rules, anchors)]
    found += [
        PersonName(m.start(), m.end(), initials=True)
        for m in _INITIALS.finditer(text)
        if _initialled(text, m, rules, anchors)
    ]
    found += [PersonName(m.start(), m.end()) for m in _ROOMED.finditer(text)]
    described = [(n.end, m) for n in found if (m := _DESCRIPTION.match(text[n.end : n.end + 70]))]
    found += [PersonName(at + m.start(1), at + m.end(1), description=True) for at, m in described]
    return found + (_chinese(text, rules) if "zh" in note.language else [])


def _candidates(note: Annotated, rules: NameWords) -> list[PersonName]:
    """Runs of one to three words that look like a person's name."""
    text, known = note.reading.original, given_names()
    tokens = note.reading.tokens
    taken = {i for a, b in note.doctors for i in range(a, b)}
    taken |= {i for p in note.products for i in range(p.first, p.last)}
    taken |= {i for i, t in enumerate(tokens) if t.text in rules.all_words and t.text not in known}
    found: list[PersonName] = []
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and end - at < 3
            and _namelike(text, tokens[end], end == at, known, at < end)
            and end not in taken
        ):
            end += 1
        if end > at:
            found.append(PersonName(tokens[at].start, tokens[end - 1].end))
            at = end
        at += 1
    return found


def _namelike(text: str, token: Token, first: bool, known: frozenset[str], follows: bool) -> bool:
    word = text[token.start : token.end]
    if not word[:1].isalpha() or (not word.isascii() and "\u3400" <= word[0] <= "\u9fff"):
        return False
    if first:
        return token.text in known or (word[0].isupper() and len(word) > 1 and not word.isupper())
    return (word[0].isupper() and (not word.isupper() or len(word) == 1)) or (follows and token.text in known)


def _is_patient(name: PersonName, note: Annotated, rules: NameWords, anchors: Sequence[tuple[int, int]]) -> bool:
    text, tokens = note.reading.original, note.reading.tokens
    inside = [i for i, t in enumerate(tokens) if name.start <= t.start < name.end]
    first, last = inside[0], inside[-1] + 1
    before = [t.text for t in tokens[max(0, first - 3) : first] if t.text not in "\"'“”"][-2:]
    previous = before[-1] if before else ""
    titled = previous in rules.titles or (previous == "." and before[0] in rules.titles)
    introduced = previous in rules.introducers or (
        previous in (":", "is", "named", "(", ",", "a") and len(before) > 1 and before[-2] in rules.introducers
    )
    known = tokens[first].text in given_names()
    beside = _beside(name, anchors) and (known or len(inside) > 1)
    introduced = introduced and (known or not _sentence_start(note, first))
    if not (titled or introduced or known or beside):
        return False
    after = text[name.end : name.end + 24]
    score = 3.0 * introduced + 2.2 * beside + 1.6 * titled + 1.5 * bool(_AGE_AFTER.match(after))
    trade = _near(tokens, first, last, rules.trade)
    score += 2.0 * bool(_OWNED.match(after)) + 0.7 * (known and len(inside) > 1)
    score += 0.6 * (bool(_DESCRIBED.match(after)) and not trade) + 1.0 * _on_product(note, first, last)
    score += 0.8 * any(last <= h.first <= last + 5 and h.name in ("EVENT", "SLANG") for h in note.hits)
    score += _near(tokens, first, last, rules.patient) - 1.3 * trade
    return score >= (1.5 if introduced or titled or beside else 1.7)


def _sentence_start(note: Annotated, first: int) -> bool:
    return any(start == first for start, _ in note.reading.sentences)


def _on_product(note: Annotated, first: int, last: int) -> bool:
    """Whether the name is followed by "on", "takes" and the like and then one of our medicines."""
    tokens = note.reading.tokens
    return any(
        last <= p.first <= last + _PRODUCT_REACH and tokens[p.first - 1].text in _ON_PRODUCT
        for p in note.products
        if p.first > first
    )


def _beside(name: PersonName, anchors: Sequence[tuple[int, int]]) -> bool:
    return any(-3 <= start - name.end <= 25 or 0 <= name.start - end <= 14 for start, end in anchors)


def _near(tokens: Sequence[Token], first: int, last: int, phrases: frozenset[str]) -> float:
    """How many such words stand around, the nearest counting most; the word right before counts double."""
    total = 0.0
    for at in range(max(0, first - _REACH), min(len(tokens), last + _REACH)):
        if first <= at < last:
            continue
        pair = tokens[at].text + " " + tokens[at + 1].text if at + 1 < len(tokens) else ""
        if tokens[at].text in phrases or pair in phrases:
            distance = first - at if at < first else at - last + 1
            total += 2.0 if at == first - 1 else 1.0 if distance <= 3 else 0.5 if distance <= 6 else 0.3
    return total


def _initialled(text: str, match: re.Match[str], rules: NameWords, anchors: Sequence[tuple[int, int]]) -> bool:
    before = re.split(r"[\s,(]+", text[max(0, match.start() - 14) : match.start()].rstrip(" :(").lower())[-1]
    aged = bool(_AGE_AFTER.match(text[match.end() : match.end() + 12])) or bool(
        re.search(r"\d ?(?:yo|f|m|y/o) $", text[max(0, match.start() - 6) : match.start()], re.I)
    )
    if before in ("dr", "dr.", "prof", "prof."):
        return False
    return before in rules.introducers or aged or _beside(PersonName(match.start(), match.end()), anchors)


def _chinese(text: str, rules: NameWords) -> list[PersonName]:
    hidden, announced, titled, single, beside = _zh_patterns()
    found = [PersonName(m.start(), m.end()) for m in hidden.finditer(text)]
    found += [PersonName(m.start(1), m.end(1)) for p in (announced, beside) for m in p.finditer(text)]
    for match in (*titled.finditer(text), *single.finditer(text)):
        around = text[max(0, match.start() - 8) : match.end() + 8]
        trade = sum(word in around for word in rules.trade if "\u3400" <= word[0] <= "\u9fff")
        if not trade and "師" not in text[max(0, match.start() - 1) : match.start()]:
            found.append(PersonName(match.start(1), match.end(1)))
    return found
