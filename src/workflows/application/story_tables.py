"""剧本的表: a story as it is written, and its questions.

The format is the contract of the sandbox: see docs/guide/sandbox.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

import msgspec

from workflows.application.rough_days import read_rough
from workflows.application.story_questions import QUESTIONS
from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.clock import LAST_DAY
from workflows.kernel.errors import WrongUsage

LONG_AGO = date(2000, 1, 1)
"""Units of which no day is told were set up long before; so were those named only in passing admitted."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of the tables of a story."""


HeadCount = Annotated[int, msgspec.Meta(ge=0, le=5_000)]


class UnitTable(_Table, frozen=True, forbid_unknown_fields=True):
    """A unit of the story; its counts hold from the day it was set up."""

    name: str
    kind: str | None = None
    level: str = "branch"
    superior: str | None = None
    full_members: HeadCount | None = None
    probationary_members: HeadCount | None = None
    established_on: date = LONG_AGO


class InWords(_Table, frozen=True, forbid_unknown_fields=True):
    """A day told in words (``1998年``); in a file the words stand alone."""

    words: str


Day = date | InWords


class PersonTable(_Table, frozen=True, forbid_unknown_fields=True):
    """Someone of the story; ``since``: the day of full membership, or of the vote for one on probation."""

    born_on: Day | None = None
    stage: str | None = None
    since: Day | None = None
    rights_barred: bool = False
    unit: str | None = None


class CalendarTable(_Table, frozen=True, forbid_unknown_fields=True):
    """Days added to the built-in calendar."""

    holidays: list[date] = []
    workdays: list[date] = []


class StepTable(_Table, frozen=True, forbid_unknown_fields=True, rename={"fields": "with"}):
    """One step: what is done, when, when it was recorded."""

    on: Day
    do: str
    person: str | None = None
    unit: str | None = None
    subject: str | None = None
    by: str | None = None
    fields: dict[str, Any] = {}
    recorded_on: date | None = None
    as_history: bool = False
    reason: str | None = None
    expect: dict[str, Any] | None = None

    @property
    def day(self) -> date:
        """Return the day of the step; of one told in words the latest possible, by its recording at most."""
        return self.on if isinstance(self.on, date) else self.rough_day(self.on).ordered_on

    def rough_day(self, told: InWords) -> ApproximateDay:
        """Return the day that words tell roughly.

        Raises:
            WrongUsage: they tell none.
        """
        rough = read_rough(told.words, latest=self.recorded_on or LAST_DAY)
        if rough is None:
            raise WrongUsage("story-table", detail=f"[[steps]] on: {told.words}")
        return rough

    @property
    def played_on(self) -> date:
        """Return the day on which the step is recorded."""
        return self.recorded_on or self.day


class Story(_Table, frozen=True, forbid_unknown_fields=True):
    """A story as written."""

    title: str = ""
    packs: list[str] = msgspec.field(default_factory=lambda: ["central"])
    unit: UnitTable | None = None
    units: list[UnitTable] = []
    people: dict[str, PersonTable] = {}
    calendar: CalendarTable = CalendarTable()
    steps: list[StepTable] = []
    ask: list[dict[str, Any]] = []

    @property
    def all_units(self) -> list[UnitTable]:
        """Return the units, the default one first."""
        return [*([self.unit] if self.unit else []), *self.units]


def named_on_the_way(steps: Iterable[StepTable]) -> Iterator[str]:
    """Yield the names that steps give to units: set up, renamed, merged under a new name, split off."""
    for step in steps:
        told = [step.fields] if step.do in ("establish_unit", "rename_unit", "merge_units") else []
        parts = step.fields.get("into") if step.do == "split_unit" else None
        told += [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
        yield from (table["name"] for table in told if isinstance(table.get("name"), str))


def read_story(text: str) -> Story:
    """Read a story.

    Raises:
        WrongUsage: no TOML, or a table that says too little, too much or something else.
    """
    try:
        story = msgspec.convert(_in_words(tomllib.loads(text)), Story)
    except tomllib.TOMLDecodeError as error:
        raise WrongUsage("story-unreadable", detail=str(error)) from error
    except msgspec.ValidationError as error:
        raise WrongUsage("story-table", detail=str(error)) from error
    for question in story.ask:
        if len(set(question) & set(QUESTIONS)) != 1 or set(question) - {*QUESTIONS, "expect"}:
            raise WrongUsage("story-question", keys=sorted(question), questions=QUESTIONS)
    names = {unit.name for unit in story.all_units} | set(named_on_the_way(story.steps))
    for number, step in enumerate(story.steps, 1):
        if step.unit is not None and step.unit not in names:
            raise WrongUsage("story-unit", step=number, unit=step.unit, units=sorted(names))
    return story


_WITH_DAYS = {"people": ("born_on", "since"), "steps": ("on",)}


def _in_words(tables: dict[str, Any]) -> dict[str, Any]:
    """Return a story as read, with the days told in words marked as such."""
    found = dict(tables)
    for name, fields in _WITH_DAYS.items():
        part = tables.get(name)
        if isinstance(part, dict):
            found[name] = {key: _marked(table, fields) for key, table in part.items()}
        elif isinstance(part, list):
            found[name] = [_marked(table, fields) for table in part]
    return found


def _marked(table: Any, fields: tuple[str, ...]) -> Any:
    if not isinstance(table, dict):
        return table
    days = {name: table[name] for name in fields if isinstance(table.get(name), str)}
    marked = {name: {"words": text} for name, text in days.items() if not _is_day(text)}
    return {**table, **marked}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def as_told(day: Day | None) -> date | str | None:
    """Return a day, or the words that tell it."""
    return day.words if isinstance(day, InWords) else day
