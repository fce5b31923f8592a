"""What a correction puts in: read as the command of the event would read it, people by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from workflows.application import resolving
from workflows.application.commands import commands, is_blank, with_choices
from workflows.domain.act import Who
from workflows.domain.unit.events import Resolution
from workflows.kernel.events import Event, field_value

Find = Callable[[str], Who]
"""Returns who is meant by a name, a bare name where that is nobody or several."""

PERSON = "person"


def read_value(kind: type[Event], field: str, value: Any, find: Find) -> Any:
    """Return what ``field`` of an event of this kind is to hold.

    People are given by name or id, one or several; a table of someone (``name``, ``person``) will do as well.

    Raises:
        ValueError: the value fits neither the event nor the command that leads to it.
    """
    node = _field_nodes(kind)[field]
    told = _with_people(value, node, find)
    _check(kind, field, _as_given(told, node))
    return field_value(kind, field, None if is_blank(told) else told)


def with_unit(kind: type[Event], field: str, value: Any, units: Mapping[UUID, str]) -> Any:
    """Return the id of the unit that a correction names where the event holds the id of one.

    A name that several units have, or none, stays as it is: it fits no event.
    """
    holds_an_id = any(isinstance(node, inspect.UUIDType) for node in _kinds(_field_nodes(kind)[field]))
    if not holds_an_id or not isinstance(value, str):
        return value
    found = [unit_id for unit_id, name in units.items() if name == value.strip()]
    return str(found[0]) if len(found) == 1 else value


def _check(kind: type[Event], field: str, given: Any) -> None:
    """Check a value against the command's field of the same name; that of a part, each of its values.

    Raises:
        ValueError: the command would not have taken it.
    """
    public = {f.name: f.encode_name for f in msgspec.structs.fields(kind)}[field]
    wanted = _command_fields(getattr(kind, "step", ""))
    parts = {public: given} if public in wanted or not isinstance(given, Mapping) else given
    for name, part in parts.items():
        if name not in wanted or part is None:
            continue
        if any(isinstance(node, inspect.DictType) for node in _kinds(_field_nodes(wanted[name])[name])):
            part = _by_person(part)
        try:
            msgspec.convert({name: part}, wanted[name])
        except msgspec.ValidationError as error:
            raise ValueError(with_choices(wanted[name], str(error))) from error


@cache
def _command_fields(verb: str) -> Mapping[str, type[msgspec.Struct]]:
    """Return for each field of a command a table of this one field."""
    kind = commands().get(verb)
    fields = () if kind is None else msgspec.structs.fields(kind)
    return {f.encode_name: msgspec.defstruct("Given", [(f.encode_name, f.type)]) for f in fields}


@cache
def _field_nodes(kind: type[msgspec.Struct]) -> Mapping[str, Any]:
    node = inspect.type_info(kind)
    return {field.name: field.type for field in getattr(node, "fields", ())}


# --- people ---------------------------------------------------------------------------------------------


def _with_people(value: Any, node: Any, find: Find) -> Any:
    """Return a value with the people in it found, in the form in which the event is stored."""
    for kind in _kinds(node):
        if isinstance(kind, inspect.VarTupleType):
            items = _several(value, kind.item_type)
            if isinstance(items, list | tuple):
                return [_with_people(item, kind.item_type, find) for item in items]
        elif _is_someone(kind):
            name = value.get("name") if isinstance(value, Mapping) and not value.get(PERSON) else value
            return msgspec.to_builtins(find(name)) if isinstance(name, str) and name.strip() else value
        elif (fields := _fields(kind)) and isinstance(value, Mapping):
            return {name: _with_people(item, fields.get(name), find) for name, item in value.items()}
    return value


def _several(value: Any, item: Any) -> Any:
    """Return as a list what may be given more shortly: one for several, a name for a table, posts by name."""
    (kind,) = _kinds(item)
    fields = _fields(kind)
    if _is_someone(kind):
        return [value] if isinstance(value, str | Mapping) else value
    if not any(map(_is_someone, _kinds(fields.get(PERSON)))):
        return value
    if isinstance(value, Mapping):
        match tuple(fields):
            case (person, said) if not value.keys() <= fields.keys():
                return [{person: name, said: told} for name, told in value.items()]
        return [value]
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        return value
    return [{PERSON: one} if isinstance(one, str) else one for one in items]


def _as_given(value: Any, node: Any) -> Any:
    """Return a value in the form of an event in that of its command: people as texts, posts by person."""
    for kind in _kinds(node):
        if isinstance(kind, inspect.VarTupleType) and isinstance(value, list):
            return [_as_given(item, kind.item_type) for item in value]
        if _is_someone(kind) and isinstance(value, Mapping):
            return str(value.get(PERSON) or value.get("name"))
        if (fields := _fields(kind)) and isinstance(value, Mapping):
            given = {name: _as_given(item, fields.get(name)) for name, item in value.items()}
            return resolving.as_typed(given) if kind.cls is Resolution else given
    return value


def _by_person(entries: Any) -> Any:
    """Return what is said of each person (posts) by the person."""
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        return entries
    return {e.get(PERSON): said for e in entries for name, said in e.items() if name != PERSON}


def _kinds(node: Any) -> tuple[Any, ...]:
    """Return the types a value may have but for None, without their constraints."""
    if isinstance(node, inspect.Metadata):
        return _kinds(node.type)
    if isinstance(node, inspect.UnionType):
        return tuple(kind for part in node.types for kind in _kinds(part))
    return () if node is None or isinstance(node, inspect.NoneType) else (node,)


def _is_someone(kind: Any) -> bool:
    return isinstance(kind, inspect.StructType) and kind.cls is Who


def _fields(kind: Any) -> dict[str, Any]:
    return {field.encode_name: field.type for field in getattr(kind, "fields", ())}
