"""What pydantic finds wrong, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails


def problems(fault: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """Each problem as (field, what to do); the field is "" when it is about the record as a whole."""
    return [_problem(error, model) for error in fault.errors(include_url=False)]


def _problem(error: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    name = str(error["loc"][0]) if error["loc"] else ""
    given = _shown(error.get("input"))
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx") or {}
    if kind == "extra_forbidden":
        return name, f"{name}: no such field; there is: {_listed(model.model_fields)}"
    if kind == "missing":
        return name, f"{name}: is missing"
    if kind == "enum":
        return name, f"{name}: {given} is none of {str(context['expected']).replace(' or ', ', ')}"
    if kind.startswith("date"):
        return name, f"{name}: {given} is no date; write it like 2026-01-31"
    if kind == "value_error":
        return name, f"{name}: {context['error']}" if name else str(context["error"])
    if error.get("input") is None:
        return name, f"{name}: is empty; fill it in or leave it out"
    return name, f"{name}: {given}: {error['msg'][0].lower()}{error['msg'][1:]}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
