"""Why a finding is one, in a sentence a safety officer can check against the message."""

from __future__ import annotations

from assistant.domain.referral import ReferralType
from assistant.screen.context import EVENT_CLASSES, Rule
from assistant.screen.elements import Annotated
from assistant.screen.matters import matters
from assistant.screen.result import SpecialSituation

_SITUATIONS = {
    SpecialSituation.PREGNANCY_EXPOSURE: "exposure in pregnancy or breast feeding",
    SpecialSituation.MEDICATION_ERROR: "a medication error",
    SpecialSituation.OVERDOSE: "an overdose",
    SpecialSituation.LACK_OF_EFFICACY: "lack of effect",
    SpecialSituation.OFF_LABEL_USE: "use outside the label with a reaction",
    SpecialSituation.MISUSE: "misuse",
    SpecialSituation.OCCUPATIONAL_EXPOSURE: "occupational or accidental exposure",
}


def event_reason(
    note: Annotated, start: int, end: int, situation: SpecialSituation | None, rules: tuple[Rule, ...]
) -> str:
    """What happened, to whom, on which product; and what speaks against it, when something does."""
    what = _quoted(note, start, end, EVENT_CLASSES) or "something untoward"
    who = _quoted(note, start, end, frozenset(("CASE", "PATIENT", "RELATIVE"))) or "a person on treatment"
    product = next((p.name for p in note.products if p.ours), None)
    said = f"tells of {what}, concerning {who}" + (f", with {product} named" if product else ", our product understood")
    kind = f"; read as {_SITUATIONS[situation]}" if situation else ""
    doubt = f"; kept although {' and '.join(r.why for r in rules)}" if rules else ""
    return said + kind + doubt


def matter_reason(note: Annotated, kind: ReferralType, start: int, end: int, own: bool) -> str:
    """What the message asks for, with the words that show it."""
    matter = matters()[kind]
    words = _quoted(note, start, end, matter.words)
    said = "the sender's own question beyond the label, not a customer's" if own else f"speaks of {matter.what}"
    return f"{said} ({words})" if words else said


def _quoted(note: Annotated, start: int, end: int, classes: frozenset[str]) -> str:
    spans = [note.reading.span(h.first, h.last) for h in note.hits if h.name in classes]
    words = dict.fromkeys(note.reading.original[a:b] for a, b in spans if start <= a < end)
    return ", ".join(f"'{w}'" for w in list(words)[:3])
