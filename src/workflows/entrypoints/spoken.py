"""What a user calls commands, fields and values, back into identifiers: the catalogue read backwards.

Identifiers are always understood; so is the Chinese word that the same catalogue shows for them. A word that
could mean two things is refused, with both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from workflows.application.commands import AMENDMENT_FIELDS, AMENDMENTS, commands, events_of
from workflows.entrypoints.catalogue import Catalogue
from workflows.entrypoints.wording import NAMED_BY, Wording
from workflows.kernel.errors import WrongUsage
from workflows.kernel.events import Event, day_field

if TYPE_CHECKING:
    from workflows.application.story_tables import StepTable, Story

FIELD_WORDS = ("fact", "column")
VALUE_WORDS = ("meeting", "post", "kind", "level", "stage", "verdict", "value")
MOST_NEAR = 5
ALSO_CALLED = {"post_notice": "公示考评结果", "delist_unit": "摘帽"}
"""Other words of the guide for a command."""


# --- commands -------------------------------------------------------------------------------------------


def command_named(text: str) -> str:
    """Return the command, correction or retraction that an identifier or a Chinese name means.

    Raises:
        WrongUsage: ``command-unknown`` with what is near, or ``word-ambiguous``.
    """
    known = (*commands(), *AMENDMENTS)
    told = _plain(text)
    if told in known:
        return told
    found = [name for name in known if told in _names_of(name)]
    if not found:
        raise WrongUsage("command-unknown", command=text, near=_near(told))
    return _only_one(text, found, Wording("zh").command)


def name_typed(name: str) -> str:
    """Return what one types for a command in Chinese: its name, or the identifier where that means two."""
    word = Wording("zh").command(name)
    others = (*commands(), *AMENDMENTS)
    return name if any(_plain(word) in _names_of(other) for other in others if other != name) else word


@cache
def _names_of(name: str) -> frozenset[str]:
    """Return the Chinese names of a command: as it is listed, as it is refused, as its only event is told."""
    wording = Wording("zh")
    told = {wording.command(name), wording.words.known("act", name), ALSO_CALLED.get(name)}
    if name in commands() and len(events_of(name)) == 1:
        told.add(wording.event(events_of(name)[0].__name__))
    return frozenset(_plain(word) for word in told if word)


def _near(text: str) -> tuple[str, ...]:
    """Return the commands nearest to a text, each with its Chinese name."""
    by_word = {word: name for name in (*commands(), *AMENDMENTS) for word in (name, *_names_of(name))}
    alike = get_close_matches(text, by_word, n=MOST_NEAR, cutoff=0.5)
    whole = [word for word in by_word if len(text) > 1 and (text in word or word in text)]
    weaker = get_close_matches(text, by_word, n=MOST_NEAR, cutoff=0.3)
    found = dict.fromkeys(by_word[word] for word in (*whole, *(alike or weaker)))
    return tuple(f"{Wording('zh').command(name)}（{name}）" for name in list(found)[:MOST_NEAR])


# --- fields and values ----------------------------------------------------------------------------------


def fields_named(command: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a command by identifier, their values too; what is not understood stays as it is.

    Raises:
        WrongUsage: ``word-ambiguous``, or ``json-key-twice``: a field is given by both names.
    """
    node = msgspec.inspect.type_info(commands()[command])
    days = {day_field(event) for event in events_of(command)}
    own = {field.encode_name for field in _fields(node)}
    return _table(given, _fields(node), also=tuple(days - own), command=command)


