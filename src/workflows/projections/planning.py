"""推算: a course played on ahead, each step on its earliest lawful day, by asking the rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from workflows.domain.act import Who
from workflows.domain.facts import Facts, Member, Roster, UnitFacts
from workflows.domain.person import events as ev
from workflows.domain.person.book import TOLD_BY, book_of
from workflows.domain.person.state import Person
from workflows.domain.stages import RANK, Stage
from workflows.policies.facts import FactBook, Part
from workflows.policies.findings import Finding, Verdict
from workflows.policies.layers import InForce, RoughDays, is_waived
from workflows.policies.pack import Step
from workflows.policies.rule import Act, DatedValue, Rule
from workflows.policies.rules import Rules
from workflows.projections.pipeline import interval_due, is_done, papers, segment, stages_of_step
from workflows.projections.planned_acts import is_planned, is_step, played

MOST_STEPS = 200
MOST_WAITS = 50

BY_THE_SUPERIOR = frozenset(
    {
        "file_activist",
        "file_development_target",
        "consent_development_target",
        "conclude_preliminary_review",
        "hold_approval_talk",
        "approve_admission",
        "file_admission",
        "approve_full_membership",
    }
)
"""Steps that another organization takes: for the branch their day is "not earlier than"."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The last lawful day of a step, and the rule; ``is_planned``: counted from a day not yet on the books.

    ``is_hard``: past it the act is blocked, not late.
    """

    on: date
    rule: Rule
    value: DatedValue
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A step on its earliest lawful day.

    ``after``: the day from which it was asked for; ``rule`` is what makes it wait longer, else what the step
    is about. ``unknown`` are facts without which a rule cannot decide; ``missing`` commands and papers that
    the rules ask for and the books lack, ``refers`` rules that leave it to a person, ``blocks`` what rules it
    out. ``is_free``: nothing planned comes before it. ``before`` is the course without it. ``rough``: how far
    days known only roughly leave ``on`` open, which is then the latest possible.
    """

    step: Step
    on: date
    after: date
    rule: Rule | None
    value: DatedValue | None
    before: Person
    provisional: bool = False
    limit: Limit | None = None
    due: date | None = None
    unknown: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    blocks: tuple[Finding, ...] = ()
    is_free: bool = False
    rough: tuple[RoughDays, ...] = ()

    @property
    def unsure(self) -> tuple[str, ...]:
        """Return the days known only roughly without which its earliest day cannot be told."""
        return tuple(dict.fromkeys(name for days in self.rough for name in days.unsure))

    @property
    def waits(self) -> bool:
        """Say whether a rule makes it wait beyond the acts before it."""
        return self.on > self.after


