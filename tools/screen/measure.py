"""What the screen finds in a part of the corpus no training sees: `python -m tools.screen.measure [--misses]`.

`--part held_out` had its misses looked at once; `--part fresh` was written afterwards and never was.
`--write FILE` writes that part in the format of `rep eval triage --data FILE`, every placeholder filled.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import defaultdict
from pathlib import Path

from assistant.screen.screen import Screen
from integrations.evals.triage_scores import interval
from tools.screen.corpus import FOLDER, TYPES, Message, authored, fill

_SEED = 7
_PARTS = ("held_out", "fresh")
_EVENT = "adverse_event"
_NOT_TYPES = {"identifier", "injection", "own_question", "off_label_use"}


def kept_aside(part: str) -> list[Message]:
    """The messages of one kept-aside part, filled the same way every time."""
    rng = random.Random(_SEED)
    return [fill(language, line, rng) for language, line in authored(FOLDER / part)]


def record(number: int, message: Message) -> dict[str, object]:
    """One message as a record of the evaluation's format."""
    return {
        "id": f"held-{number:04d}",
        "message": message.text,
        "sender_role": message.role,
        "intents": list(message.intents),
        "referrals": sorted(message.types & set(TYPES.values()) - _NOT_TYPES),
        "special_situation": next((m.special for m in message.marks if m.special), None),
        "contains_patient_identifier": message.identified,
        "prompt_injection": "injection" in message.types,
        "why": "kept aside",
        "hard": True,
        "language": message.language,
    }


def main() -> int:
    """Print recall and false alarms on adverse events, by language, with 95% intervals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=_PARTS, default=_PARTS[0])
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    messages = kept_aside(options.part)
    if options.write:
        lines = [json.dumps(record(n, m), ensure_ascii=False) for n, m in enumerate(messages)]
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    screen = Screen()
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for message in messages:
        found = next(
            (f for f in screen.screen(message.text, message.role, message.ours).findings if f.type == _EVENT), None
        )
        wanted = _EVENT in message.types
        for key in (message.language, "all"):
            count[key][0] += wanted
            count[key][1] += wanted and found is not None
            count[key][2] += not wanted
            count[key][3] += not wanted and found is not None
        if options.misses and wanted != bool(found):
            print("false " if found else "missed", message.text, "|", found.reason if found else "")
    for key, (positives, caught, negatives, alarms) in count.items():
        print(
            f"{key:6s} events found {caught}/{positives} {caught / max(1, positives):.3f} {interval(caught, positives)}"
            f"  false alarms {alarms}/{negatives} {alarms / max(1, negatives):.3f} {interval(alarms, negatives)}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
