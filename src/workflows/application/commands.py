"""Every command by its public name, and how a table of fields becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import msgspec

from workflows.domain.act import Command, Decided
from workflows.domain.campaign import commands as campaign_commands
from workflows.domain.campaign import events as campaign_events
from workflows.domain.case_acts import FileCommand
from workflows.domain.inspection import commands as inspection_commands
from workflows.domain.inspection import events as inspection_events
from workflows.domain.listing import commands as listing_commands
from workflows.domain.listing import events as listing_events
from workflows.domain.papers import Attach
from workflows.domain.person import (
    away_commands,
    away_events,
    charge_commands,
    charge_events,
    member_commands,
    member_events,
)
from workflows.domain.person import commands as person_commands
from workflows.domain.person import events as person_events
from workflows.domain.rectification import commands as rectification_commands
from workflows.domain.rectification import events as rectification_events
from workflows.domain.site import commands as site_commands
from workflows.domain.site import events as site_events
from workflows.domain.unit import (
    censure_commands,
    censure_events,
    contact_commands,
    contact_events,
    election_commands,
    election_events,
    meeting_commands,
    meeting_events,
    structure_commands,
    structure_events,
)
from workflows.domain.unit import commands as unit_commands
from workflows.domain.unit import events as unit_events
from workflows.domain.waivers import Relieving
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, day_field, event_types

COMMAND_MODULES = (
    person_commands,
    member_commands,
    away_commands,
    unit_commands,
    meeting_commands,
    election_commands,
    inspection_commands,
    campaign_commands,
    rectification_commands,
    listing_commands,
    site_commands,
    structure_commands,
    contact_commands,
    censure_commands,
    charge_commands,
)
"""Importing this module makes every command class known to :func:`commands`."""

EVENT_MODULES = (
    person_events,
    member_events,
    away_events,
    unit_events,
    meeting_events,
    election_events,
    inspection_events,
    campaign_events,
    rectification_events,
    listing_events,
    site_events,
    structure_events,
    contact_events,
    censure_events,
    charge_events,
)
"""Importing this module makes every event class known to :func:`workflows.kernel.events.event_types`."""

AMENDMENTS: Mapping[str, tuple[str, ...]] = {"correct": ("event", "field", "value"), "retract": ("event",)}
"""更正 and 撤回: what acts on events, not on units and people, with the fields that each must have."""

AMENDMENT_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: (*wanted, "reason", "evidence") for name, wanted in AMENDMENTS.items()
}
"""All fields of a correction or a retraction."""


ROOTS = (person_commands.PersonCommand, unit_commands.UnitCommand, Relieving, Attach, FileCommand)
"""The bases of all commands, by aggregate."""


TWINS: Mapping[str, type[FileCommand]] = {kind.verb(): kind for kind in (campaign_commands.PostRatingNotice,)}
"""Commands of cases that bear the name of another command: meant where a case is named."""


@cache
def commands() -> Mapping[str, type[Command]]:
    """Return the command classes by public name: those that lead to an event."""
    found: dict[str, type[Command]] = {}
    todo: list[type[Command]] = [*ROOTS]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.verb() not in TWINS or not issubclass(kind, FileCommand):
            found[kind.verb()] = kind
    led_to = {step for kind in event_types().values() if (step := getattr(kind, "step", ""))}
    led_to |= {"refuse_admission"}
    return {name: found[name] for name in sorted(found) if name in led_to}


@cache
def commands_of(aggregate: str) -> Mapping[str, type[Command]]:
    """Return the commands of a kind of case by public name, those that bear the name of another's too."""
    twins = {name: kind for name, kind in TWINS.items() if kind.aggregate == aggregate}
    return {**{name: kind for name, kind in commands().items() if kind.aggregate == aggregate}, **twins}


@cache
def days_of_event(command: str) -> frozenset[str]:
    """Return the names under which a command's events hold their day, where the command has no such field."""
    own = {day_field(event) for event in events_of(command)}
    return frozenset(own - set(commands()[command].__struct_encode_fields__))


@cache
def events_of(command: str) -> tuple[type[Event], ...]:
    """Return the event classes a command may lead to."""
    return tuple(
        kind for kind in event_types().values() if issubclass(kind, Decided) and kind.step == command
    )


@cache
def event_named(name: str) -> type[Event] | None:
    """Return an event class by its public name (``MeetingHeld``)."""
    return next((kind for kind in event_types().values() if kind.__name__ == name), None)


@cache
def step_named(event: str) -> str:
    """Return the command that leads to an event of this public name, "" where there is none."""
    kind = event_named(event)
    return str(getattr(kind, "step", "")) if kind is not None else ""


