"""Every error the assistant raises, as one tree.

AssistantError(code, message)          message: what happened, to what, and what to do next; safe to show
├── BadRequest                         the request itself is unusable (bad line, empty question, unknown op)
├── AccessDenied                       the person may not do this; says nothing about what exists
│   ├── UnknownPerson
│   └── InactivePerson
├── NotFound                           something named does not exist, or not for this person
├── Conflict                           someone else was first, or the state moved on
├── PermanentFault                     an outside system refuses; trying again will not help
└── TransientFault                     an outside system did not answer; trying again may help
"""

from __future__ import annotations


class AssistantError(Exception):
    """Root. `code` is stable and machine-readable; the text is for a person."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code:
            self.code = code


class BadRequest(AssistantError):
    """The request itself is unusable; the text says what to change."""

    code = "bad_request"


class AccessDenied(AssistantError):
    """The person may not do this. Never says whether the thing exists."""

    code = "access_denied"


class UnknownPerson(AccessDenied):
    """No active person has this identity."""

    code = "unknown_person"


class InactivePerson(AccessDenied):
    """The person is known and deactivated."""

    code = "inactive_person"


class NotFound(AssistantError):
    """What was named does not exist for this person."""

    code = "not_found"


class Conflict(AssistantError):
    """Someone else was first, or the state moved on."""

    code = "conflict"


class PermanentFault(AssistantError):
    """An outside system refuses; trying again will not help."""

    code = "permanent_fault"


class TransientFault(AssistantError):
    """An outside system did not answer; trying again may help."""

    code = "transient_fault"
