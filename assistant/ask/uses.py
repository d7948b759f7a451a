"""What a rep may do with the sources of an answer: the first question a rep has."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.ask.wording import say
from assistant.domain.answer import Notice, NoticeKind
from knowledge.models import Document, PermittedUse


def use_notices(documents: Sequence[Document], language: str) -> tuple[Notice, ...]:
    """One notice for each source, in the order given; a source that allows nothing is for internal use only."""
    distinct = {document.key: document for document in documents}
    several = len(distinct) > 1
    return tuple(_notice(document, language, named=several) for document in distinct.values())


def _notice(document: Document, language: str, *, named: bool) -> Notice:
    uses = document.approval.uses - {PermittedUse.INTERNAL}
    listed = [use for use in PermittedUse if use in uses] or [PermittedUse.INTERNAL]
    text = say("use_label", language, uses=", ".join(say(f"use_{use.value}", language) for use in listed))
    return Notice(NoticeKind.PERMITTED_USE, f"{document.title}: {text}" if named else text)
