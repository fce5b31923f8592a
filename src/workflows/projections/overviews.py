"""总览: what stands open in units on a day, as items; every number is a count of the items bearing its name.

Units stand in the order of the tree; nothing is scored and nobody is ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from workflows.application.books import Books
from workflows.domain.campaign.state import Campaign
from workflows.domain.inspection import state as inspected
from workflows.domain.listing import state as overhaul
from workflows.domain.rectification import state as correction
from workflows.domain.site.events import SiteNamed
from workflows.domain.site.state import Site
from workflows.policies.follow_up import FOLLOW_UP
from workflows.projections import deadlines, lights
from workflows.projections.deadlines import Limit
from workflows.projections.driving import Problem
from workflows.projections.grades import CLASSES, Words, history
from workflows.projections.lights import BYGONE, FIELDS, HELD, LIGHTS, OVER, SOON, Kept
from workflows.projections.sheets import Mark
from workflows.projections.waived_problems import waiver_of

REGIME = frozenset(
    {"branch_assembly", "committee_meeting", "cell_meeting", "party_lecture", "secretary_lecture"}
)
"""The activities of 三会一课."""

DONE, OWED = ("met", "late"), ("met", "late", "missing", "invalid")
"""Of the duties of the quarter: what was done, of what was owed; exempt, pending and refer are told apart."""


class Item(msgspec.Struct, frozen=True):
    """One thing that is counted: ``figures`` are the names of the numbers it is behind.

    ``field`` is the column of the matrix where it stands; ``subject`` a period, a step or a case; ``told`` a
    stage, a verdict, a grade or a level; ``day`` its last day, or the day since which it is so. ``number``:
    how many of the same it stands for, where nothing is told of each.
    """

    unit_id: UUID
    figures: tuple[str, ...]
    field: str = ""
    rule: str = ""
    label: str = ""
    subject: str = ""
    told: str = ""
    day: date | None = None
    person_id: UUID | None = None
    file_id: UUID | None = None
    number: int = 1
    more: dict[str, Any] = {}


class Figures(msgspec.Struct, frozen=True):
    """The numbers of some items: of each name, and of each field the lights."""

    counts: dict[str, int]
    lights: dict[str, dict[str, int]]

    @classmethod
    def of(cls, items: Iterable[Item]) -> Figures:
        """Return the numbers; a name there is nothing behind is left out."""
        counts, shapes = dict[str, int](), dict[str, dict[str, int]]()
        for item in items:
            for name in item.figures:
                counts[name] = counts.get(name, 0) + item.number
                if name.startswith("limit.") and item.field in FIELDS:
                    told, shape = shapes.setdefault(item.field, {}), name.removeprefix("limit.")
                    told[shape] = told.get(shape, 0) + item.number
        return cls(counts, {field: shapes[field] for field in FIELDS if field in shapes})

    def as_json(self) -> dict[str, Any]:
        """Return the numbers by what they are of, those of the duties summed; those always told are there."""
        count = self.counts.get
        duties = {v: count(f"regime.{v}", 0) for v in (*OWED, "exempt", "pending", "refer")}
        return {
            "limits": {shape: count(f"limit.{shape}", 0) for shape in (*LIGHTS, HELD, BYGONE)},
            "regime": {
                "done": sum(duties[v] for v in DONE),
                "owed": sum(duties[v] for v in OWED),
                **duties,
            },
            "terms": {shape: count(f"term.{shape}", 0) for shape in (SOON, OVER)},
            "problems": {name: count(f"problem.{name}", 0) for name in ("open", "overdue", "waived")},
            "campaigns": count("campaign.running", 0),
            "sites": _under("site.", self.counts),
            "classes": {name: n for name in CLASSES if (n := count(f"class.{name}", 0))},
            "lights": {field: {**told, "worst": worst(told)} for field, told in self.lights.items()},
        }


def _under(prefix: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {name.removeprefix(prefix): count for name, count in counts.items() if name.startswith(prefix)}


def worst(counts: Mapping[str, int]) -> str | None:
    """Return the light that most wants looking at; None where nothing runs."""
    return next((shape for shape in (*LIGHTS, HELD) if counts.get(shape)), None)


# --- limits ------------------------------------------------------------------------------------------------


def of_limits(limits: Iterable[Limit], books: Books, *, on: date, units: frozenset[UUID]) -> Iterator[Item]:
    """Yield the limits that stand open on a day; a term that ends soon or has ended is behind two numbers."""
    for one in limits:
        told, unit_id = one.deadline, one.unit_id
        if unit_id is None or unit_id not in units or not deadlines.is_shown(told, on):
            continue
        light = deadlines.light_on(told, on)
        if light is None:
            continue
        term = lights.term_on(told.rule, told.due_on, light, on)
        kind = _case_of(one, books, on)
        more = {"activity": told.facts.get("activity"), "kind": kind}
        yield Item(
            unit_id=unit_id,
            figures=_of_a_light(light, term),
            field=lights.field_of(one, kind),
            rule=told.rule,
            label=told.label,
            subject=told.subject,
            told=deadlines.status_on(told, on),
            day=told.due_on,
            person_id=one.person_id,
            file_id=one.file_id,
            more={name: value for name, value in more.items() if value is not None},
        )


def of_kept(found: Iterable[Kept], units: frozenset[UUID]) -> Iterator[Item]:
    """Yield the same of limits that were only counted: an item is all that stand alike."""
    for one in found:
        if one.unit_id in units:
            yield Item(one.unit_id, _of_a_light(one.light, one.term), one.field, number=one.number)


def _of_a_light(light: str, term: str) -> tuple[str, ...]:
    return (f"limit.{light}", f"term.{term}") if term else (f"limit.{light}",)


def _case_of(limit: Limit, books: Books, on: date) -> str | None:
    """Return the kind of case a limit is of: by what the case itself set, else by the rule."""
    told = limit.deadline
    if limit.person_id is not None or told.kind in lights.NOT_OF_A_CASE:
        return None
    if told.rule in _CASES:
        return _CASES[told.rule]
    if told.kind == deadlines.PROPOSAL:
        return Campaign.kind
    rule = books.rules.rule(told.rule) or books.rules_for(limit.unit_id, on).rule(told.rule)
    about = rule.about if rule is not None else "unit"
    return None if about in ("unit", "person") else about


_CASES = {
    correction.DUE: correction.Rectification.kind,
    FOLLOW_UP: correction.Rectification.kind,
    overhaul.DUE: overhaul.Listing.kind,
    inspected.DUE: inspected.Inspection.kind,
}
"""By the name of a limit that a case sets itself, the kind of the case."""


# --- duties, problems, campaigns, sites --------------------------------------------------------------------


def of_counts(found: Mapping[UUID, Mapping[str, int]], units: frozenset[UUID]) -> Iterator[Item]:
    """Yield the same cells where they were only counted, by unit and verdict."""
    for unit_id, counts in found.items():
        if unit_id in units:
            for verdict, number in counts.items():
                yield Item(unit_id, (f"regime.{verdict}",), number=number)


def of_cells(marks: Iterable[Mark]) -> Iterator[Item]:
    """Yield the cells of 三会一课, each behind the number of its verdict."""
    for mark in marks:
        duty = mark.duty
        if duty.activity in REGIME:
            yield Item(
                unit_id=mark.unit_id,
                figures=(f"regime.{mark.verdict}",),
                rule=duty.rule,
                label=duty.label,
                subject=duty.period,
                told=mark.verdict,
                day=duty.due_on or duty.last,
                more={"activity": duty.activity, "part": duty.part or None},
            )


def of_problems(found: Iterable[Problem], books: Books, on: date) -> Iterator[Item]:
    """Yield the problems that are open, those past their day among them, and those closed on a waiver."""
    for one in found:
        is_open, course = "closed" not in one.figures, one.course
        told = (("open", is_open), ("overdue", "overdue" in one.figures), ("waived", course.waived))
        figures = tuple(f"problem.{name}" for name, is_so in told if is_so)
        if figures:
            yield Item(
                unit_id=one.unit_id,
                figures=figures,
                rule=course.rule or "",
                subject=one.outline.told.subject,
                told=f"rectification.{one.outline.stage}",
                day=course.due_on,
                file_id=one.outline.file_id,
                more=_waived(one, books, on) if course.waived else {},
            )


def _waived(problem: Problem, books: Books, on: date) -> dict[str, Any]:
    """Return on whose word a problem was closed, read from the books themselves."""
    file = books.file_state(problem.outline.file_id).at(on)
    waived = waiver_of(file, books) if isinstance(file, correction.Rectification) else None
    return {"waived": waived.as_json()} if waived is not None else {}


def of_campaigns(files: Sequence[Campaign], line: frozenset[UUID], units: frozenset[UUID]) -> Iterator[Item]:
    """Yield the campaigns under way that are held here or above, or name a unit here."""
    for file in files:
        start = file.start
        if start is None or file.unit_id is None or file.is_over:
            continue
        if file.unit_id in units | line or any(unit in units for unit in units_of(file)):
            yield Item(
                unit_id=file.unit_id,
                figures=("campaign.running",),
                subject=file.subject,
                told=f"campaign.{file.stage}",
                day=file.acts[0].on,
                file_id=file.id,
                more={"scheme": start.scheme, "year": start.year},
            )


def of_grades(files: Sequence[Campaign], books: Books, units: frozenset[UUID], on: date) -> Iterator[Item]:
    """Yield the grades that hold, as the history of each unit tells: a later word of the same plan ends one.

    The class (先进、中间、后进) is that which the plan itself gives the grade. One of a voided round is
    counted as pending, never as the grade it was.
    """
    words = [Words.of(file) for file in files if file.start is not None]
    rated = {unit_id for one in words for unit_id in one.decided} & units

    @cache
    def title_of(holder: UUID | None, scheme: str) -> str:
        packs = books.rules_for(holder, on).packs
        return next((pack.title for pack in packs if scheme in (pack.id, pack.title)), scheme)

    for unit_id in sorted(rated):
        for one in (grade for grade in history(books, unit_id, on, words) if grade.holds or grade.pending):
            holder, scheme = one.plan
            by_class = (f"class.{one.unit_class}",) if one.unit_class is not None else ()
            told = PENDING if one.pending else one.grade or ""
            yield Item(
                unit_id=unit_id,
                figures=(f"grade.{scheme}.{told}", *by_class),
                subject=one.subject,
                told=told,
                day=one.on,
                file_id=one.file_id,
                more={"scheme": scheme, "plan": title_of(holder, scheme), "class": one.unit_class},
            )


PENDING = "pending"
"""What stands for a grade whose round was voided, until it is decided anew."""


def units_of(file: Campaign) -> Iterator[UUID]:
    """Yield the units that a campaign speaks of by name."""
    for act in file.acts:
        about = getattr(act.event, "about", None)
        if isinstance(about, UUID):
            yield about
        yield from getattr(getattr(act.event, "declared", None), "units", ())


def of_sites(files: Iterable[Site]) -> Iterator[Item]:
    """Yield the demonstration sites that bear the name on the day, each behind the number of its level."""
    for file in files:
        if file.stage == "named" and file.unit_id is not None:
            yield Item(
                unit_id=file.unit_id,
                figures=(f"site.{file.level or 'unknown'}",),
                subject=file.subject,
                told=file.level or "",
                day=named[1].on if (named := file.last(SiteNamed)) is not None else None,
                file_id=file.id,
            )


def grades_told(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return how many units have which grade by each plan, with the class the plan gives it: counts alone."""
    graded = [item for item in items if item.figures[0].startswith("grade.")]
    plans = {item.more["scheme"]: item.more["plan"] for item in graded}
    counts = Counter((item.more["scheme"], item.more["class"], item.told) for item in graded)
    order = {name: place for place, name in enumerate((*CLASSES, None))}
    return [
        {
            "scheme": scheme,
            "plan": plans[scheme],
            "class": unit_class,
            "grade": grade,
            "units": count,
            "of": f"grade.{scheme}.{grade}",
        }
        for (scheme, unit_class, grade), count in sorted(
            counts.items(), key=lambda one: (one[0][0], order[one[0][1]], one[0][2])
        )
    ]


KNOWN = (
    *(f"limit.{shape}" for shape in (*LIGHTS, HELD, BYGONE)),
    *(f"regime.{verdict}" for verdict in ("done", "owed", *OWED, "exempt", "pending", "refer")),
    "term.soon", "term.over", "problem.open", "problem.overdue", "problem.waived", "campaign.running",
    "site", "grade", *(f"class.{name}" for name in CLASSES), *FIELDS,
)  # fmt: skip
"""The numbers there are rows behind; a site may say its level (``site.county``), a grade its scheme."""


def is_known(name: str) -> bool:
    """Say whether there is a number of this name."""
    return name in KNOWN or name.startswith(("site.", "grade."))


def behind(name: str) -> Callable[[Item], bool]:
    """Return what says whether an item is behind a number, or in a column of the matrix."""
    if name in ("regime.done", "regime.owed"):
        wanted = {f"regime.{verdict}" for verdict in (DONE if name == "regime.done" else OWED)}
        return lambda item: not wanted.isdisjoint(item.figures)
    if name in FIELDS:
        return lambda item: item.field == name
    return lambda item: name in item.figures or item.figures[0].startswith(f"{name}.")
