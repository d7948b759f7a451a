"""Who may read what of the customer record: deny by default."""

from __future__ import annotations

from assistant.domain.customer import RecordScope
from assistant.domain.person import Person, Principal, Role
from assistant.errors import AccessDenied, InactivePerson

COMMERCIAL_READERS = frozenset({Role.REP, Role.KAM, Role.FIELD_MANAGER, Role.MARKET_ACCESS})
MEDICAL_READERS = frozenset({Role.MSL, Role.MEDICAL_INFORMATION, Role.MEDICAL_REVIEWER})
STEWARDS = frozenset({Role.PRIVACY, Role.ADMIN})


def record_scope(principal: Principal) -> RecordScope:
    """What of the record this person may read; AccessDenied for a role that has no business in it."""
    person = principal.person
    if not person.active:
        raise InactivePerson(f"{person.email} is deactivated; ask your administrator if that is wrong.")
    if person.role not in COMMERCIAL_READERS | MEDICAL_READERS:
        raise AccessDenied("Your role does not read the customer record.")
    return RecordScope(
        tenant=person.tenant,
        territories=person.territories,
        products=person.products,
        medical=person.role in MEDICAL_READERS,
        names=author_names(person),
    )


def require_steward(principal: Principal) -> None:
    """Export and erasure of a customer belong to privacy and to the administrator."""
    if not principal.person.active or principal.role not in STEWARDS:
        raise AccessDenied("Only privacy and the administrator may export or erase a customer.")


def author_names(person: Person) -> frozenset[str]:
    """The ways the record may name this person as an author: id, email or name."""
    return frozenset({person.id, person.email, person.name})