class AsOf:
    """Others as they are known on a day: what comes later than ``day`` is not looked at."""

    def __init__(self, facts: Facts, day: date) -> None:
        self._facts, self._day = facts, day

    def unit(self, unit_id: UUID, on: date) -> UnitFacts | None:
        """Return a unit as of ``on``, or of the day if that is earlier."""
        return self._facts.unit(unit_id, min(on, self._day))

    def roster(self, unit_id: UUID, on: date) -> Roster | None:
        """Return who belonged to a unit."""
        return self._facts.roster(unit_id, min(on, self._day))

    def branches(self, unit_id: UUID) -> Sequence[Part]:
        """Return the branches below a unit."""
        return self._facts.branches(unit_id)

    def members_below(self, unit_id: UUID, on: date) -> int | None:
        """Return how many members a unit and all below it have."""
        return self._facts.members_below(unit_id, min(on, self._day))

    def member(self, who: Who, on: date) -> Member:
        """Return what is known of someone."""
        return self._facts.member(who, min(on, self._day))

    def newest(self, unit_id: UUID, stage: str, on: date) -> date | None:
        """Return when someone of the unit last came to a stage by the day."""
        return self._facts.newest(unit_id, stage, min(on, self._day))

    def is_county(self, unit_id: UUID, on: date) -> bool | None:
        """Say whether township committees stand directly below a committee on the day."""
        return self._facts.is_county(unit_id, min(on, self._day))

    def dues_months(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return the months for which dues were recorded."""
        return self._facts.dues_months(unit_id, min(on, self._day))

    def months_absent(self, person_id: UUID, unit_id: UUID, on: date) -> int | None:
        """Return for how many months somebody came to no meeting."""
        return self._facts.months_absent(person_id, unit_id, min(on, self._day))

    def left(self, person_id: UUID, unit_id: UUID, since: date) -> tuple[date, str] | None:
        """Return when someone left a unit, if that is known by the day."""
        gone = self._facts.left(person_id, unit_id, since)
        return gone if gone is not None and gone[0] <= self._day else None

    def find(self, name: str, unit_id: UUID | None, on: date) -> Who:
        """Return who is meant by a name."""
        return self._facts.find(name, unit_id, min(on, self._day))


@dataclass(frozen=True)
class Course:
    """Someone's course from a day on: what is on the books by then, and the rules of each day ahead."""

    person: Person
    rules: Rules
    facts: Facts
    on: date
    _here: AsOf = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", self.person.at(self.on))
        object.__setattr__(self, "_here", AsOf(self.facts, self.on))

    # --- forward ----------------------------------------------------------------------------------------

    def ahead(self, until: str | None = None) -> list[Placed]:
        """Return every step still to come, up to ``until`` (included), to the end of the course without it.

        Each rests on those before it done on their earliest days. It ends where a rule blocks.
        """
        unsure = self._behind()
        found = list(self._walk(self.person, self.on, until, ask=True))
        return [*unsure, *found]

    def reach(self, placed: Placed, on: date, until: str) -> date | None:
        """Return the earliest day of ``until`` if a step is done on ``on``; None where never reached."""
        after = played(placed.step.id, on, placed.before, self.rules)
        if placed.step.id == until:
            return on
        last = None
        for one in self._walk(after, on, until, ask=False):
            last = one
        return last.on if last is not None and last.step.id == until else None

    def later(self, placed: Placed, on: date, until: str) -> list[Placed]:
        """Return the course up to ``until`` if a step is done on ``on``, that step first."""
        after = played(placed.step.id, on, placed.before, self.rules)
        rest = [] if placed.step.id == until else self._walk(after, on, until, ask=True)
        return [placed, *(one for one in rest if not one.step.repeats)]

    def _walk(self, person: Person, day: date, until: str | None, *, ask: bool) -> Iterator[Placed]:
        """Yield the steps one after another; with ``ask`` with all that the rules say of each."""
        first = person
        shown: set[str] = set()
        pending: list[str] = []
        for _ in range(MOST_STEPS):
            step = self._next(person, day, shown)
            if step is None:
                return
            if step.repeats:
                shown.add(step.id)
                if ask:
                    due = interval_due(step, self.rules, self.book(person, day), day)
                    rule, value = self._rule(step.rule, step.id, day)
                    yield Placed(step, day, day, rule, value, person, due=due)
                continue
            placed = self._placed(step, person, day)
            if not step.holds_on(placed.on):
                day = placed.on
                continue
            if ask:
                placed, wanted = self._asked(placed, pending)
                early = self._earlier(placed, wanted, shown)
                if early is not None:
                    step = early
                    placed, _ = self._asked(self._placed(early, person, day), pending)
            yield placed
            if placed.blocks or step.id == until:
                return
            shown.add(step.id)
            pending.append(step.id)
            day, before = placed.on, person
            person = played(step.id, day, person, self.rules)
            if person.stage is not before.stage:
                pending.clear()
        raise RuntimeError(f"a course of more than {MOST_STEPS} steps from {first.stage}")

    def _next(self, person: Person, day: date, shown: set[str]) -> Step | None:
        steps = segment(person.stage, self.rules.steps(day))
        return next(
            (step for step in steps if step.id not in shown and (step.repeats or not is_done(step, person))),
            None,
        )

    def book(self, person: Person, day: date) -> FactBook:
        """Return the facts of a course, planned acts among them, as rules read them on a day."""
        told = book_of(person, self.rules, self._here, day)
        return FactBook(
            told.facts,
            told.done_by_name,
            complete=True,
            course_known=self.person.course_known,
            copied=told.copied,
            copied_steps=told.copied_steps,
            reliefs=told.reliefs,
        )

    @cached_property
    def _kind(self) -> Any:
        return self.book(self.person, self.on).value("unit_kind")

    def _placed(self, step: Step, person: Person, after: date) -> Placed:
        """Return a step on the first day from ``after`` on that the rules of that very day allow."""
        day, rule, provisional = after, None, False
        rough: tuple[RoughDays, ...] = ()
        for _ in range(MOST_WAITS):
            lawful = self.rules.lawful_days(step.id, on=day, book=self.book(person, day))
            provisional = provisional or (lawful.provisional and lawful.earliest is not None)
            if lawful.earliest is None or lawful.earliest <= day:
                break
            rough += tuple(days for days in lawful.rough if "earliest_on" in days.approx)
            day, rule = lawful.earliest, lawful.rule
        held = self._rule(rule or step.rule, step.id, day)
        return Placed(step, day, after, held[0], held[1], person, provisional=provisional, rough=rough)

    def _rule(self, rule_id: str | None, command: str, day: date) -> tuple[Rule | None, DatedValue | None]:
        named = self.rules.rules_named(rule_id) if rule_id else []
        for rule in sorted(named, key=lambda one: command not in one.on):
            value = rule.value_on(day, self._kind)
            if value is not None:
                return rule, value
        return (named[0] if named else None), None

    # --- what the rules say -----------------------------------------------------------------------------

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.rules.chart.titles) | papers(self.rules)

    def _asked(self, placed: Placed, pending: Sequence[str]) -> tuple[Placed, tuple[str, ...]]:
        """Return a placed step with all that the rules say of it, and what they miss in spite of the plan."""
        command, day = placed.step.id, placed.on
        book = self.book(placed.before, day)
        findings = self.rules.check(command, on=day, book=book)
        missing = self._missing(command, day, self.book(self.person, day))
        if not self.person.course_known or self._leaves(placed):
            missing = tuple(dict.fromkeys([*missing, *pending]))
        calendar_only = {f.rule for f in findings if f.provisional}
        refers = (f.rule for f in findings if f.verdict is Verdict.REFER and f.rule not in calendar_only)
        told = replace(
            placed,
            limit=self._limit(command, day, book),
            unknown=(*self._unknown(command, day, placed.before, book), *placed.unsure),
            missing=missing,
            refers=tuple(dict.fromkeys(refers)),
            blocks=tuple(f for f in findings if f.verdict is Verdict.BLOCK),
            is_free=self.person.stage is placed.before.stage and not any(map(is_step, missing)),
        )
        return told, tuple(n for f in findings if f.verdict is Verdict.INCOMPLETE for n in f.missing)

    def _leaves(self, placed: Placed) -> bool:
        """Say whether a step leads out of the stage, which nobody leaves with a step of it undone."""
        return played(placed.step.id, placed.on, placed.before, self.rules).stage is not placed.before.stage

    def _missing(self, command: str, day: date, book: FactBook) -> tuple[str, ...]:
        names = self.rules.missing(command, on=day, book=book)
        return tuple(name for name in names if name != command and (name in self._known or is_step(name)))

    def _earlier(self, placed: Placed, wanted: Sequence[str], shown: set[str]) -> Step | None:
        """Return a step that the rules ask for first and that no chart would bring in time."""
        for name in wanted:
            if name in shown or name == placed.step.id or placed.before.stage not in stages_of_step(name):
                continue
            charted = next((s for s in self.rules.steps(placed.on) if s.id == name), None)
            stage, rule = placed.step.stage, placed.step.rule
            return charted or Step(id=name, no="", title="", stage=stage, rule=rule, required=False)
        return None

    def _limit(self, command: str, day: date, book: FactBook) -> Limit | None:
        """Return the last lawful day, with the rule that sets it (an extension moves the day alone)."""
        latest = self.rules.lawful_days(command, on=day, book=book).latest
        if latest is None:
            return None
        held = self._binding(command, day, book)
        act = Act(command, day, book, self.rules.calendar, [(one.rule, one.value) for one in held])
        ends = [(last, one) for one in held if (last := one.rule.lawful(act, one.value)[1]) is not None]
        one = min(ends, key=lambda end: end[0])[1]
        rests = book.sources(*_inputs(one.rule))
        return Limit(latest, one.rule, one.value, any(is_planned(source) for source in rests))

    def _binding(self, command: str, day: date, book: FactBook) -> list[InForce]:
        """Return the rules that bind a step on a day, or may: whom they bind may rest on an unknown fact."""
        held = self.rules.held(command, on=day, book=book)
        return [
            one for one in held if one.rule.binds(book) is not False and not is_waived(one.rule, book, day)
        ]

    def _unknown(self, command: str, day: date, person: Person, book: FactBook) -> tuple[str, ...]:
        """Return the facts that a binding rule rests on, whose step lies behind, and that nobody told."""
        found: list[str] = []
        for held in self._binding(command, day, book):
            rule = held.rule
            if rule.severity_at(command) != "block":
                continue
            names = _inputs(rule)
            if getattr(rule, "any_of", ()) and any(book.value(name) is not None for name in names):
                continue
            found += [n for n in names if book.value(n) is None and self._is_behind(n, person, book)]
        return tuple(dict.fromkeys(found))

    def _is_behind(self, fact: str, person: Person, book: FactBook) -> bool:
        """Say whether the step that tells a fact was done, or lies before the stage of someone taken over.

        A planned step will tell it.
        """
        step = TOLD_BY.get(fact)
        if step is None:
            return False
        acts = book.done(step)
        if acts:
            return not any(is_planned(act.source) for act in acts)
        stages = stages_of_step(step)
        return (
            bool(stages)
            and max(RANK[stage] for stage in stages if stage is not Stage.FULL)
            < RANK[self.person.stage]
            <= RANK[Stage.FULL]
        )

    def _behind(self) -> list[Placed]:
        """Return the application if nobody can tell whether it was lawful, for want of a fact."""
        applied = self.person.last(ev.ApplicationReceived)
        if applied is None:
            return []
        on = applied[0].received_on
        step = next((s for s in self.rules.steps(self.on) if s.id == ev.ApplicationReceived.step), None)
        book = self.book(self.person, on)
        unknown = self._unknown(ev.ApplicationReceived.step, on, self.person, book)
        if step is None or not unknown:
            return []
        rule, value = self._rule(step.rule, step.id, on)
        return [Placed(step, on, on, rule, value, self.person, unknown=unknown)]


def _inputs(rule: Rule) -> tuple[str, ...]:
    """Return the facts that a rule rests on: its anchor, what it counts or compares."""
    return tuple(name for name in rule.fact_names() if name != "on")
