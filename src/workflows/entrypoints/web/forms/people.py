"""Who can be chosen in a form on a day, and why others cannot: asked of the rules, never decided here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args
from uuid import UUID

from workflows.domain.stages import MEMBERS
from workflows.domain.unit.commands import PostName
from workflows.entrypoints.web.forms.fields import TWIN, Field
from workflows.entrypoints.web.words import CATALOGUE, value_word, word
from workflows.projections.standing import posts_held

POSTS: Sequence[str] = get_args(PostName)
"""The posts of a committee, in the order of the office."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the unit on a day; ``why_not`` says why they cannot be chosen, "" where they can."""

    id: str
    name: str
    stage: str
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Everybody of a unit on a day: those who can be chosen, and the others with their reasons."""

    fit: Sequence[Candidate] = ()
    unfit: Sequence[Candidate] = ()

    @property
    def names(self) -> dict[str, str]:
        """Return the name behind each id, of those who cannot be chosen too: the check says why."""
        return {one.id: one.name for one in (*self.fit, *self.unfit)}


def candidates(
    app: Any, command: str, field: Field, unit_id: UUID | None, on: date, without: Iterable[UUID]
) -> Candidates:
    """Return who of the acting unit can stand in a field on a day."""
    if (command, field.name) == TWIN:
        return twins(app, without)
    if unit_id is None:
        return Candidates()
    left_out = {str(one) for one in without}
    with app.answering.opened() as opened:
        books = opened.books
        ids = list(opened.reading.directory.people_of(unit_id))
        books.preload(ids)
        people = [p for p in map(books.person_state, ids) if p.unit_on(on) == unit_id]
        told = [
            Candidate(str(p.id), p.profile.name or "（姓名已删除）", p.stage_on(on).value)
            for p in people
            if str(p.id) not in left_out
        ]
    told.sort(key=lambda one: (one.stage != "full", one.stage != "probationary", one.name))
    against = _unfit(app.answering, command, field, unit_id, on)
    fit: list[Candidate] = []
    unfit: list[Candidate] = []
    for one in told:
        reason = against.get(one.id, "")
        if not reason and one.stage not in MEMBERS:
            reason = _condition("stage", one.stage)
        named = Candidate(one.id, one.name, word("stage", one.stage), reason)
        (unfit if reason else fit).append(named)
    return Candidates(fit, unfit)


def twins(app: Any, people: Iterable[UUID]) -> Candidates:
    """Return who may be the same person as these, each with where they belong and why."""
    found = [one for person in people for one in app.answering.may_be(person)]
    return Candidates([Candidate(one["person_id"], one["person"] or "", twin_text(one)) for one in found])


def twin_text(one: Mapping[str, Any]) -> str:
    """Return what tells one of several of the same name apart: ``甲支部，正式党员，1990 年生，2 条记录``."""
    born = [f"{one['born']} 年生"] if one["born"] else []
    told = [one["unit"] or "没有所在支部", word("stage", one["stage"]), *born, f"{one['records']} 条记录"]
    return "，".join(told)


def office_holders(app: Any, units: Mapping[UUID, str], on: date) -> list[Candidate]:
    """Return who holds a post on a day in units, by id with their names, each with unit and post."""
    found: dict[str, Candidate] = {}
    with app.answering.opened() as opened:
        for unit_id, unit in units.items():
            told = posts_held(opened.books.unit_state(unit_id), opened.books, on) or ()
            for held in sorted(told, key=lambda one: POSTS.index(one.post)):
                name = opened.naming.who(held.person)
                if name:  # somebody on no roster is meant by the name itself
                    known = str(held.person.person or name)
                    found.setdefault(known, Candidate(known, name, f"{unit}{word('post', held.post)}"))
    return list(found.values())


def officers_first(app: Any, found: Candidates, unit_id: UUID, on: date) -> Candidates:
    """Return the members of a unit with those who hold a post in it in front, each with the post."""
    posts = {one.id: one.stage for one in office_holders(app, {unit_id: ""}, on)}
    told = [replace(one, stage=posts.get(one.id, one.stage)) for one in found.fit]
    order = {key: place for place, key in enumerate(posts)}
    return Candidates(sorted(told, key=lambda one: order.get(one.id, len(order))), found.unfit)


def only(found: Candidates, ids: Collection[str]) -> Candidates:
    """Return those of some ids alone."""
    fit, unfit = ([one for one in told if one.id in ids] for told in (found.fit, found.unfit))
    return Candidates(fit, unfit)


def _unfit(answering: Any, command: str, field: Field, unit_id: UUID, on: date) -> Mapping[str, str]:
    """Return by id what there is against each member on the day; {} where no rule is about who is chosen."""
    if field.kind != "people":
        return {}
    rows = answering.eligible(unit_id, command, on)["rows"]
    return {row["person_id"]: _against(row) for row in rows if row["eligible"] is False}


def _against(row: Mapping[str, Any]) -> str:
    told = [CATALOGUE.word("reason", reason) for reason in row["reasons"]]
    lines = [line for finding in row["findings"] for line in finding.get("calc") or ()]
    told += [_condition(str(line["left"]), str(line["right"])) for line in lines]
    told += [str(finding["label"]) for finding in row["findings"]] if not told else []
    return CATALOGUE.listed(dict.fromkeys(told))


def _condition(name: str, value: str) -> str:
    told = CATALOGUE.known("condition", name)
    shown = word("stage", value) if name == "stage" else value_word(name, value)
    return told.format(value=shown) if told else f"{word('fact', name)}：{shown}"
