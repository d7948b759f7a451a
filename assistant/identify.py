"""From a surface's identity to the principal a use case acts for."""

from __future__ import annotations

from assistant.domain.person import Person, Principal
from assistant.errors import InactivePerson, UnknownPerson
from assistant.ports import PeopleRepository


class IdentifyService:
    """The only maker of principals. Unknown and deactivated people get an error that says nothing of what exists."""

    def __init__(self, people: PeopleRepository) -> None:
        self._people = people

    def by_email(self, email: str) -> Principal:
        """The principal with this address, in any case. Raises UnknownPerson or InactivePerson."""
        return self._admit(self._people.by_email(email_key(email)))

    def by_slack_user(self, slack_user_id: str) -> Principal:
        """The principal with this Slack user id. Raises UnknownPerson or InactivePerson."""
        return self._admit(self._people.by_slack_user(slack_user_id))

    def _admit(self, person: Person | None) -> Principal:
        if person is None:
            raise UnknownPerson("I do not know you here. Ask your administrator to add you to the roster")
        if not person.active:
            raise InactivePerson("Your access has ended. Ask your administrator if that is not right")
        return Principal(person)


def email_key(email: str) -> str:
    """How an address is compared: without case and outer blanks; NULs and lone surrogates cannot match anything."""
    return email.strip().casefold().encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
