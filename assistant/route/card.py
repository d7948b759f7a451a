"""The card: what a referral still needs, field by field, and how an answer to it is read.

A patient is an age group and a sex, chosen from closed lists: there is no place where a name or initials could go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.domain.referral import Detail, Referral
from assistant.errors import BadRequest
from assistant.policies.routing import Rule

Redact = Callable[[str], str]
"""Replaces patient identifiers in a text by placeholders, as the screen does."""

AGE_GROUPS = ("fetus", "neonate", "infant", "child", "adolescent", "adult", "elderly")
"""The age groups of ICH E2B(R3), D.2.3."""
_OLDEST = 120
_LONGEST = 4000
_LONGEST_AGO = timedelta(days=3653)
_CLOSED: dict[Detail, tuple[str, ...]] = {
    Detail.PATIENT_AGE_GROUP: AGE_GROUPS,
    Detail.PATIENT_SEX: ("female", "male", "unknown"),
    Detail.CONTACT_CONSENT: ("yes", "no"),
    Detail.UNSOLICITED: ("yes", "no"),
    Detail.DELIVERY_PREFERENCE: ("email", "phone", "post", "visit", "portal"),
    Detail.URGENCY: ("routine", "urgent"),
}
_SHORT_FORMS = {"f": "female", "m": "male", "y": "yes", "n": "no", "true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to ask. `choices` is empty for free text; `required` is False for what is only wanted if known."""

    name: Detail
    required: bool
    choices: tuple[str, ...] = ()


def open_fields(referral: Referral, rule: Rule) -> tuple[Field, ...]:
    """What is still to be asked, required things first; nothing that is known is asked again."""
    required = [Detail(word) for group in rule.missing(referral.details) for word in group.split("|")]
    wanted = [name for name in rule.asks if not referral.details.get(name)]
    return tuple(Field(name, name in required, _CLOSED.get(name, ())) for name in dict.fromkeys([*required, *wanted]))


def read_answers(answers: Mapping[str, str], zone: str, now: datetime, redact: Redact) -> dict[Detail, str]:
    """Answers as they are kept. Raises BadRequest naming the field and what it takes."""
    read: dict[Detail, str] = {}
    for word, answer in answers.items():
        if word not in set(Detail):
            raise BadRequest(f"there is no field {word}; there are: {', '.join(Detail)}")
        name = Detail(word)
        if not answer.strip():
            raise BadRequest(f"{name} is empty; leave it out if it is not known")
        read[name] = _read(name, answer.strip(), zone, now, redact)
    return read


def _read(name: Detail, answer: str, zone: str, now: datetime, redact: Redact) -> str:
    if name is Detail.FIRST_HEARD_AT:
        return moment_of(answer, zone, now).isoformat()
    if name is Detail.PATIENT_AGE_GROUP and answer.isdecimal() and answer.isascii():
        return age_group(int(answer[:4]))
    if name in _CLOSED:
        choice = _SHORT_FORMS.get(answer.casefold(), answer.casefold())
        if choice not in _CLOSED[name]:
            # The answer is not repeated: somebody may have typed a name into it.
            raise BadRequest(f"{name} takes one of: {', '.join(_CLOSED[name])}")
        return choice
    if len(answer) > _LONGEST:
        raise BadRequest(f"{name} is longer than {_LONGEST} characters; shorten it")
    return redact(answer)


def age_group(years: int) -> str:
    """The age group of an age in completed years; the age itself is not kept."""
    if years > _OLDEST:
        raise BadRequest(f"patient_age_group takes an age up to {_OLDEST} or one of: {', '.join(AGE_GROUPS)}")
    for limit, group in ((2, "infant"), (12, "child"), (18, "adolescent"), (65, "adult")):
        if years < limit:
            return group
    return "elderly"


def moment_of(answer: str, zone: str, now: datetime) -> datetime:
    """A date or time as said, in the sender's zone, in UTC. A bare date means its first minute: the safe reading."""
    try:
        try:
            moment = datetime.combine(date.fromisoformat(answer), time.min)
        except ValueError:
            moment = datetime.fromisoformat(answer)
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))
        heard = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest("first_heard_at takes a date or time such as 2026-05-04 or 2026-05-04T15:30") from None
    if heard > now:
        raise BadRequest("first_heard_at lies in the future; say when it was first heard")
    if now - heard > _LONGEST_AGO:
        raise BadRequest("first_heard_at lies more than ten years back; check the year")
    return heard
