"""The authored corpus: messages in files of one line each, marked where something must be noticed.

A line is `codes :: text`. Codes: intents by first letter in order (a ask_content, b brief, n capture_note, i
query_insights, r request_action, s small_talk, h help, o other), then "!" when a patient is identified, then
"/role" (fm, msl, mr) when the sender is no rep. Marks in the text: {code|what shows it}, with a adverse_event (or
a:kind of special situation), q product_complaint, m medical_information_request, y the sender's own question, l
msl_engagement, x market_access, s sample_request, k speaker_program, u patient_support, p privacy, c compliance, t
it_support, i injected instruction, n patient identifier. <P> <Q> are ours, <C> is another company's, <D> <E> are
doctors, <S> staff, <N> a patient.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tools.screen import pools

FOLDER = Path(__file__).parent / "messages"
INTENTS = {
    "a": "ask_content",
    "b": "brief",
    "n": "capture_note",
    "i": "query_insights",
    "r": "request_action",
    "s": "small_talk",
    "h": "help",
    "o": "other",
}
ROLES = {"": "rep", "fm": "field_manager", "msl": "msl", "mr": "medical_reviewer"}
TYPES = {
    "a": "adverse_event",
    "q": "product_complaint",
    "m": "medical_information_request",
    "y": "own_question",
    "l": "msl_engagement",
    "x": "market_access",
    "s": "sample_request",
    "k": "speaker_program",
    "u": "patient_support",
    "p": "privacy",
    "c": "compliance",
    "t": "it_support",
    "i": "injection",
    "n": "identifier",
    "f": "off_label_use",
}
SPECIAL = {
    "preg": "pregnancy_exposure",
    "err": "medication_error",
    "od": "overdose",
    "loe": "lack_of_efficacy",
    "off": "off_label_use",
    "mis": "misuse",
    "occ": "occupational_exposure",
}
LANGUAGES = {"en": "en", "zh": "zh-TW", "fr": "fr", "de": "de"}
_LINE = re.compile(r"^([abnirsho]+)(!?)(?:/(fm|msl|mr))? :: (.+)$")
_MARK = re.compile(r"\{([a-z])(?::([a-z]+))?\|([^{}]*)\}")
_TERSE = 90
_PLACE = re.compile(r"<([PQCDESN])>")


@dataclass(frozen=True, slots=True)
class Mark:
    """`[start, end)` of a message shows a matter of `type`."""

    type: str
    start: int
    end: int
    special: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message with everything that must be noticed in it. `line` is the digest of the authored line."""

    text: str
    language: str
    role: str
    intents: tuple[str, ...]
    marks: tuple[Mark, ...]
    ours: tuple[str, ...]
    identified: bool
    line: str
    people: tuple[tuple[int, int], ...] = field(default=())
    terse: bool = False

    @property
    def types(self) -> frozenset[str]:
        """The kinds of matter in it."""
        return frozenset(m.type for m in self.marks)


def authored(folder: Path) -> Iterator[tuple[str, str]]:
    """(language, line) of every message in a folder; raises ValueError naming file and line."""
    for path in sorted(folder.glob("*.txt")):
        language = path.name.split(".")[1]
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if not _LINE.match(line):
                raise ValueError(f"{path.name}, line {number}: not `codes :: text`")
            yield language, line


def fill(language: str, line: str, rng: random.Random) -> Message:
    """An authored line with its placeholders filled."""
    codes, identified, role, text = _parts(line)
    names = _names(language, rng)
    people: list[tuple[int, int]] = []
    filled = _replace(text.replace("\\n", "\n"), names)
    plain, marks = _strip(filled)
    if "<N>" in line:
        at = plain.find(names["N"])
        people.append((at, at + len(names["N"])))
    people += [(m.start, m.end) for m in marks if m.type == "identifier"]
    return Message(
        text=plain,
        language=LANGUAGES[language],
        role=ROLES[role],
        intents=tuple(INTENTS[c] for c in codes),
        marks=tuple(m for m in marks if m.type != "identifier"),
        ours=(names["P"], names["Q"]),
        identified=identified or bool(people),
        line=sha256(line.encode()).hexdigest()[:12],
        people=tuple(people),
        terse=codes == "n" and len(plain) < _TERSE and any(m.type == "adverse_event" for m in marks),
    )


def _parts(line: str) -> tuple[str, bool, str, str]:
    match = _LINE.match(line)
    assert match is not None
    return match[1], bool(match[2]), match[3] or "", match[4]


def _replace(text: str, names: dict[str, str]) -> str:
    return _PLACE.sub(lambda m: names[m[1]], text)


def _strip(text: str) -> tuple[str, list[Mark]]:
    """Text without its marks, and where they stood. Marks do not nest."""
    plain: list[str] = []
    marks: list[Mark] = []
    at = length = 0
    for match in _MARK.finditer(text):
        before = text[at : match.start()]
        plain += [before, match[3]]
        start = length + len(before)
        length = start + len(match[3])
        if match[1] not in TYPES or (match[2] and match[1] == "a" and match[2] not in SPECIAL):
            raise ValueError(f"unknown mark {match[0]!r}")
        marks.append(Mark(TYPES[match[1]], start, length, SPECIAL.get(match[2] or "")))
        at = match.end()
    plain.append(text[at:])
    return "".join(plain), marks


def _names(language: str, rng: random.Random) -> dict[str, str]:
    own = rng.sample(pools.OURS_ZH if language == "zh" and rng.random() < 0.7 else pools.OURS, 2)
    return {
        "P": _typed(own[0], rng),
        "Q": own[1],
        "C": _typed(rng.choice([o for o in pools.OTHERS if o not in own]), rng),
        "D": _doctor(language, rng),
        "E": _doctor(language, rng),
        "S": rng.choice(pools.STAFF_ZH if language == "zh" else pools.STAFF),
        "N": f"{rng.choice(pools.GIVEN)} {rng.choice(pools.FAMILY)}",
    }


def _typed(name: str, rng: random.Random) -> str:
    return name.lower() if rng.random() < 0.4 else name


def _doctor(language: str, rng: random.Random) -> str:
    if language == "zh":
        return rng.choice(pools.SURNAMES_ZH) + rng.choice(("醫師", "醫師", "主任", "醫生", "教授"))
    surnames: Sequence[str] = {"fr": pools.SURNAMES_FR, "de": pools.SURNAMES_DE}.get(language, pools.SURNAMES)
    title = rng.choice(("Dr. ", "Dr ", "Dr. ", "dr ", "Prof. " if language != "en" else "Dr. "))
    return title + (rng.choice(surnames) if title != "dr " or rng.random() < 0.5 else rng.choice(surnames).lower())
