"""YAML read so that every value knows its line, for files people write by hand.

Scalars stay text (a version 1.10 is not a number, a wrong date is no crash), except null and booleans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import ContentFault

_MOST_NODES = 500_000
_TRUE = frozenset({"true", "yes", "on"})

Place = tuple[str | int, ...]
_NOTHING: Mapping[str, type] = {}


@dataclass(slots=True)
class MarkedYaml:
    """A file's value, and the 1-based line of everything in it by its path of keys and positions."""

    path: Path
    value: Any = None
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """`file:line` of a value, or of the nearest thing around it that is there."""
        while place and place not in self.lines:
            place = place[:-1]
        return f"{self.path}:{self.lines.get(place, 1)}"

    def fault(self, place: Place, what: str) -> ContentFault:
        """A fault at a value's line."""
        return ContentFault(self.where(place), what)


def read_marked(path: Path) -> MarkedYaml:
    """Read one YAML file. Raises ContentFault naming the line when it is not YAML, not text or not readable."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise ContentFault(str(path), f"cannot be read ({fault.strerror}); see its permissions") from None
    except UnicodeDecodeError as fault:
        raise ContentFault(str(path), f"is not UTF-8 text (byte {fault.start}); save it as UTF-8") from None
    marked = MarkedYaml(path)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        marked.value = None if root is None else _Reading(marked).value(root, ())
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise ContentFault(f"{path}:{line}", f"is not YAML: {fault.problem or fault.context}") from None
    except yaml.YAMLError as fault:
        raise ContentFault(str(path), f"is not YAML: {' '.join(str(fault).split())}") from None
    except RecursionError:
        raise ContentFault(str(path), "is nested too deeply; it should hold plain lists") from None
    return marked


class _Reading:
    """One pass over the node tree, bounded: anchors can make a small file describe a huge value."""

    def __init__(self, marked: MarkedYaml) -> None:
        self._marked = marked
        self._seen = 0

    def value(self, node: yaml.Node, place: Place) -> Any:
        self._seen += 1
        if self._seen > _MOST_NODES:
            raise ContentFault(str(self._marked.path), f"describes more than {_MOST_NODES:,} values; split the file")
        self._marked.lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, place))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, position)) for position, item in enumerate(node.value)]
        return _scalar(node)

    def _pairs(self, node: yaml.MappingNode, place: Place) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            line = f"{self._marked.path}:{key_node.start_mark.line + 1}"
            if not isinstance(key_node, yaml.ScalarNode):
                raise ContentFault(line, "a field's name must be plain text")
            key = str(key_node.value)
            if key in seen:
                raise ContentFault(line, f"{key}: stands here twice; keep one of them")
            seen.add(key)
            yield key, self.value(value_node, (*place, key))
            self._marked.lines[(*place, key)] = key_node.start_mark.line + 1


def _scalar(node: yaml.Node) -> Any:
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() in _TRUE
    return str(node.value)


def records(marked: MarkedYaml, name: str, also: Mapping[str, type] = _NOTHING) -> list[Any]:
    """The list under the file's one top-level field `name`; fields in `also` may stand beside it.

    Raises ContentFault when the file has another shape. An empty list is fine.
    """
    top = marked.value
    if not isinstance(top, dict):
        raise marked.fault((), f'the file must hold "{name}:" with a list')
    for key in top:
        if key != name and key not in also:
            known = ", ".join([name, *also])
            raise marked.fault((key,), f"{key}: no such field; there is: {known}")
    found = top.get(name)
    if found is None and name in top:
        return []
    if not isinstance(found, list):
        raise marked.fault((name,), f"{name}: must be a list")
    return found
