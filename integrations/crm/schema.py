"""The lines of customers.jsonl, interactions.jsonl and visits.jsonl, told apart by their fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from assistant.domain.customer import Consent, ConsentStatus, Customer, CustomerKind
from assistant.domain.interaction import Interaction, Visit

_STATUSES = {
    **dict.fromkeys(("granted", "opt_in", "opted_in", "given", "yes"), ConsentStatus.GRANTED),
    **dict.fromkeys(("denied", "opt_out", "opted_out", "withdrawn", "revoked", "no"), ConsentStatus.DENIED),
    **dict.fromkeys(("pending", "unknown", "asked"), ConsentStatus.PENDING),
}
_LONGEST_TEXT = 100_000


def _status(value: Any) -> ConsentStatus:
    status = _STATUSES.get(str(value).strip().lower().replace("-", "_"))
    if status is None:
        raise ValueError(f"{value!r} is no consent; write granted, denied or pending")
    return status


def _storable(value: str) -> str:
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("holds a NUL or half a character (lone surrogate); save the file as UTF-8 text")
    return value


def _storable_deep(value: Any) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, Mapping):
        return {_storable_deep(key): _storable_deep(held) for key, held in value.items()}
    return [_storable_deep(held) for held in value] if isinstance(value, list) else value


def _day(value: Any) -> Any:
    return value[:10] if isinstance(value, str) else value


def _zoned(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


Text = Annotated[str, AfterValidator(_storable), StringConstraints(max_length=_LONGEST_TEXT)]
Id = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Name = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Word = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=32)]
Channel = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Territory = Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=128)]
Moment = Annotated[datetime, AfterValidator(_zoned)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConsentEntry(_Line):
    """One consent of a customer."""

    channel: Channel
    status: Annotated[ConsentStatus, BeforeValidator(_status)]
    until: Annotated[date | None, BeforeValidator(_day)] = None


class CustomerLine(_Line):
    """One line of customers.jsonl."""

    id: Id
    kind: CustomerKind
    name: Name
    specialty: Text | None = ""
    territories: list[Territory] = []
    affiliations: list[Id] = []
    identifiers: dict[Name, Name] = {}
    consents: list[ConsentEntry] = []
    attributes: Annotated[dict[str, Any], AfterValidator(_storable_deep)] = {}

    def entry(self) -> Customer:
        """The customer it describes."""
        return Customer(
            id=self.id,
            kind=self.kind,
            name=self.name,
            specialty=self.specialty or "",
            territories=frozenset(self.territories),
            affiliations=tuple(self.affiliations),
            identifiers=self.identifiers,
            consents=tuple(Consent(held.channel, held.status, held.until) for held in self.consents),
            attributes=self.attributes,
        )


class InteractionLine(_Line):
    """One line of interactions.jsonl."""

    id: Id
    customer: Id
    at: Moment
    channel: Channel
    author: Name
    author_role: Word
    products: list[Name] = []
    summary: Text | None = ""
    documents: list[Name] = []

    def entry(self) -> Interaction:
        """The interaction it describes, before the firewall."""
        return Interaction(
            id=self.id,
            customer_id=self.customer,
            at=self.at,
            channel=self.channel,
            author=self.author,
            author_role=self.author_role,
            products=tuple(self.products),
            summary=self.summary or "",
            documents=tuple(self.documents),
        )


class VisitLine(_Line):
    """One line of visits.jsonl."""

    id: Id
    customer: Id
    starts_at: Moment
    rep: Name
    purpose: Text | None = ""

    def entry(self) -> Visit:
        """The visit it describes, before the firewall."""
        return Visit(
            id=self.id, customer_id=self.customer, starts_at=self.starts_at, rep=self.rep, purpose=self.purpose or ""
        )


Line = CustomerLine | InteractionLine | VisitLine

# What tells the lines apart: a field no other kind has.
_TELLING: tuple[tuple[frozenset[str], type[Line]], ...] = (
    (frozenset({"starts_at", "purpose", "rep"}), VisitLine),
    (frozenset({"at", "author", "author_role", "summary"}), InteractionLine),
    (frozenset({"kind", "name", "territories"}), CustomerLine),
)


def line_type(fields: Mapping[str, Any]) -> type[Line] | None:
    """What kind of line this is, by its fields; None when no field tells."""
    return next((kind for telling, kind in _TELLING if telling & fields.keys()), None)
