"""What is wrong with a pack file: where it stands, in which line, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from workflows.policies.slips import slip_in

_QUOTED = re.compile(r"'([^']*)'")
_HEADER = re.compile(r"\s*\[\[?\s*([A-Za-z0-9_.-]+)\s*\]?\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")
_AT_LINE = re.compile(r"\(at line (\d+)")


A_TABLE = 2
"""Parts of the place of a table in a list: ``rules``, its number."""

WITHIN_A_RULE = 4
"""Parts of the place of a field within a table of a rule: ``rules``, its number, ``values``, that one's."""


class Flaw(NamedTuple):
    """One thing that is wrong: its place (``q-talk.severity``), what, the line, the nearest right words."""

    place: str
    message: str
    line: int | None = None
    near: tuple[str, ...] = ()


def of_syntax(message: str, text: str) -> Flaw:
    """Return the flaw of a file that is no TOML: the line as it stands, and the probable cause."""
    found = _AT_LINE.search(message)
    if found is None:
        return Flaw("", message)
    number = int(found[1])
    lines = text.split("\n")
    line = lines[number - 1].strip() if number <= len(lines) else ""
    slip = slip_in(line)
    cause = message.partition(" (at line")[0]
    if slip is not None:
        cause = f"{slip.cause} [{slip.right}]" if slip.right else slip.cause
    return Flaw("", f"not readable: {cause}: {line}", number)


def of_errors(
    errors: Sequence[ErrorDetails], text: str, data: Mapping[str, Any], tables: Mapping[str, type[BaseModel]]
) -> list[Flaw]:
    """Return the flaws of a file in the order of its lines; ``tables`` are the models of the lists of tables.

    What only follows from another flaw is left out: a table that is wrong because a field of it is, a field
    that is missing because it is written otherwise.
    """
    lines = _Lines(text)
    cut = [(_cut(error["loc"], data), error) for error in errors]
    inner = {loc[:depth] for loc, _ in cut for depth in range(1, len(loc))}
    near = [_near(loc, error, data, tables) for loc, error in cut]
    meant = {(*loc[:-1], word) for (loc, _), words in zip(cut, near, strict=True) for word in words[:1]}
    found = []
    for (loc, error), words in zip(cut, near, strict=True):
        if loc in inner or (error["type"] == "missing" and loc in meant):
            continue
        found.append(_flaw(loc, error, data, lines, words))
    return sorted(dict.fromkeys(found), key=lambda flaw: (flaw.line or 0, flaw.place))


def _flaw(
    loc: tuple[int | str, ...],
    error: ErrorDetails,
    data: Mapping[str, Any],
    lines: _Lines,
    words: tuple[str, ...],
) -> Flaw:
    """Return one flaw; that of a value at the values, that of a single table for a list at its header."""
    message = error["msg"]
    named = _table(data, loc).get("id")
    if error["type"] == "value_error" and len(loc) == A_TABLE and isinstance(named, str):
        message = message.replace(f"Value error, {named}: ", "Value error, ", 1)
        if " is wanted, not " in message:
            loc = (*loc, "values")
    if error["type"] == "tuple_type" and len(loc) == 1 and isinstance(data.get(str(loc[0])), Mapping):
        return Flaw(_place(loc, data), f"one table for a list: {loc[0]}", lines.of((*loc, 0)), words)
    if error["type"].startswith("date_"):
        slip = slip_in(f"= {error['input']}") if isinstance(error["input"], str) else None
        message = f"{message} [{slip.right}]" if slip and slip.cause == "a day" else message
    return Flaw(_place(loc, data), message, lines.of(loc), words)


def _cut(loc: tuple[int | str, ...], data: Mapping[str, Any]) -> tuple[int | str, ...]:
    """Return the place in the file: without the name of the kind that a union puts in between."""
    if (
        len(loc) > A_TABLE
        and loc[0] == "rules"
        and isinstance(loc[1], int)
        and loc[2] == _table(data, loc).get("kind")
    ):
        return (*loc[:2], *loc[3:])
    return loc


def _table(data: Mapping[str, Any], loc: tuple[int | str, ...]) -> Mapping[str, Any]:
    listed = data.get(str(loc[0])) if loc else None
    if isinstance(listed, list) and len(loc) > 1 and isinstance(loc[1], int) and loc[1] < len(listed):
        entry = listed[loc[1]]
        return entry if isinstance(entry, Mapping) else {}
    return {}


def _place(loc: tuple[int | str, ...], data: Mapping[str, Any]) -> str:
    named = _table(data, loc).get("id")
    parts = [str(part + 1) if isinstance(part, int) else part for part in loc]
    if isinstance(named, str) and len(parts) >= A_TABLE:
        parts[:A_TABLE] = [named]
    return ".".join(parts)


def _near(
    loc: tuple[int | str, ...],
    error: ErrorDetails,
    data: Mapping[str, Any],
    tables: Mapping[str, type[BaseModel]],
) -> tuple[str, ...]:
    told = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return _alike(str(loc[-1]), _fields(loc, data, tables))
        case "union_tag_invalid":
            return _alike(str(told.get("tag", "")), _QUOTED.findall(str(told.get("expected_tags", ""))))
        case "literal_error":
            return _alike(str(error["input"]), _QUOTED.findall(str(told.get("expected", ""))))
    return ()


def _alike(word: str, known: Iterable[str]) -> tuple[str, ...]:
    return tuple(get_close_matches(word, list(known), n=2))


def _fields(
    loc: tuple[int | str, ...], data: Mapping[str, Any], tables: Mapping[str, type[BaseModel]]
) -> list[str]:
    """Return the fields of the table in which an unknown one stands."""
    kind = str(_table(data, loc).get("kind", ""))
    names = [f"{loc[0]}.{kind}", str(loc[0])] if len(loc) > 1 else [""]
    if len(loc) >= WITHIN_A_RULE:
        names = [str(loc[2])]
    model = next((tables[name] for name in names if name in tables), None)
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


class _Lines:
    """In which line of a file a table or a field of it stands."""

    def __init__(self, text: str) -> None:
        self._at: dict[tuple[int | str, ...], int] = {}
        here: tuple[int | str, ...] = ()
        counts: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                name = header[1]
                counts[name] = counts.get(name, -1) + 1
                here = (name, counts[name])
                self._at[here] = number
            elif key := _KEY.match(line):
                self._at.setdefault((*here, key[1]), number)

    def of(self, loc: tuple[int | str, ...]) -> int | None:
        """Return the line of a place, or of the nearest table or field around it that has one."""
        for depth in range(len(loc), 0, -1):
            if loc[:depth] in self._at:
                return self._at[loc[:depth]]
        return None
