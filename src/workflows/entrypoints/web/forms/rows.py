"""Rows and tables in a form: each row a part of the form by its number, read like any other fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from workflows.entrypoints.web.forms.fields import OTHER, Field
from workflows.entrypoints.web.forms.filling import Filled, Lists, fill
from workflows.entrypoints.web.forms.posted import Posted

MOST_ROWS = 100
NESTED = frozenset({"rows", "part"})


def rows_of(one: Field, posted: Posted | None, least: int = 1) -> list[tuple[Field, ...]]:
    """Return the rows of a field, those posted and at least so many; a table (``part``) has one.

    The fields of a row are named by its number: ``resolutions.0.topic``.
    """
    if one.kind == "part":
        return [_numbered(one, "")]
    place = re.compile(re.escape(one.name) + r"\.(\d{1,3})\..+")
    told = [int(found[1]) for name in (posted.texts if posted else ()) if (found := place.fullmatch(name))]
    count = min(max([least, len(one.preset), *(number + 1 for number in told)]), MOST_ROWS)
    rows = [_numbered(one, f"{number}.") for number in range(count)]
    for number, given in enumerate(one.preset[:count]):
        first, *others = rows[number]
        known = (replace(part, choices=given.choices) if part.kind == "several" else part for part in others)
        rows[number] = (replace(first, default=given.value), *known)
    return rows


def _numbered(one: Field, number: str) -> tuple[Field, ...]:
    return tuple(replace(part, name=f"{one.name}.{number}{part.name}") for part in one.parts)


def flat(fields: Iterable[Field], posted: Posted | None) -> Iterator[Field]:
    """Yield the fields that are no rows themselves, and those of each row."""
    for one in fields:
        if one.kind in NESTED:
            for row in rows_of(one, posted):
                yield from flat(row, posted)
        else:
            yield one


def fill_all(fields: Sequence[Field], posted: Posted, lists: Lists) -> Filled:
    """Return what was posted, rows and tables too; a row in which nothing stands is none."""
    found = fill([one for one in fields if one.kind not in NESTED], posted, lists)
    for one in fields:
        if one.kind in NESTED:
            _nested(one, posted, lists, found)
    return found


def _nested(one: Field, posted: Posted, lists: Lists, found: Filled) -> None:
    values: list[dict[str, Any]] = []
    told: list[str] = []
    for row in rows_of(one, posted):
        if not any(_is_said(field, posted) for field in row if not _is_offered(field, one)):
            continue
        filled = fill_all(row, posted, lists)
        found.wrong.update(filled.wrong)
        names = {field.name: part for field, part in zip(row, one.parts, strict=True)}
        values.append({names[name].name: value for name, value in filled.values.items() if name in names})
        told.append(
            _called(one, row, posted)
            + "，".join(
                _told(names[name], text, posted.all(name), one)
                for name, text in filled.told.items()
                if text
                and not all(_is_usual(names[name], said) for said in posted.all(name))
                and not (one.preset and name == row[0].name)
            )
        )
    if not values:
        if one.required:
            found.wrong[one.name] = f"请填写{one.label}"
        return
    found.told[one.name] = "；".join(told)
    if one.kind == "part":
        found.values[one.name] = values[0]
    elif one.keyed:
        key, said = (part.name for part in one.parts)
        pairs = [(value[key], value[said]) for value in values if key in value and said in value]
        if len(dict(pairs)) < len(pairs):
            found.wrong[one.name] = "同一个人写了两次" if key == "person" else "同一项写了两次"
        found.values[one.name] = dict(pairs)
    else:
        found.values[one.name] = values


def _told(part: Field, text: str, said: Sequence[str], one: Field) -> str:
    """Return what a part of a row says; of what stood there to be ticked, how many were."""
    if _is_offered(part, one):
        return f"{part.label} {len(said)} 条"
    return text if part.name in SAID_ALONE else f"{part.label} {text}"


def _called(one: Field, row: Sequence[Field], posted: Posted) -> str:
    """Return what a row that stood there beforehand is called, in front of what was filled in."""
    names = {given.value: given.label for given in one.preset}
    name = names.get(posted.one(row[0].name)) if names else None
    return f"{name}：" if name else ""


def _is_offered(field: Field, one: Field) -> bool:
    """Say whether a part of a row that is known beforehand stood there ticked: it alone says nothing."""
    return bool(one.preset) and field.kind == "several"


SAID_ALONE = frozenset({"person", "said", "topic", "reason", "key"})


def _is_said(field: Field, posted: Posted) -> bool:
    """Say whether anything was filled in but what stands there anyway."""
    if field.kind in NESTED:
        return any(_is_said(part, posted) for row in rows_of(field, posted, 0) for part in row)
    texts = [*posted.all(field.name), *posted.all(field.name + OTHER)]
    return any(not _is_usual(field, text) for text in texts)


def _is_usual(field: Field, text: str) -> bool:
    return text in ("", field.default)
