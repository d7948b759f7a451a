"""Lines about record entries in the reader's words: who was in contact, how, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.customer import RecordScope
from assistant.domain.interaction import Interaction, Visit
from assistant.domain.person import Principal
from assistant.domain.provenance import Provenance, Visibility
from assistant.record.phrases import Phrases, phrases


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when and in which words. Days are the reader's own."""

    scope: RecordScope
    words: Phrases
    zone: ZoneInfo
    now: datetime

    @classmethod
    def of(cls, principal: Principal, scope: RecordScope, now: datetime, language: str | None = None) -> Reader:
        """The reader a principal is; `language` is that of the question, else the person's own."""
        person = principal.person
        return cls(scope, phrases(language or person.language), ZoneInfo(person.timezone), now)

    @property
    def today(self) -> date:
        """The reader's day."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """The day of a moment where the reader is."""
        return moment.astimezone(self.zone).date()

    def is_mine(self, author: str) -> bool:
        """Whether an author field names the reader."""
        return author in self.scope.names

    def who(self, author: str, role: str) -> str:
        """An author: "you", "rep Ana Ruiz", or the role alone when the name is withheld."""
        if self.is_mine(author):
            return self.words.say("you")
        return f"{self.words.role(role)} {author}".strip()

    def contact(self, entry: Interaction) -> str:
        """The source of an entry in words: "visit, rep Ana Ruiz"; of a withheld one its role and channel."""
        if not entry.shown:
            return self.withheld(entry)
        return self.words.say(
            "contact_bare", channel=self.words.channel(entry.channel), who=self.who(entry.author, entry.author_role)
        )

    def withheld(self, entry: Interaction) -> str:
        """All that may be said of an entry behind the firewall or of another product."""
        medical = entry.visibility is Visibility.MEDICAL
        role = self.words.role(entry.author_role) if medical else self.words.say("a_colleague")
        return self.words.say("withheld", role=role, channel=self.words.channel(entry.channel))

    def heard_by(self, provenance: Provenance) -> str:
        """Who heard a fact."""
        return self.who(provenance.source.author, provenance.source.author_role)

    def visitor(self, visit: Visit) -> str:
        """Who a planned visit is by, as far as it may be said."""
        if not visit.shown:
            return self.words.role("msl") if visit.visibility is Visibility.MEDICAL else self.words.say("a_colleague")
        return self.words.say("you") if self.is_mine(visit.rep) else visit.rep
