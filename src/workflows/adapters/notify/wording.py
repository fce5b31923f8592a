"""The sentences of reminders, from ``sentences.toml``; each carries its clause and its last day."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from workflows.adapters.period_told import period_told
from workflows.scheduler.ports import Line

TERM_REMINDER = "issue_term_reminder"
TERM = "elect_committee"
MOST_IN_A_LETTER = 40


class Words:
    """Turns lines into what a recipient reads; implements :class:`workflows.scheduler.ports.Wording`."""

    def text(self, line: Line, *, unit: str, person: str | None, on: date) -> str:
        """Return one sentence; ``person`` is the name to show, None where there is none (or it is erased)."""
        said = _sentences()
        concerns = unit
        if line.person_id is not None:
            concerns = f"{unit} {person or said['mail']['someone']}"
        facts = {
            "who": concerns,
            "what": _what(line, said),
            "clause": line.clause,
            "due_on": line.due_on.isoformat(),
            "first_on": (line.first_on or line.due_on).isoformat(),
            "days": abs((line.due_on - on).days),
            "count": line.count,
        }
        if line.ends_on is not None:
            facts |= {"ends_on": line.ends_on.isoformat(), "days_to_end": (line.ends_on - on).days}
        text = _pattern(line, said).format_map(facts)
        return text if line.clause else text.replace(said["line"]["basis"], "")


def letter(lines: Sequence[Line], texts: Sequence[str], on: date) -> tuple[str, str]:
    """Return subject and body of a digest; a long one names the most urgent and says how many are left."""
    said = _sentences()["mail"]
    count = sum(line.count for line in lines)
    numbered = [f"{number}. {text}" for number, text in enumerate(texts[:MOST_IN_A_LETTER], 1)]
    if len(texts) > MOST_IN_A_LETTER:
        numbered.append(said["more"].format(count=len(texts) - MOST_IN_A_LETTER))
    body = "\n".join([said["opening"], "", *numbered, "", said["closing"], ""])
    return said["subject"].format(count=count, on=on.isoformat()), body


def masked(name: str | None) -> str | None:
    """Return the name as it may leave the house: the surname (first character) and 某."""
    return _sentences()["mail"]["masked"].format(surname=name[0]) if name else None


def _what(line: Line, said: dict[str, dict[str, str]]) -> str:
    """Return the matter in the words of its rule; a period (of digits) is named, a command's name is not.

    The limit of a case has the name of the case.
    """
    named_by = said["case"] | said["proposal"]
    if line.rule in named_by:
        return named_by[line.rule].format(subject=line.subject)
    named = line.subject[:1].isdigit()
    return f"{line.label}（{period_told(line.subject)}）" if named else line.label


def _pattern(line: Line, said: dict[str, dict[str, str]]) -> str:
    if line.stage == "history" and line.count == 1:
        return said["line"]["history_one"]
    if line.rule in said["proposal"]:
        return said["line"]["proposed"]
    if line.stage != "history" and line.count > 1:
        return said["line"]["several"]
    if line.subject == TERM_REMINDER and line.ends_on is not None:
        return said["rule"]["term"]
    if line.subject == TERM and line.stage == "overdue":
        return said["rule"]["term_overdue"]
    return said["line"][line.stage]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    found = files("workflows.adapters.notify").joinpath("sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(found)
