"""A pack: one regulation as one file, in its order; steps and materials of the stages included."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import InitErrorDetails, PydanticCustomError

from workflows.kernel.calendar import YearTable
from workflows.policies.criteria import PlannedCriterion
from workflows.policies.findings import Running
from workflows.policies.flaws import Flaw, of_errors, of_syntax
from workflows.policies.kinds import KINDS, AnyRule
from workflows.policies.rule import DatedClause, DatedValue, Rule, Severity, Strict
from workflows.policies.workdays import CalendarYear

Level = Literal["central", "department", "province", "city", "county", "unit"]
LEVELS: tuple[Level, ...] = ("central", "department", "province", "city", "county", "unit")
"""Highest first: a lower layer may tighten or fill a gap, never loosen."""

NATIONAL: tuple[Level, ...] = ("central", "department")


class Step(Strict):
    """A step inside a stage: its place in the chart, its command, from and until when it is asked for.

    ``required``: the stage is not left without it. ``repeats``: done more than once (reviews). ``moves_to``:
    the stage it leads to. ``rule``: the rule of the step in the regulation. ``after``: the step behind which
    it stands in the chart; the one before it in its own pack where nothing is said.
    """

    id: str
    no: str
    title: str
    stage: str
    rule: str
    required: bool = True
    repeats: bool = False
    moves_to: str | None = None
    acts: str | None = None
    after: str | None = None
    start: date | None = Field(default=None, alias="from")
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the step is part of the course on ``day``."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


class Material(Strict):
    """A paper (材料) asked for at a step, with the clause behind it: none without a clause.

    The clause is that of ``rule`` on the day of the act, unless ``clauses`` say another. ``required``: the
    step is incomplete without it; else it is usual. ``signed_by``: who signs, in words. ``dated``: the day on
    the paper is not later (``not_after``) or not earlier (``not_before``) than that of the act, as strictly
    as ``dated_severity`` says. ``from`` and ``until`` (not included) are days of the act.
    """

    id: str
    title: str
    step: str
    rule: str
    clauses: tuple[DatedClause, ...] = Field(default=(), strict=False)
    required: bool = True
    signed_by: tuple[str, ...] = Field(default=(), strict=False)
    dated: Literal["not_after", "not_before"] | None = None
    dated_severity: Severity = "warn"
    start: date | None = Field(default=None, alias="from")
    until: date | None = None
    note: str | None = None

    pack_id: SkipJsonSchema[str] = ""
    pack_title: SkipJsonSchema[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _nothing_of_ours(cls, data: Any) -> Any:
        """Refuse what no author writes: where the material comes from."""
        for name in ("pack_id", "pack_title"):
            if isinstance(data, dict) and name in data:
                raise PydanticCustomError(
                    "extra_forbidden", "Extra inputs are not permitted ({name})", {"name": name}
                )
        return data

    def holds_on(self, day: date) -> bool:
        """Say whether the paper is asked for of an act of ``day``."""
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


class Pack(Strict):
    """A regulation, a county's plan or a unit's own rules, as data.

    ``calendars`` are working days of whole years: those of a region, so never a unit's own.
    ``criteria_not_given`` says what the text does not give of the criteria of a rating (an annex, points).
    """

    id: str
    title: str
    issuer: str
    level: Level
    source: str
    issued_on: date
    published_on: date | None = None
    note: str | None = None
    rules: tuple[AnyRule, ...] = Field(default=(), strict=False)
    steps: tuple[Step, ...] = Field(default=(), strict=False)
    materials: tuple[Material, ...] = Field(default=(), strict=False)
    calendars: tuple[CalendarYear, ...] = Field(default=(), strict=False)
    criteria: tuple[PlannedCriterion, ...] = Field(default=(), strict=False)
    criteria_not_given: str | None = None

    @model_validator(mode="after")
    def _years_of_a_region_and_once(self) -> Pack:
        years = [told.year for told in self.calendars]
        wrong: list[tuple[tuple[str | int, ...], str, str]] = [
            (("calendars", place, "year"), "calendar_year_twice", f"calendar year twice: {year}")
            for place, year in enumerate(years)
            if year in years[:place]
        ]
        if years and self.level == "unit":
            wrong.append((("level",), "calendar_of_unit", "calendar of unit"))
        if wrong:
            slips = [
                InitErrorDetails(type=PydanticCustomError(code, said), loc=loc, input=None)
                for loc, code, said in wrong
            ]
            raise ValidationError.from_exception_data(type(self).__name__, slips)
        return self

    @model_validator(mode="after")
    def _no_rule_twice(self) -> Pack:
        seen: set[str] = set()
        for rule in self.rules:
            asked = rule.model_dump_json(exclude={"label", "values", "clauses", "severity", "note"})
            if asked in seen:
                raise ValueError(f"{rule.id}: twice in this pack about the same matter")
            seen.add(asked)
        return self

    @model_validator(mode="after")
    def _criteria_once_and_in_a_clause(self) -> Pack:
        known, seen = {rule.id for rule in self.rules}, set[str]()
        for one in self.criteria:
            if one.id in seen:
                raise ValueError(f"{one.id}: twice among the criteria of this pack")
            if one.rule not in known:
                raise ValueError(f"{one.id}: no rule of this pack is called {one.rule}")
            seen.add(one.id)
        return self

    @cached_property
    def years(self) -> tuple[YearTable, ...]:
        """Return the working days of the years it tells."""
        return tuple(told.table for told in self.calendars)

    @cached_property
    def own_rules(self) -> tuple[Rule, ...]:
        """Return the rules, each knowing its pack."""
        known = {"pack_id": self.id, "pack_title": self.title, "pack_level": self.level}
        return tuple(rule.model_copy(update=known) for rule in self.rules)

    @cached_property
    def own_materials(self) -> tuple[Material, ...]:
        """Return the papers asked for, each knowing its pack."""
        known = {"pack_id": self.id, "pack_title": self.title}
        return tuple(material.model_copy(update=known) for material in self.materials)


@dataclass(frozen=True)
class Adopted:
    """A pack that holds for a unit and all below it, from a day and until another (not included).

    ``running`` says by rule id what is done with cases begun before that day; else they are bound.
    """

    text: str
    start: date
    until: date | None = None
    running: tuple[tuple[str, Running], ...] = ()

    @property
    def pack(self) -> Pack:
        """Return the pack; its text was read before it was adopted."""
        return _read(self.text)

    @property
    def parts(self) -> tuple[Level, Pack, tuple[Rule, ...], tuple[tuple[Step, ...], tuple[Material, ...]]]:
        """Return its level, the pack, and what it brings for as long as it holds: rules, steps, papers."""
        told = tuple(self.steps()), tuple(self.materials())
        return self.pack.level, self.pack, tuple(self.rules()), told

    def rules(self) -> list[Rule]:
        """Return the rules of the pack for as long as it holds."""
        said = dict(self.running)
        return [
            rule.model_copy(
                update={
                    "held_from": self.start,
                    "held_until": self.until,
                    "running": said.get(rule.id, "adopt"),
                }
            )
            for rule in self.pack.own_rules
        ]

    def steps(self) -> list[Step]:
        """Return the steps of the pack for as long as it holds."""
        return [step.model_copy(update=self._days_of(step)) for step in self.pack.steps]

    def materials(self) -> list[Material]:
        """Return the papers that the pack asks for, for as long as it holds."""
        return [told.model_copy(update=self._days_of(told)) for told in self.pack.own_materials]

    def _days_of(self, told: Step | Material) -> dict[str, date | None]:
        return {
            "start": max(told.start or self.start, self.start),
            "until": min((day for day in (told.until, self.until) if day), default=None),
        }


class PackError(Exception):
    """A pack file that cannot be used: what is wrong, at which place of the file."""

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("; ".join(f"{flaw.place}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws


def with_another(held: tuple[Adopted, ...], new: Adopted) -> tuple[Adopted, ...]:
    """Return what holds once a pack is adopted besides: its former text ends where the new one begins."""
    return (*ended(held, new.pack.id, new.start), new)


def ended(held: tuple[Adopted, ...], pack_id: str, day: date) -> tuple[Adopted, ...]:
    """Return what holds once a pack is taken back from a day on."""
    cut = (
        replace(entry, until=min(day, entry.until or day)) if entry.pack.id == pack_id else entry
        for entry in held
    )
    return tuple(entry for entry in cut if entry.until is None or entry.start < entry.until)


def left_by(above: Sequence[Adopted], own: Sequence[Adopted]) -> tuple[Adopted, ...]:
    """Return the windows of ``own`` less the days on which a superior's word on the same pack holds.

    A window that outlasts the superior's goes on where that one ends.
    """
    found: list[Adopted] = []
    for entry in own:
        start: date | None = entry.start
        for higher in sorted((one for one in above if one.pack.id == entry.pack.id), key=_first_day):
            if start is None or (entry.until is not None and higher.start >= entry.until):
                break
            if higher.until is not None and higher.until <= start:
                continue
            if higher.start > start:
                found.append(replace(entry, start=start, until=higher.start))
            start = higher.until
        if start is not None and (entry.until is None or start < entry.until):
            found.append(replace(entry, start=start))
    return tuple(found)


def _first_day(adopted: Adopted) -> date:
    return adopted.start


def years_of(held: Sequence[Adopted], on: date) -> tuple[YearTable, ...]:
    """Return the working days told by packs of one unit, the latest word on a year last.

    A table counts as soon as its pack is adopted, for the whole of its year, until the pack is taken back. A
    new text of the pack leaves standing the years it is silent about.
    """
    found: list[YearTable] = []
    for entry in sorted(held, key=_first_day):
        went_on = any(o.start == entry.until and o.pack.id == entry.pack.id for o in held)
        if entry.until is None or entry.until > on or went_on:
            found += entry.pack.years
    return tuple(found)


def as_running(word: str) -> Running:
    """Return a word of an event as what it says of running cases; an unknown one asks a person."""
    return next((known for known in get_args(Running) if known == word), "ask")


@lru_cache(maxsize=64)
def _read(text: str) -> Pack:
    return parse_pack(text)


def parse_pack(text: str) -> Pack:
    """Read a pack from TOML.

    Raises:
        PackError: no TOML, or a table that says too little, too much or something else.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PackError([of_syntax(str(error), text)]) from error
    try:
        return Pack.model_validate(data)
    except ValidationError as error:
        raise PackError(of_errors(error.errors(), text, data, _tables())) from error


@cache
def _tables() -> dict[str, type[BaseModel]]:
    """Return the models of the tables of a pack file by where they stand; of a rule by its kind."""
    found: dict[str, type[BaseModel]] = {"": Pack, "steps": Step, "materials": Material}
    found["criteria"] = PlannedCriterion
    found |= {"values": DatedValue, "clauses": DatedClause, "calendars": CalendarYear}
    found |= {f"rules.{kind.kind_name}": kind for kind in KINDS}
    return found
