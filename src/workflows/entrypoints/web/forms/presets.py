"""Rows of a form that are known beforehand: the points of an inspection, the criteria of a site."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows.application.ports import FileEntry
from workflows.domain.case_files import book_of
from workflows.domain.site.criteria import list_of
from workflows.domain.site.state import Site
from workflows.entrypoints.masking import mask_text
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.facts_told import in_short
from workflows.entrypoints.web.forms.fields import Given
from workflows.policies.kinds import Covers, Criterion, Mark
from workflows.policies.pack import NATIONAL
from workflows.policies.rules import Rules

Preset = tuple[Given, ...]
Choices = tuple[tuple[str, str], ...]
MET = {True: "达到", False: "没有达到", None: "没有看到"}


def presets(ask: Ask, command: str, field: str, case: FileEntry, day: date) -> Preset:
    """Return the rows of a field that are known beforehand; () where none are."""
    if (command, field) == ("record_visit", "checked"):
        rows = ask.desk.checklist(case.id)["rows"]
        return tuple(Given(row["point"], row["label"], (_known(row),)) for row in rows)
    if (command, field) == ("assess_site", "criteria"):
        return _criteria(ask, case, day)
    return ()


def points_to_raise(ask: Ask, case: FileEntry) -> tuple[tuple[str, str], ...]:
    """Return the points of an inspection, those not in order that wait for their problem first."""
    rows = sorted(ask.desk.checklist(case.id)["rows"], key=lambda row: not row["to_raise"])
    return tuple((row["point"], row["label"]) for row in rows)


def plans_for(command: str, rules: Rules, day: date) -> tuple[tuple[str, str], ...]:
    """Return the plans that may give a list: packs adopted there, for a site those with criteria of sites."""
    found = []
    for pack in rules.packs:
        held = [rule for rule in pack.own_rules if rule.in_force(day)]
        match command:
            case "nominate_site":
                fits = any(isinstance(rule, Criterion) for rule in held)
            case "open_campaign":
                fits = any(rule.about == "campaign" for rule in held)
            case _:
                fits = bool(held)
        if fits and pack.level not in NATIONAL:
            found.append((pack.id, pack.title))
    return tuple(found)


def marks_in_force(rules: Rules, day: date) -> tuple[tuple[str, str], ...]:
    """Return the marks by which a unit may be listed, each in its words."""
    held = (rule for rule in rules.at("list_unit") if isinstance(rule, Mark) and rule.in_force(day))
    return tuple(dict.fromkeys((rule.id, rule.label) for rule in held))


def words_asked(rules: Rules, command: str, field: str, day: date) -> tuple[tuple[str, str], ...]:
    """Return the words that a list has to name by the rules in force, each to be ticked."""
    held = (rule for rule in rules.at(command) if isinstance(rule, Covers) and rule.of == field)
    values = ((rule, rule.value_on(day)) for rule in held)
    words = [word for rule, value in values if value for word in (*value.value, *rule.also)]
    return tuple((word, word) for word in dict.fromkeys(words))


def _known(row: Mapping[str, Any]) -> str:
    told = in_short(row["facts"])
    return f"账上：{told}" if told else "账上没有可以看的，到场看"


def _criteria(ask: Ask, case: FileEntry, day: date) -> Preset:
    with ask.desk.app.answering.opened() as opened:
        books = opened.books
        site = books.file_state(case.id).at(day)
        if not isinstance(site, Site):
            return ()
        rules, book = books.rules_for(site.unit_id, day), book_of(site, books, day)
        known = list_of(rules, book, day, site.pack)
        last = _last_time(site)
    return tuple(
        Given(rule.id, rule.label, (rule.cite(day), *last.get(rule.id, ())))
        for rule, applies in known
        if applies
    )


def _last_time(site: Site) -> dict[str, tuple[str, ...]]:
    """Return by criterion what the last assessment found, so that a yearly one sees what changed."""
    found: dict[str, tuple[str, ...]] = {}
    for one in site.assessments[-1].criteria if site.assessments else ():
        said = "不适用" if not one.applies else MET[one.met]
        found[one.id] = (f"上次{said}" + (f"（{mask_text(one.note)}）" if one.note else ""),)
    return found


def other_levels(ask: Ask, case: FileEntry, day: date, levels: Choices) -> Choices:
    """Return the levels a site may be adjusted to: those it is not of."""
    with ask.desk.app.answering.opened() as opened:
        site = opened.books.file_state(case.id).at(day)
    now = site.level if isinstance(site, Site) else None
    return tuple(one for one in levels if one[0] and one[0] != now)
