"""The commercial/medical firewall: what of an entry commercial readers may read. One place; closed by default.

What a medical role wrote, what came through a medical channel, and the sentences of a commercial author that speak of
a medical request are stored with medical visibility. A commercial reader learns that it happened, and when. The
queries of the record hold to it (`CustomerRepository` with a `RecordScope`); this module decides what they hold to.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from assistant.domain.interaction import Interaction, SealedInteraction, Visit
from assistant.domain.provenance import Visibility
from knowledge.sentences import sentence_spans


@dataclass(frozen=True, slots=True)
class FirewallRules:
    """The rules of `firewall.toml`."""

    commercial_authors: frozenset[str]
    medical_channels: frozenset[str]
    cue: re.Pattern[str]


@cache
def rules() -> FirewallRules:
    """The shipped rules, read once."""
    data = tomllib.loads((files("assistant.policies") / "firewall.toml").read_text(encoding="utf-8"))
    cues = [cue for patterns in data["sentence_cues"].values() for cue in patterns]
    return FirewallRules(
        frozenset(data["commercial_authors"]),
        frozenset(data["medical_channels"]),
        re.compile("|".join(f"(?:{cue})" for cue in cues), re.IGNORECASE),
    )


def visibility(author_role: str, channel: str = "") -> Visibility:
    """Which side of the firewall an entry of this author through this channel belongs to."""
    held = rules()
    open_author = _key(author_role) in held.commercial_authors
    return Visibility.COMMERCIAL if open_author and _key(channel) not in held.medical_channels else Visibility.MEDICAL


def seal(interaction: Interaction) -> SealedInteraction:
    """The interaction with its visibility decided, and the part of its summary commercial readers may read."""
    side = visibility(interaction.author_role, interaction.channel)
    if side is Visibility.MEDICAL:
        return SealedInteraction(replace(interaction, visibility=side), "")
    open_text = without_medical_requests(interaction.summary)
    asked = open_text != interaction.summary
    return SealedInteraction(replace(interaction, visibility=side, medical_request=asked), open_text)


def seal_visit(visit: Visit, author_role: str | None) -> Visit:
    """The visit with its visibility decided: medical for an unknown person or when its purpose is a medical request."""
    open_purpose = not rules().cue.search(visit.purpose)
    side = visibility(author_role or "") if open_purpose else Visibility.MEDICAL
    return replace(visit, visibility=side)


def without_medical_requests(text: str) -> str:
    """The text less the sentences that speak of a medical request; each sentence kept is an exact part of it."""
    cue = rules().cue
    if not cue.search(text):
        return text
    kept = [text[start:end] for start, end in sentence_spans(text) if not cue.search(text[start:end])]
    return " ".join(kept)


def _key(word: str) -> str:
    return re.sub(r"[\s-]+", "_", word.strip().lower())
