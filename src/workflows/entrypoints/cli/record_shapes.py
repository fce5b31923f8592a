"""What may stand in a field, in words and as an example: a value, a list, the inside of a list or a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workflows.entrypoints.cli.language import language

DAY = "2026-07-06"
"""The day of every example."""

INSIDE: Mapping[str, tuple[Any, Any]] = {
    "person": ("李四", "A"),
    "owner": ("李四", "A"),
    "name": ("丙支部", "NEW UNIT"),
    "topic": ("通过年度工作计划", "the plan of the year"),
    "task": ("修缮活动室", "mend the room"),
    "reason": ("患病", "ill"),
    "criterion": ("三会一课", "meetings"),
    "id": ("三会一课", "meetings"),
    "title": ("三会一课", "meetings"),
    "point": ("会议记录", "minutes"),
    "note": ("齐全", "complete"),
    "evidence": ("会议记录", "minutes"),
    "step": ("vote_on_admission", "vote_on_admission"),
    "points": (20, 20),
    "votes": (9, 9),
    "in_favour": (9, 9),
    "outstanding": (3, 3),
    "qualified": (7, 7),
}
"""What stands inside a list or a table of an example, in Chinese and in English."""

KEYS: Mapping[str, str] = {"running": "meet-theme-day"}
"""What stands before the value in a table by name that is not one of people."""

FEW_CHOICES = 4
"""Inside a row, so many words that may stand there are told; more are told when a wrong one was given."""

SHOWN_TOO = frozenset({"evidence"})
"""What is shown inside a row though it need not be given: points that nothing proves are refused."""

MOST_INSIDE = 2
"""An example of a row shows what it must have, and else as many fields as this."""


def type_word(node: Any, wording: Any) -> str:
    """Return what may stand in a field in words: ``整数或一列``."""
    from workflows.entrypoints.details import type_words

    kinds = {"IntType": "int", "StrType": "str", "BoolType": "bool", "DateType": "date", "ListType": "array"}
    kinds |= {"DecimalType": "number", "FloatType": "number"}
    names = [type(kind).__name__ for kind in getattr(node, "types", (node,))]
    known = [kinds.get(name, "object") for name in names if name != "NoneType"]
    return type_words(known) if wording.lang == "zh" else " or ".join(known)


def field_told(field: Any, wording: Any) -> str:
    """Return whether a field must be given and what may stand there, in words."""
    from workflows.entrypoints.spoken import choices_of

    told = [wording.say("record_required")] if field.required else []
    told.append(type_word(field.type, wording))
    if choices := choices_of(field.type):
        told[-1] = wording.say("record_choices", choices=choices_word(choices, wording))
    return ("，" if wording.lang == "zh" else ", ").join(filter(None, told))


def choices_word(choices: tuple[str, ...], wording: Any) -> str:
    """Return the words that may stand in a field, as one lists them."""
    return str(wording.choices(choices)) if wording.lang == "zh" else ", ".join(choices)


def inside(field: Any, wording: Any, command: str) -> Iterator[str]:
    """Yield what stands inside a field that is a list of tables or a table, in words."""
    from workflows.entrypoints.spoken import choices_of

    row = _row_of(field.type)
    if row is not None:
        listed = wording.words.listed(_inner(one, wording, command) for one in row.fields)
        yield wording.say("record_row" if _is_list(field.type) else "record_table", fields=listed)
    else:
        of = _value_of(field.type)
        if of is None:
            return
        told = choices_word(choices_of(of), wording)
        yield wording.say("record_keyed", choices=told) if told else wording.say("record_named")


def written(fields: Iterable[Any], command: str) -> list[str]:
    """Return how the fields that are lists of tables or tables are written, one line of JSON each."""
    from workflows.entrypoints.spoken import in_words

    found = []
    for field in fields:
        if (value := sample_inside(field)) is not None:
            sample = {field.encode_name: value}
            told = in_words(sample, command) if language() == "zh" else sample
            found.append(json.dumps(told, ensure_ascii=False))
    return found


def _inner(one: Any, wording: Any, command: str) -> str:
    from workflows.entrypoints.spoken import choices_of

    required = wording.say("record_required") if one.required else ""
    choices = choices_of(one.type)
    told = choices_word(choices, wording) if 0 < len(choices) <= FEW_CHOICES else ""
    row = _row_of(one.type)
    if row is not None:
        told = wording.words.listed(wording.field(part.encode_name, command) for part in row.fields)
        told = wording.say("record_part", fields=told)
    more = wording.words.bracketed(", ".join(filter(None, (required, told))))
    return f"{wording.field(one.encode_name, command)}{more}"


def sample_inside(field: Any) -> Any:
    """Return a value of a list of tables, of a table, or of a table by name; None for anything else."""
    from workflows.entrypoints.spoken import choices_of

    row, of = _row_of(field.type), _value_of(field.type)
    if row is not None:
        told = _sample_row(row)
        return [told] if _is_list(field.type) else told
    if of is None:
        return None
    key = KEYS.get(field.encode_name) or ("李四" if language() == "zh" else "A")
    return {key: next(iter(reversed(choices_of(of))), sample_of(of, required=True))}


def _sample_row(row: Any) -> dict[str, Any]:
    at = int(language() != "zh")
    found: dict[str, Any] = {}
    for one in sorted(row.fields, key=lambda one: not one.required):
        if not one.required and len(found) >= MOST_INSIDE and one.encode_name not in SHOWN_TOO:
            continue
        value = INSIDE[one.encode_name][at] if one.encode_name in INSIDE else None
        value = sample_of(one.type, required=one.required) if value is None else value
        if value is not None:
            found[one.encode_name] = value
    return found


def sample_of(node: Any, *, required: bool) -> Any:
    """Return a value of a type; of an optional one only where it is easily shown."""
    from workflows.entrypoints.spoken import choices_of

    if choices := choices_of(node):
        return choices[0]
    names = [type(kind).__name__ for kind in getattr(node, "types", (node,))]
    if "DateType" in names:
        return DAY
    if "IntType" in names:
        return 10
    if "BoolType" in names:
        return True
    people = ["李四", "赵一"] if language() == "zh" else ["A", "B"]
    if required:
        return people if "ListType" in names else "甲支部" if language() == "zh" else "A"
    return None


def _kinds(node: Any) -> tuple[Any, ...]:
    from workflows.entrypoints.spoken import kinds_of

    return kinds_of(node)


def _is_list(node: Any) -> bool:
    return any(type(kind).__name__ == "ListType" for kind in _kinds(node))


def _row_of(node: Any) -> Any:
    """Return the table of which a field is a list, or which it is; None where it is neither."""
    for kind in _kinds(node):
        for one in (kind, *_kinds(getattr(kind, "item_type", None))):
            if type(one).__name__ == "StructType":
                return one
    return None


def _value_of(node: Any) -> Any:
    """Return what stands under each name of a table by name; None where the field is none."""
    return next((kind.value_type for kind in _kinds(node) if type(kind).__name__ == "DictType"), None)