def amendment_named(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a correction or retraction by identifier.

    Raises:
        WrongUsage: ``word-ambiguous`` or ``json-key-twice``.
    """
    return _renamed(given, AMENDMENT_FIELDS[name])


def correction_named(kind: type[Event], field: str, value: Any) -> tuple[str, Any]:
    """Return a field of an event that is to be corrected, or of one of its parts, and its new value.

    Raises:
        WrongUsage: ``word-ambiguous``.
    """
    fields = _fields(msgspec.inspect.type_info(kind))
    types = {f.encode_name: f.type for f in fields}
    step = getattr(kind, "step", "")
    inner = {f.encode_name: f.type for part in fields for f in _fields(part.type)}
    name = field if field in ("on", *types, *inner) else None
    for names in (("on", *types), tuple(inner)):
        if name is None:
            own = [known for known in names if _plain(field) == _own_word(known, step)]
            found = own or [known for known in names if _plain(field) in _words_of(known)]
            own_day = day_field(kind)
            if own_day in found and "on" in found:
                found.remove(own_day)
            name = _only_one(field, found, _field_word) if found else None
    if name is None:
        return field, value
    command = commands().get(step)
    given = {f.encode_name: f.type for f in _fields(msgspec.inspect.type_info(command))} if command else {}
    return name, _value(_value(value, {**inner, **types}.get(name)), given.get(name))


def _table(
    given: Mapping[str, Any], fields: Iterable[Any], also: tuple[str, ...] = (), command: str = ""
) -> dict[str, Any]:
    types = {field.encode_name: field.type for field in fields}
    table = _renamed(given, (*types, *also), command)
    return {name: _value(value, types.get(name), command) for name, value in table.items()}


def _renamed(given: Mapping[str, Any], names: tuple[str, ...], command: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in given.items():
        name = _field(key, names, command)
        if name in found:
            raise WrongUsage("json-key-twice", keys=_field_word(name))
        found[name] = value
    return found


def _field(text: str, names: tuple[str, ...], command: str = "") -> str:
    if text in names:
        return text
    own = [name for name in names if _plain(text) == _own_word(name, command)]
    found = own or [name for name in names if _plain(text) in _words_of(name)]
    return _only_one(text, found, _field_word) if found else text


def _own_word(field: str, command: str) -> str | None:
    """Return what a field is called in one command alone, None where it has no word of its own there."""
    word = Catalogue("zh").known("fact", f"{command}.{field}")
    return None if word is None else _plain(word)


@cache
def _words_of(field: str) -> frozenset[str]:
    """Return the Chinese words for a field; of 姓名或名称 either part will do.

    A column of a table may have the identifier of a field and be about something else: its heading is a word
    for the field only where there is no other, or where the catalogue says so (``also``).
    """
    words = Catalogue("zh")
    names = {field, NAMED_BY.get(field, field)}
    told = {words.any_word(name, *FIELD_WORDS) for name in names} | {words.known("also", field)}
    return frozenset(_plain(part) for word in told if word for part in (word, *word.split("或")))


def _value(value: Any, node: Any, command: str = "") -> Any:
    """Return a value in identifiers, as deep as the type goes."""
    choices = _choices(node)
    if isinstance(value, str):
        if value in choices or (not choices and not _is_yes_or_no(node)):
            return value
        if _is_yes_or_no(node):
            return {"是": True, "否": False}.get(_plain(value), value)
        found = [name for name in choices if _plain(value) in _value_words(str(name))]
        return _only_one(value, found, _value_word) if found else value
    if isinstance(value, Mapping):
        for kind in kinds_of(node):
            if fields := _fields(kind):
                return _table(value, fields, command=command)
            if of := getattr(kind, "value_type", None):
                return {key: _value(item, of, command) for key, item in value.items()}
    if isinstance(value, list | tuple):
        for kind in kinds_of(node):
            if of := getattr(kind, "item_type", None):
                return [_value(item, of, command) for item in value]
    return value


def story_named(story: Story) -> Story:
    """Return a story with its commands, fields and values by identifier, as the command line takes them.

    Raises:
        WrongUsage: ``command-unknown``, ``word-ambiguous`` or ``json-key-twice``.
    """
    steps = [msgspec.structs.replace(step, do=command_named(step.do)) for step in story.steps]
    return msgspec.structs.replace(story, steps=[_step(step, steps) for step in steps])


def _step(step: StepTable, steps: Sequence[StepTable]) -> StepTable:
    if step.do not in AMENDMENTS:
        return msgspec.structs.replace(step, fields=fields_named(step.do, step.fields))
    given = amendment_named(step.do, step.fields)
    number, field = given.get("event"), given.get("field")
    if isinstance(number, int) and 0 < number <= len(steps) and isinstance(field, str):
        events = events_of(steps[number - 1].do) if steps[number - 1].do in commands() else ()
        if events:
            given["field"], given["value"] = correction_named(events[0], field, given.get("value"))
    return msgspec.structs.replace(step, fields=given)


def in_words(given: Mapping[str, Any], command: str = "") -> dict[str, Any]:
    """Return fields (of a command) by their Chinese names, with values in Chinese, as they are read back."""
    told = {}
    for name, value in given.items():
        word = _field_word if name == "field" else _value_word
        told[_field_word(name, command)] = _in_words(value, word, command)
    return told


def _in_words(value: Any, word: Callable[[str], str], command: str) -> Any:
    if isinstance(value, Mapping):
        return in_words(value, command)
    if isinstance(value, list | tuple):
        return [in_words(item, command) if isinstance(item, Mapping) else item for item in value]
    return word(value) if isinstance(value, str) else value


def choices_of(node: Any) -> tuple[str, ...]:
    """Return the identifiers that a field may hold, () where it may hold anything."""
    return tuple(map(str, _choices(node)))


def _choices(node: Any) -> tuple[Any, ...]:
    """Return the words that may stand in a place, () where anything may."""
    found: list[Any] = []
    for kind in kinds_of(node):
        if isinstance(kind, msgspec.inspect.LiteralType):
            found += kind.values
        elif isinstance(kind, msgspec.inspect.EnumType):
            found += [member.value for member in kind.cls]
    return tuple(found)


def _is_yes_or_no(node: Any) -> bool:
    kinds = [type(kind) for kind in kinds_of(node)]
    return msgspec.inspect.BoolType in kinds and msgspec.inspect.StrType not in kinds


def kinds_of(node: Any) -> tuple[Any, ...]:
    """Return the types a value may have, without their constraints."""
    if isinstance(node, msgspec.inspect.Metadata):
        return kinds_of(node.type)
    if isinstance(node, msgspec.inspect.UnionType):
        return tuple(kind for part in node.types for kind in kinds_of(part))
    return () if node is None else (node,)


def _fields(node: Any) -> tuple[Any, ...]:
    return tuple(field for kind in kinds_of(node) for field in getattr(kind, "fields", ()))


@cache
def _value_words(name: str) -> frozenset[str]:
    words = Catalogue("zh")
    return frozenset(_plain(word) for category in VALUE_WORDS if (word := words.known(category, name)))


def _only_one(text: str, found: list[str], word: Callable[[str], str]) -> str:
    if len(found) > 1:
        raise WrongUsage("word-ambiguous", word=text, near=[f"{word(name)}（{name}）" for name in found])
    return found[0]


def _field_word(name: str, command: str = "") -> str:
    return Catalogue("zh").field(NAMED_BY.get(name, name), command) or name


def _value_word(name: str) -> str:
    return Catalogue("zh").any_word(name, *VALUE_WORDS) or name


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
