"""Who is behind an id in a sentence: a name where it is known, and never an id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from workflows.entrypoints.pieces import Names

NameBook = Names | Mapping[str, str]
"""Who is behind an id: a mapping by text, or a function."""


def resolver(names: NameBook | None) -> Names:
    """Return how a sentence names an id: by name, else as somebody whose name is not shown."""
    tell = lookup(names)
    return lambda text: tell(text) or ("（已隐去）" if is_id(text) else None)


def lookup(names: NameBook | None) -> Names:
    """Return how an id is named where its name is known; ``?`` stands for someone who is not on the books."""

    def tell(text: str) -> str | None:
        known = None if names is None else names(text) if callable(names) else names.get(text)
        return "（名册外的人）" if known is None and text == "?" else known

    return tell


def is_id(text: str) -> bool:
    """Say whether a text is the id of a person, a unit or an event."""
    try:
        UUID(text)
    except ValueError:
        return False
    return len(text) == len("00000000-0000-0000-0000-000000000000")


def named(value: Any, names: NameBook | None) -> Any:
    """Return a JSON value with ids replaced by names where they are known."""
    tell = lookup(names)
    if isinstance(value, Mapping):
        return {key: named(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [named(item, names) for item in value]
    if isinstance(value, str):
        return tell(value) or value
    return value


def candidates_named(row: Mapping[str, Any], names: NameBook | None) -> Mapping[str, Any]:
    """Return a row of a history with the candidate whom a finding is about by name."""
    if not any("item" in finding.get("facts", ()) for finding in row.get("findings") or ()):
        return row
    told = [{**one, "facts": named(one.get("facts", {}), names)} for one in row["findings"]]
    return {**row, "findings": told}
