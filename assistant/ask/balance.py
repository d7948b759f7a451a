"""The notices that fair balance asks for, quoted from what is approved for the product."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.ask.evidence import EvidenceRoom
from assistant.ask.quoting import cite
from assistant.ask.wording import say
from assistant.domain.answer import Notice, NoticeKind
from assistant.policies.fair_balance import Balance
from knowledge.models import Citation, Document, DocumentType, Passage, Section, SectionKind
from knowledge.units import heading, units_of

_NOTICE = {
    SectionKind.BOXED_WARNING: NoticeKind.BOXED_WARNING,
    SectionKind.IMPORTANT_SAFETY_INFORMATION: NoticeKind.IMPORTANT_SAFETY_INFORMATION,
}
_ISI_WORDS = 220


def balance_notices(
    product: str, documents: Sequence[Document], room: EvidenceRoom, due: Balance, language: str
) -> tuple[Notice, ...]:
    """What must stand beside a benefit statement on `product`: its boxed warning and its important safety information.

    `documents` are those valid in the asker's scope. Without an approved ISI document the label's contraindications
    and the headings of its warnings stand for it.
    """
    if due is Balance.NONE:
        return ()
    ours = [document for document in documents if product in document.approval.products]
    labels = [document for document in ours if document.approval.type is DocumentType.LABEL]
    found = [
        notice
        for kind, among in (
            (SectionKind.BOXED_WARNING, labels),
            (SectionKind.IMPORTANT_SAFETY_INFORMATION, ours),
        )
        if (notice := _from_sections(product, kind, among, room, due, language))
    ]
    if not any(notice.kind is NoticeKind.IMPORTANT_SAFETY_INFORMATION for notice in found) and labels:
        found.append(_from_label(product, labels[0], room, due, language))
    return tuple(notice for notice in found if notice.citations)


def _from_sections(
    product: str,
    kind: SectionKind,
    documents: Sequence[Document],
    room: EvidenceRoom,
    due: Balance,
    language: str,
) -> Notice | None:
    for document in documents:
        sections = [section for section in room.shelf(document).sections.values() if section.kind is kind]
        citations = _within(_units(document, sections), _ISI_WORDS if kind is not SectionKind.BOXED_WARNING else None)
        if citations:
            return _notice(_NOTICE[kind], product, citations, due, language)
    return None


def _from_label(product: str, label: Document, room: EvidenceRoom, due: Balance, language: str) -> Notice:
    sections = list(room.shelf(label).sections.values())
    against = [section for section in sections if section.kind is SectionKind.CONTRAINDICATIONS]
    warnings = [section for section in sections if section.kind is SectionKind.WARNINGS]
    headed = [_cite_section(label, section, section.title) for section in warnings if section.title]
    citations = _within([*_units(label, against), *(headed or _units(label, warnings))], _ISI_WORDS)
    return _notice(NoticeKind.IMPORTANT_SAFETY_INFORMATION, product, citations, due, language)


def _units(document: Document, sections: Sequence[Section]) -> list[Citation]:
    return [
        _cite_section(document, section, unit.text.removeprefix("- "))
        for section in sections
        for unit in units_of(section)
    ]


def _cite_section(document: Document, section: Section, quote: str) -> Citation:
    stand_in = Passage(
        id="",
        document_key=document.key,
        section_ordinal=section.ordinal,
        number=section.number or "",
        title=heading(section),
        path=section.path,
        kind=section.kind,
        text=quote,
        start=0,
        end=len(quote),
        page=section.page,
    )
    return cite(document, stand_in, quote)


def _within(citations: Sequence[Citation], words: int | None) -> list[Citation]:
    """Whole quotes up to a number of words; at least one, never a cut one. A boxed warning is never shortened."""
    kept: list[Citation] = []
    used = 0
    for citation in citations:
        used += len(citation.quote.split())
        if kept and words is not None and used > words:
            break
        kept.append(citation)
    return kept


def _notice(kind: NoticeKind, product: str, citations: list[Citation], due: Balance, language: str) -> Notice:
    if due is Balance.FULL or not citations:
        return Notice(kind, "\n".join(citation.quote for citation in citations), tuple(citations))
    key = "boxed_line" if kind is NoticeKind.BOXED_WARNING else "safety_line"
    title = citations[0].section_title or citations[0].document_title
    return Notice(kind, say(key, language, product=product, title=title), tuple(citations[:1]))
