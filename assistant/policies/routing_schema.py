"""The shape of routing.toml, key by key. What holds between keys is checked in `routing_checks`."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from assistant.domain.person import Role
from assistant.domain.referral import Detail, ReferralType
from assistant.policies.deadlines import Span, Unit
from knowledge.models import PermittedUse

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AtLeastOne = Annotated[int, Field(ge=1)]


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no such time zone: {name}") from None
    return name


class Part(BaseModel):
    """A table of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SpanPart(Part):
    """A deadline: exactly one of the three, at least 1."""

    hours: AtLeastOne | None = None
    days: AtLeastOne | None = None
    business_days: AtLeastOne | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("give exactly one of hours, days, business_days")
        return self

    def span(self) -> Span:
        """As the policy counts it."""
        for unit in Unit:
            if (count := getattr(self, unit.value)) is not None:
                return Span(count, unit)
        raise AssertionError("checked when the file was read")


class CalendarPart(Part):
    """Where and when a role works."""

    time_zone: Annotated[str, AfterValidator(_known_zone)]
    workdays: Annotated[list[Day], Field(min_length=1)]
    opens: time
    closes: time
    holidays: list[date] = []

    @model_validator(mode="after")
    def _closes_later(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens")
        return self


class ChannelPart(Part):
    """What a channel to the customer asks for."""

    consent: Annotated[str, Field(min_length=1)]
    uses: list[PermittedUse] = []


class TargetPart(Part):
    """Where a referral goes."""

    role: Role
    hand_over: Literal["inbox", "email", "webhook", "file"] = "inbox"
    address: str | None = None
    secret: str | None = None
    channel: ChannelPart | None = None


class TypePart(Part):
    """How one type of referral is handled."""

    precedence: AtLeastOne
    target: str
    deadline: SpanPart
    calendar: str
    requires: Annotated[list[str], Field(min_length=1)]
    asks: list[Detail] = []
    answer_within: SpanPart | None = None
    clock_starts: Literal["first_heard", "receipt"] = "receipt"
    keep_original: bool = False
    readers: list[Role] = []
    closers: list[Role] | None = None
    remind_hours_before: list[Annotated[int, Field(ge=0)]] = [0]
    escalate_hours_after: Annotated[int, Field(ge=0)] = 0


class TypeChanges(Part):
    """What a market changes of a type."""

    target: str | None = None
    deadline: SpanPart | None = None
    answer_within: SpanPart | None = None
    calendar: str | None = None
    requires: Annotated[list[str], Field(min_length=1)] | None = None
    asks: list[Detail] | None = None
    remind_hours_before: list[Annotated[int, Field(ge=0)]] | None = None
    escalate_hours_after: Annotated[int, Field(ge=0)] | None = None


class SituationPart(Part):
    """How a special situation is forwarded."""

    forward_as: ReferralType
    without_reaction: bool


class MarketPart(Part):
    """What differs in a market."""

    countries: list[Annotated[str, Field(pattern="^[A-Z]{2}$")]] = []
    calendar: str | None = None
    types: dict[ReferralType, TypeChanges] = {}
    special_situations: dict[str, SituationPart] = {}


class HandOverPart(Part):
    """How often handing over is tried."""

    attempts: AtLeastOne
    first_wait_seconds: AtLeastOne
    longest_wait_seconds: AtLeastOne


class FollowUpPart(Part):
    """Reconciling and sampling."""

    reconcile_at: time
    recheck_percent: Annotated[int, Field(ge=0, le=100)]
    default_calendar: str


class RoutingFile(Part):
    """The whole file."""

    version: Annotated[str, Field(min_length=1)]
    hand_over: HandOverPart
    follow_up: FollowUpPart
    calendars: Annotated[dict[str, CalendarPart], Field(min_length=1)]
    targets: Annotated[dict[str, TargetPart], Field(min_length=1)]
    types: dict[ReferralType, TypePart]
    special_situations: dict[str, SituationPart] = {}
    markets: dict[str, MarketPart] = {}
