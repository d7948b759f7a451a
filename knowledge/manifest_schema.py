"""The fields of a document in content.yaml, checked strictly."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from knowledge.markets import is_market
from knowledge.models import ALL_PRODUCTS, Audience, ContentStatus, DocumentType, PermittedUse

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DECLARED = (ContentStatus.DRAFT, ContentStatus.APPROVED, ContentStatus.WITHDRAWN)


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _market(value: str) -> str:
    if not is_market(value):
        raise ValueError(f"{value!r} is no ISO 3166 country code like US, DE, TW")
    return value


def _language(value: str) -> str:
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"{value!r} is no language code like en, de, zh-TW")
    return value


def _declared(value: ContentStatus) -> ContentStatus:
    if value not in _DECLARED:
        raise ValueError(f"{value.value!r} follows from dates and versions; declare draft, approved or withdrawn")
    return value


def _product(value: str) -> str:
    if value == ALL_PRODUCTS:
        raise ValueError("name the products; all of them at once is for people, not for documents")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00-\x1f\ud800-\udfff]+$")]
Name = Annotated[Text, StringConstraints(max_length=255)]


class ManifestEntry(BaseModel):
    """One document of content.yaml, with the defaults filled in."""

    model_config = ConfigDict(extra="forbid", frozen=True, regex_engine="python-re")

    file: Text
    id: Name | None = None
    version: Annotated[Text, StringConstraints(max_length=64)] | None = None
    title: Text | None = None
    supersedes: Name | None = None
    status: Annotated[ContentStatus, AfterValidator(_declared)]
    approval_id: Name | None = None
    market: Annotated[list[Annotated[str, AfterValidator(_market)]], BeforeValidator(_one_or_many), Field(min_length=1)]
    language: Annotated[Text, AfterValidator(_language)]
    audience: Annotated[list[Audience], BeforeValidator(_one_or_many), Field(min_length=1)]
    use: Annotated[list[PermittedUse], BeforeValidator(_one_or_many)] = [PermittedUse.INTERNAL]
    type: DocumentType
    products: Annotated[
        list[Annotated[Name, AfterValidator(_product)]], BeforeValidator(_one_or_many), Field(min_length=1)
    ]
    effective_from: date
    expires_on: date

    @model_validator(mode="after")
    def _fits_together(self) -> ManifestEntry:
        if self.expires_on < self.effective_from:
            raise ValueError(f"expires_on {self.expires_on} lies before effective_from {self.effective_from}")
        if self.status is not ContentStatus.DRAFT and not self.approval_id:
            raise ValueError("approval_id: is missing; only a draft can be without one")
        if self.supersedes and self.id and self.supersedes.lower() == self.id.lower():
            raise ValueError("supersedes: names the document itself; a newer version supersedes the older by itself")
        return self
