"""Chinese for what answers name by identifiers: from the one catalogue of words, and what only pages need."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from workflows.entrypoints.pieces import NOT_ELECTED, verdict_key
from workflows.entrypoints.rendering import units_told, yuan
from workflows.entrypoints.row_words import row_told
from workflows.entrypoints.wording import Wording, is_id

WEEKDAYS = "一二三四五六日"
ORIGINS = {
    "web": "网页", "cli": "命令行", "api": "接口", "import": "导入", "scheduler": "系统", "sandbox": "推演",
    "demo": "演示",
}  # fmt: skip
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


WORDING = Wording("zh")
CATALOGUE = WORDING.words


def word(table: str, key: object) -> str:
    """Return the word for an identifier, the identifier itself where the catalogue has none."""
    text = str(key).lower() if isinstance(key, bool) else str(key)
    return CATALOGUE.known(table, text) or text


def kind_word(kind: object) -> str:
    """Return the word for a kind of unit, or that nobody wrote it down."""
    return CATALOGUE.kind(str(kind) if kind else None)


def level_and_kind(level: object, kind: object) -> str:
    """Return what a unit is: ``村党支部``, or ``党委（类别没有写）``."""
    return (
        f"{word('kind', kind)}{word('level', level)}"
        if kind
        else f"{word('level', level)}（{kind_word(kind)}）"
    )


def verdict_word(finding: Mapping[str, Any]) -> str:
    """Return the verdict of a finding, and that it is waived; of a defeated candidate who, by how many."""
    waived = "（已豁免）" if finding.get("waived") else ""
    facts = finding.get("facts") or {}
    key = verdict_key(finding["verdict"], facts)
    who = f"（{facts['item']}，{facts['votes']} 票）" if key == NOT_ELECTED else ""
    return word("verdict", key) + who + waived


def event_word(name: str) -> str:
    """Return what happened, for an event's name (``AdmissionVoted``)."""
    return WORDING.event(name)


def weekday(day: date) -> str:
    """Return the day of the week."""
    return f"星期{WEEKDAYS[day.weekday()]}"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence: a day, or what stands between days."""

    text: str
    is_day: bool


def with_days(text: object) -> Iterator[Part]:
    """Yield a sentence cut at its days, so that each can be written as one."""
    told, start = str(text), 0
    for found in DAY.finditer(told):
        if found.start() > start:
            yield Part(told[start : found.start()], is_day=False)
        yield Part(found[0], is_day=True)
        start = found.end()
    if start < len(told):
        yield Part(told[start:], is_day=False)


_WORD_TABLES = {
    "type": "meeting", "activity": "meeting", "post": "post", "posts": "post", "kind": "kind",
    "unit_kind": "kind", "level": "level", "unit_level": "level", "stage": "stage", "verdict": "value",
    "outcome": "value", "belongs_to": "stage", "role": "value", "ground": "value", "source": "value",
    "manner": "value", "severity": "value", "result": "value", "field": "kind", "reply": "value",
    "subject": "command",
}  # fmt: skip
WHO_SAID = {
    "members": "党员", "league": "群团组织", "mentors": "培养联系人", "cell": "党小组", "masses": "群众",
    "sponsors": "入党介绍人",
}  # fmt: skip
"""Those whose opinion or recommendation a record names."""

OWN_WORDS = {"recommended_by": WHO_SAID, "opinions": WHO_SAID, "gender": {"male": "男", "female": "女"}}


def value_word(name: str, value: Any, command: str = "") -> str:
    """Return the value of a fact as one writes it; lists by 、, tables as name：value.

    ``command``: whose fields they are, where those of a table have words of their own there.
    """
    if value is None:
        return "没有写"
    if isinstance(value, bool):
        return word("value", value)
    if isinstance(value, dict):
        if set(value) <= {"person", "name"}:
            return str(value.get("name") or value.get("person") or "")
        return units_told(value) or row_told(value, WORDING) or _table_word(value, command)
    if isinstance(value, list | tuple):
        if value and all(isinstance(item, str) and is_id(item) for item in value):
            return f"{len(value)} 条记录"  # of whom no name is known: events
        mark = "；" if any(isinstance(item, dict) and len(item) > 1 for item in value) else "、"
        return mark.join(value_word(name, item, command) for item in value) or "没有"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, float):
        return f"{value:g}"
    if name in OWN_WORDS:
        return OWN_WORDS[name].get(str(value), str(value))
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if name not in _WORD_TABLES:
        return str(value)
    return CATALOGUE.any_word(str(value), _WORD_TABLES[name], "value") or str(value)


def _table_word(table: Mapping[str, Any], command: str) -> str:
    """Return a table on one line; of someone the name, the rest in brackets: ``王建国（书记）``."""
    told = {key: value_word(key, item) for key, item in table.items() if _is_told(key, item)}
    person = told.pop("person", "")
    if person:
        rest = "，".join(
            told[key] if key in SAID_ALONE else f"{_field_word(key, command)} {told[key]}" for key in told
        )
        return f"{person}（{rest}）" if rest else person
    return "，".join(
        text if key in SAID_ALONE else f"{_field_word(key, command)} {text}" for key, text in told.items()
    )


def _field_word(name: str, command: str) -> str:
    return CATALOGUE.field(name, command) or name


def _is_told(name: str, value: Any) -> bool:
    return value not in (None, "", [], {}) and (value is not False or name in TOLD_WHERE_NOT)


SAID_ALONE = frozenset({"reason", "post", "point", "criterion"})
TOLD_WHERE_NOT = frozenset({"in_order", "met"})
"""What is told where it is not so, too: what somebody looked for."""


def earliest_word(day: str, provisional: bool) -> str:
    """Return an earliest day as words may follow it: marked if it rests on working days not known yet."""
    return f"{day}（暂定）" if provisional else f"{day} "
