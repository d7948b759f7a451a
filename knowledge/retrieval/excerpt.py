"""How much of a section to show with a passage: its neighbours too, while they fit, the better ones first."""

from __future__ import annotations

from knowledge.retrieval.shelf import Floats, Shelf

LONGEST = 240


def excerpt(shelf: Shelf, passage: int, quality: Floats, longest: int = LONGEST) -> str:
    """Exact text of the section around a passage, at most `longest` words unless the passage alone has more."""
    first = last = passage
    room = longest - _words(shelf, passage)
    while True:
        beside = [place for place in (_before(shelf, first), _after(shelf, last)) if place is not None]
        fitting = [place for place in beside if _words(shelf, place) <= room]
        if not fitting:
            return _text(shelf, first, last)
        best = max(fitting, key=lambda place: float(quality[place]))
        room -= _words(shelf, best)
        first, last = min(first, best), max(last, best)


def _before(shelf: Shelf, place: int) -> int | None:
    return place - 1 if shelf.gaps[place] is not None else None


def _after(shelf: Shelf, place: int) -> int | None:
    return place + 1 if place + 1 < len(shelf.gaps) and shelf.gaps[place + 1] is not None else None


def _text(shelf: Shelf, first: int, last: int) -> str:
    rest = ((shelf.gaps[place] or "") + shelf.passages[place].text for place in range(first + 1, last + 1))
    return shelf.passages[first].text + "".join(rest)


def _words(shelf: Shelf, place: int) -> int:
    return len(shelf.passages[place].text.split())
