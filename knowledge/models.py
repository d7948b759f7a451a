"""The nouns of approved content: documents, their approval, sections, passages, citations, scope."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

ALL_PRODUCTS = "*"


class ContentStatus(StrEnum):
    """Where a document stands. `superseded` and `expired` follow from facts and the clock; the others are declared."""

    DRAFT = "draft"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Audience(StrEnum):
    """Who may be shown a document."""

    REP = "rep"
    MEDICAL = "medical"
    HCP = "hcp"
    MARKET_ACCESS = "market_access"


class PermittedUse(StrEnum):
    """What a rep may do with a document."""

    INTERNAL = "internal"
    DISCUSS = "discuss"
    SHOW = "show"
    LEAVE_BEHIND = "leave_behind"
    EMAIL = "email"


class DocumentType(StrEnum):
    """What kind of asset a document is."""

    LABEL = "label"
    ISI = "isi"
    VISUAL_AID = "visual_aid"
    FAQ = "faq"
    PAYER_GUIDE = "payer_guide"
    STANDARD_RESPONSE = "standard_response"
    REPRINT = "reprint"
    PATIENT_BROCHURE = "patient_brochure"


class SectionKind(StrEnum):
    """The standard form of a label, US (21 CFR 201.57) and EU (QRD template) alike; `other` for free documents."""

    BOXED_WARNING = "boxed_warning"
    IMPORTANT_SAFETY_INFORMATION = "important_safety_information"
    INDICATIONS = "indications"
    DOSAGE = "dosage"
    DOSAGE_FORMS = "dosage_forms"
    CONTRAINDICATIONS = "contraindications"
    WARNINGS = "warnings_precautions"
    ADVERSE_REACTIONS = "adverse_reactions"
    DRUG_INTERACTIONS = "drug_interactions"
    SPECIFIC_POPULATIONS = "specific_populations"
    ABUSE_DEPENDENCE = "abuse_dependence"
    OVERDOSAGE = "overdosage"
    DESCRIPTION = "description"
    CLINICAL_PHARMACOLOGY = "clinical_pharmacology"
    NONCLINICAL_TOXICOLOGY = "nonclinical_toxicology"
    CLINICAL_STUDIES = "clinical_studies"
    REFERENCES = "references"
    HOW_SUPPLIED = "how_supplied"
    PATIENT_COUNSELING = "patient_counseling"
    MEDICATION_GUIDE = "medication_guide"
    INSTRUCTIONS_FOR_USE = "instructions_for_use"
    PACKAGE_LABEL = "package_label"
    OTHER = "other"


class BlockKind(StrEnum):
    """What a stretch of a section's text is."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_CAPTION = "table_caption"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Box:
    """Where on a page something stands, in PDF points from the page's top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch `[start, end)` of its section's text: one paragraph, list item or table row. Blocks do not overlap.

    `header` points at the index (in the section's `blocks`) of the row that names this row's columns, if any.
    """

    kind: BlockKind
    start: int
    end: int
    header: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document, in reading order, without the text of its subsections.

    `text` is plain Unicode; blocks stand on lines of their own; table cells are joined by " | ", list items start
    with "- ".
    `number` is the section's own ("2.1") or None; `title` its own heading without the number, "" when it has none;
    `path` the headings from the top level down to its own. `page` is 1-based where the file has pages or slides.
    """

    ordinal: int
    number: str | None
    title: str
    path: tuple[str, ...]
    kind: SectionKind
    text: str
    blocks: tuple[Block, ...]
    code: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a reader makes of a file: its sections and whatever it says of itself (an SPL's set id, version, title)."""

    sections: tuple[Section, ...]
    title: str | None = None
    document_id: str | None = None
    version: str | None = None
    effective_from: date | None = None
    language: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval facts of one document version, as declared in content.yaml. `expires_on` is the last valid day."""

    status: ContentStatus
    approval_id: str
    markets: frozenset[str]
    language: str
    audiences: frozenset[Audience]
    uses: frozenset[PermittedUse]
    type: DocumentType
    products: frozenset[str]
    effective_from: date
    expires_on: date
    supersedes: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one approved asset. `key` identifies the version; `id` is shared by all versions, in lower case.

    `names` are other names of its products found in the file (generic, SPL name), for resolving names in questions.
    """

    key: str
    tenant: str
    id: str
    version: str
    title: str
    file_name: str
    sha256: str
    approval: Approval
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is searched: consecutive blocks of one section, within a token budget.

    `text` is exactly `section.text[start:end]`. `number` and `title` are the section's own, or its nearest numbered
    or titled ancestor's. `document_key` names the version it belongs to. `blocks` keep the section's offsets. A table
    passage keeps its header row within `text` or, when the table is split, in `context` (exact text of the same
    section, shown with it but not part of `text`).
    """

    id: str
    document_key: str
    section_ordinal: int
    number: str
    title: str
    path: tuple[str, ...]
    kind: SectionKind
    text: str
    start: int
    end: int
    blocks: tuple[Block, ...] = ()
    context: str = ""
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence comes from. `quote` is an exact substring of the approved text."""

    document_id: str
    version: str
    section_number: str
    section_title: str
    quote: str
    document_key: str = ""
    document_title: str = ""
    page: int | None = None
    uses: frozenset[PermittedUse] = frozenset()
    expires_on: date | None = None
    approval_id: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be seen: every search takes one and nothing is read without it.

    `products` holds the assigned products' names, or `ALL_PRODUCTS` alone. `on` is "now" for validity, with a time
    zone.
    `within` narrows to document keys (None: no narrowing).
    """

    tenant: str
    market: str
    audiences: frozenset[Audience]
    products: frozenset[str]
    on: datetime
    within: frozenset[str] | None = field(default=None)

    def __post_init__(self) -> None:
        """Refuse a clock without a zone: validity is decided in the market's own day."""
        if self.on.tzinfo is None:
            raise ValueError("Scope.on needs a time zone")

    def covers_product(self, product: str) -> bool:
        """Whether a product name (as the register spells it) is assigned."""
        return ALL_PRODUCTS in self.products or product in self.products