def parse(name: str, fields: Mapping[str, Any], on: date | None, *, of_case: bool = False) -> Command:
    """Return the command ``name`` from fields in JSON form; the day of the act is ``on``.

    ``of_case``: a case was named, so that of two commands of one name the case's is meant.

    The event's own day (``held_on``, ``agreed_on`` …) may stand for ``on``; given both, they must agree. A
    blank text is nothing said.

    Raises:
        WrongUsage: no such command, a field it does not have, or a value that does not fit.
    """
    kind = (TWINS.get(name) if of_case else None) or commands().get(name)
    if kind is None:
        raise WrongUsage("command-unknown", command=name, near=near(name))
    given = {field: value for field, value in fields.items() if not is_blank(value)}
    for alias in days_of_event(name) & given.keys():
        day = given.pop(alias)
        if on is None:
            on = _day(alias, day)
        elif str(day) != on.isoformat():
            raise WrongUsage(
                "command-days-differ", command=name, field=alias, value=str(day), on=on.isoformat()
            )
    given.setdefault("on", on)
    if given["on"] is None:
        given["on"] = _first_day_of(given)
    try:
        return msgspec.convert(_plain(given), kind)
    except msgspec.ValidationError as error:
        detail, names = placed(kind, with_choices(kind, str(error)), given)
        raise WrongUsage("command-field", command=name, detail=detail, fields=names) from error


def is_blank(value: Any) -> bool:
    """Say whether a text holds nothing but space: that is nothing said, no reason and no document."""
    return isinstance(value, str) and not value.strip()


def with_choices(kind: type[msgspec.Struct], detail: str) -> str:
    """Return a parser's detail about a word that cannot stand there, with the words that can."""
    what, _, place = detail.partition(" - at `$")
    if not what.startswith("Invalid enum value"):
        return detail
    node: Any = msgspec.inspect.type_info(kind)
    for part in re.findall(r"\.?(\w+|\[\.*\d*\])", place.rstrip("`")):
        fields = {field.encode_name: field.type for field in getattr(_only(node), "fields", ())}
        of = _only(node)
        node = fields.get(part) or getattr(of, "item_type", None) or getattr(of, "value_type", None)
    choices = " | ".join(str(value) for value in getattr(_only(node), "values", ()))
    return f"{what} of {choices} - at `${place}" if choices else detail


def placed(kind: type[msgspec.Struct], detail: str, given: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return a parser's detail with the key of a table where it says only ``[...]``, and the fields there.

    The fields are those of the innermost row or table in which the fault lies, else those of the command.
    """
    what, _, path = detail.partition(" - at `$")
    node: Any = msgspec.inspect.type_info(kind)
    value: Any = given
    row, told = node, ""
    for part in re.findall(r"\w+|\[[.\d]*\]", path.rstrip("`")):
        if part == "[...]" and isinstance(value, Mapping):
            node = _inside(node, "value_type")
            key = next((key for key, one in value.items() if not _may_stand(one, node)), None)
            value, part = value.get(key), part if key is None else f"[{key}]"
        elif part.startswith("["):
            node = _inside(node, "item_type")
            value = value[int(part[1:-1])] if part != "[...]" else None
        else:
            fields = {field.encode_name: field.type for field in getattr(_only(node), "fields", ())}
            node, value = fields.get(part), value.get(part) if isinstance(value, Mapping) else None
            part = f".{part}"
        told += part
        row = _only(node) if isinstance(_only(node), msgspec.inspect.StructType) else row
    names = tuple(field.encode_name for field in getattr(row, "fields", ()))
    return f"{what} - at `${told}`" if told else detail, names


def _inside(node: Any, of: str) -> Any:
    """Return what stands in a list (``item_type``) or in a table by name (``value_type``)."""
    kinds = getattr(node, "types", (node,))
    return next((inner for kind in kinds if (inner := getattr(kind, of, None)) is not None), None)


def _may_stand(value: Any, node: Any) -> bool:
    """Say whether a value is one of the words that may stand in a place, where these are fixed."""
    words = getattr(_only(node), "values", None)
    return value in words if words is not None else isinstance(value, str)


def _only(node: Any) -> Any:
    """Return the one kind of value of an optional field, without its constraints."""
    kinds = [kind for kind in getattr(node, "types", ()) if not isinstance(kind, msgspec.inspect.NoneType)]
    return kinds[0] if kinds else node


def _first_day_of(given: Mapping[str, Any]) -> Any:
    """Return the day a registration speaks of, where no day of the act was given."""
    return given.get("admitted_on") or given.get("full_since")


def _day(field: str, value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise WrongUsage("command-field", command="", detail=f"{field}: {value}", fields=()) from error


def _plain(value: Any) -> Any:
    """Return a value in JSON form, days of TOML as they are (msgspec reads both)."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value if not is_blank(item)]
    return value


def field_names(kind: type[Command]) -> tuple[str, ...]:
    """Return the public names of the fields of a command."""
    return tuple(kind.__struct_encode_fields__)


def near(name: str) -> tuple[str, ...]:
    """Return the commands whose names look most alike."""
    return tuple(get_close_matches(name, commands(), n=3))


def described() -> Iterator[dict[str, Any]]:
    """Yield name, aggregate, term, fields and event of each command."""
    for name, kind in commands().items():
        yield {
            "command": name,
            "aggregate": kind.aggregate,
            "term": (kind.__doc__ or "").strip().split("\n")[0],
            "events": [event.__name__ for event in events_of(name)],
            "fields": {
                field.encode_name: {"type": _type_name(field.type), "required": field.required}
                for field in msgspec.structs.fields(kind)
            },
        }


def _type_name(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind)).replace("typing.", "").replace("datetime.", "")
