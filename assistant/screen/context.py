"""Context rules: what around an event word makes it no report. Each raises the bar a model's score must pass.

A rule never drops a finding on its own: a score that is high enough still passes, because a missed event costs more
than a false alarm. Each rule that fired is named in the finding's reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.screen.elements import Annotated
from assistant.screen.features import Window

EVENT_CLASSES = frozenset(
    ("EVENT", "SLANG", "SERIOUS", "VAGUE", "NOEFFECT", "PREGNANT", "ERROR", "OVERDOSE", "MISUSE", "EXPOSED")
)
_SOMEBODY = frozenset(("PATIENT", "CASE", "RELATIVE", "PTNAME"))
_QUESTION_STARTS = frozenset(
    [
        "what",
        "what's",
        "whats",
        "which",
        "how",
        "is",
        "are",
        "does",
        "do",
        "can",
        "could",
        "would",
        "should",
        "if",
        "when",
        "where",
        "why",
        "any",
        "who",
        "say",
        "suppose",
        "anything",
        "was",
        "were",
        "quel",
        "quelle",
        "quels",
        "quelles",
        "que",
        "comment",
        "est",
        "si",
        "combien",
        "peut",
        "was",
        "wie",
        "ist",
        "wenn",
        "kann",
        "darf",
        "macht",
        "welche",
        "welcher",
        "hat",
        "如",
        "若",
        "萬",
    ]
)
_SUPPOSITIONS = frozenset(
    (
        "if",
        "say",
        "suppose",
        "supposing",
        "imagine",
        "wenn",
        "falls",
        "angenommen",
        "si",
        "supposons",
        "如",
        "假",
        "若",
        "萬",
    )
)
_SPAN = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """`bar` is the score a window must reach when the rule applies."""

    name: str
    bar: float
    why: str


PRETENDED = Rule("pretended", 0.97, "it reads as role play, training or an example")
SUPPOSED = Rule("supposed", 0.999, "it only supposes a case")
SOUGHT = Rule("sought", 0.85, "it asks for papers, and tells of nobody")
PUBLISHED = Rule("published", 0.85, "it repeats what was published")
ASKED = Rule("asked", 0.85, "it is asked in general, about nobody")
OTHERS = Rule("others", 0.93, "it is told of another company's medicine")
DENIED = Rule("denied", 0.8, "it is denied")
COUNTED = Rule("counted", 0.8, "it asks for counts or themes")
IMPROVED = Rule("improved", 0.75, "it tells that something got better")
NO_EVENT = Rule("no_event", 0.4, "no word for an event stands there")


def rules_for(note: Annotated, window: Window) -> tuple[Rule, ...]:
    """The rules that apply to a window of a message."""
    return tuple(rule for rule, applies in _RULES if applies(note, window))


def _names(note: Annotated, window: Window) -> set[str]:
    return {h.name for h in note.classes_in(window.first_token, window.last_token)}


def _opening(note: Annotated) -> set[str]:
    return {h.name for h in note.classes_in(0, 14)}


def _pretended(note: Annotated, window: Window) -> bool:
    return "PRETEND" in _opening(note) and not _names(note, window) & {"TREATED", "NOTE"} - {"TREATED"}


def _supposed(note: Annotated, window: Window) -> bool:
    tokens = note.reading.tokens
    opening = {t.text for t in tokens[window.first_token : window.first_token + 2]}
    asks = any(t.text in "?？" or t.text == "嗎" for t in tokens[window.first_token : window.last_token])
    return bool(opening & _SUPPOSITIONS) and asks and "RELATIVE" not in _names(note, window)


def _sought(note: Annotated, window: Window) -> bool:
    names = _names(note, window)
    return bool("EVIDENCE" in names and names & {"ASKED", "WANTS", "ASKING"}) and not names & {
        "HAPPENED",
        "STOPPED",
        "SERIOUS",
    }


def _published(note: Annotated, window: Window) -> bool:
    return "NEWS" in _names(note, window) and not _names(note, window) & {"CASE", "RELATIVE", "PTNAME", "TREATED"}


def _asked(note: Annotated, window: Window) -> bool:
    """A question that starts like one and tells of nobody: no patient with a past tense, no relative, no case."""
    tokens = note.reading.tokens
    names = _names(note, window)
    starts = tokens[window.first_token].text in _QUESTION_STARTS or "ASKING" in {
        h.name for h in note.classes_in(window.first_token, window.first_token + 3)
    }
    told = bool(names & _SOMEBODY) and "HAPPENED" in names and "HYPOTHETICAL" not in names
    return starts and "ASKING" in names and not told and not names & {"CASE", "RELATIVE"}


def _others(note: Annotated, window: Window) -> bool:
    """Every event of the window stands nearer to another company's medicine than to ours."""
    events = [h.first for h in note.classes_in(window.first_token, window.last_token) if h.name in EVENT_CLASSES]
    inside = [p for p in note.products if window.first_token <= p.first < window.last_token and not p.is_class]
    rivals = [p.first for p in inside if not p.ours]
    ours = [p.first for p in inside if p.ours]
    if not events or not rivals:
        return False
    return all(min(abs(e - r) for r in rivals) < min((abs(e - o) for o in ours), default=99) for e in events)


def _denied(note: Annotated, window: Window) -> bool:
    """Every event of the window has a negation shortly before it."""
    hits = note.classes_in(window.first_token, window.last_token)
    negations = [h.last for h in hits if h.name == "NEGATION"]
    events = [h.first for h in hits if h.name in ("EVENT", "SERIOUS", "STOPPED")]
    other = any(
        h.name in ("SLANG", "NOEFFECT", "PREGNANT", "ERROR", "OVERDOSE", "MISUSE", "EXPOSED", "VAGUE") for h in hits
    )
    return bool(events) and not other and all(any(0 <= e - n <= _SPAN for n in negations) for e in events)


def _counted(note: Annotated, window: Window) -> bool:
    names = _names(note, window)
    return "AGGREGATE" in names and not names & {"RELATIVE", "PTNAME", "CASE"} and "ASKING" in names | _opening(note)


def _improved(note: Annotated, window: Window) -> bool:
    names = _names(note, window)
    return "BETTER" in names and not names & {"SLANG", "SERIOUS", "STOPPED", "VAGUE", "NOEFFECT", "HAPPENED"}


def _no_event(note: Annotated, window: Window) -> bool:
    return not _names(note, window) & (EVENT_CLASSES | {"STOPPED"})


_RULES: tuple[tuple[Rule, Callable[[Annotated, Window], bool]], ...] = (
    (PRETENDED, _pretended),
    (SUPPOSED, _supposed),
    (ASKED, _asked),
    (SOUGHT, _sought),
    (PUBLISHED, _published),
    (OTHERS, _others),
    (DENIED, _denied),
    (COUNTED, _counted),
    (IMPROVED, _improved),
    (NO_EVENT, _no_event),
)
