"""The facts of a problem as a sentence can hold them; where nothing is known, that is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflows.entrypoints.details import explained

if TYPE_CHECKING:
    from workflows.entrypoints.wording import Wording
    from workflows.kernel.errors import Problem

OF_AN_EVENT = frozenset({"field-unknown", "retract-the-cause", "structure-built-upon", "case-built-upon"})
"""Codes that speak of a record by what happened."""

LEVELS = frozenset({"level", "unit_level", "highest"})


def facts_of(problem: Problem, wording: Wording) -> dict[str, Any]:
    """Return the facts of a problem for its sentences: words for identifiers, none of them empty."""
    from workflows.application.commands import step_named

    none = "无" if wording.lang == "zh" else "none"
    command = str(problem.facts.get("command") or "")
    if problem.code == "field-unknown":
        command = step_named(str(problem.facts.get("event")))
    facts: dict[str, Any] = {"code": problem.code, "units": none, "people": none, "near": none}
    for name, value in problem.facts.items():
        facts[name] = _told(name, value, problem.code, command, wording)
        if name == "flaws":
            facts["count"] = len(value or ())
    return facts


def _told(name: str, value: Any, code: str, command: str, wording: Wording) -> Any:
    is_list = isinstance(value, list | tuple | set | frozenset)
    if is_list and not value:
        return "无" if wording.lang == "zh" else "none"
    if value is None or not str(value).strip():
        return wording.say("command_untold" if name == "command" else "untold")
    if name == "command":
        return value if code == "command-unknown" else wording.command(str(value))
    if name == "event" and code in OF_AN_EVENT:
        return wording.event(str(value))
    if name == "detail":
        return explained(str(value), wording, command)
    if name in LEVELS:
        return wording.words.word("level", str(value))
    if name in ("field", "fields"):
        return wording.words.listed(wording.field(one, command) for one in (value if is_list else [value]))
    if is_list:
        tell = wording.flaw if name == "flaws" else lambda item: _item(item, wording)
        return wording.words.listed(tell(item) for item in value)
    return value


def _item(item: Any, wording: Wording) -> str:
    """Return one of several things listed: a text, or a person with unit, stage and id."""
    if not isinstance(item, Mapping):
        return str(item)
    told = [wording.stage(str(v)) if k == "stage" else str(v) for k, v in item.items() if v and k != "id"]
    return " ".join([*told, str(item.get("id") or "")]).strip()
