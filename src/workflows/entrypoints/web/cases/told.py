"""What a case says on a page: in the words of its unit and of the day of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.entrypoints.case_words import CaseWords
from workflows.entrypoints.web.desk import Desk
from workflows.entrypoints.web.timeline import Timeline


def words_of(desk: Desk, unit_id: object) -> CaseWords:
    """Return the words of a case of a unit at the horizon of the page."""
    return CaseWords(desk.rules, lambda: desk.rules_for(unit_id), desk.horizon.as_of, desk.name_of)


def in_words(facts: Mapping[str, Any], desk: Desk, unit_id: object) -> dict[str, Any]:
    """Return facts of a case with the rule by its label and the period in words."""
    return words_of(desk, unit_id).facts(facts)


def pack_title(name: object, desk: Desk, unit_id: object) -> str | None:
    """Return what a pack of that id or title is called where it holds; None where none does."""
    return words_of(desk, unit_id).plan(str(name))


def rows_in_words(rows: Sequence[Mapping[str, Any]], desk: Desk, unit_id: object) -> list[dict[str, Any]]:
    """Return the rows of a history with rules, plans and periods in words, as they hold for a unit."""
    return words_of(desk, unit_id).rows(rows)


def timeline_told(rows: Sequence[Mapping[str, Any]], desk: Desk, unit_id: object) -> Timeline:
    """Return the rows of a history of a unit, a case or somebody as a timeline in words."""
    return Timeline(rows_in_words(rows, desk, unit_id), desk.name_of)


def period_told(period: str, desk: Desk) -> str:
    """Return a period in words, anything else (a day) as it stands."""
    return words_of(desk, None).period(period)
