"""豁免、暂缓、延长: which rule and which limit is meant, before it is decided."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from uuid import UUID

from workflows.application.books import Books
from workflows.domain import waivers
from workflows.domain.act import Decision
from workflows.domain.person import book as person_book
from workflows.domain.person.case import Case as PersonCase
from workflows.domain.unit import book as unit_book
from workflows.domain.unit.case import Case as UnitCase
from workflows.kernel.calendar import MONTHS_PER_YEAR, add_months
from workflows.kernel.errors import WrongUsage
from workflows.policies.acts import OF_PEOPLE, OF_UNITS
from workflows.policies.deadlines import Deadline, Duty
from workflows.policies.findings import Finding
from workflows.policies.kinds import Cadence, Interval, Term, Within
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules

if TYPE_CHECKING:
    from workflows.application.recording import Request

MOST_NEAR = 5
MOST_TOLD = 8


def decided(books: Books, stream_id: UUID, request: Request) -> Decision:
    """Return what a waiver, a hold or an extension leads to, on the stream of a unit or a person.

    Raises:
        WrongUsage: ``waiver-rule-unknown``; ``rule-not-of-unit`` or ``rule-not-of-person``;
            ``until-too-early``; ``rule-without-limit``, ``limit-unknown``, ``limit-not-later``.
    """
    command = request.command
    at = _At(books, stream_id, request)
    match command:
        case waivers.Waive():
            rule = at.rule(command.rule)
            _in_order(command.on, command.until)
            return waivers.waive(command, rule, at.level_of(command.authority), at.findings)
        case waivers.HoldDeadline():
            rule = at.rule(command.rule)
            if command.until is not None:
                _in_order(command.on, command.until)
            limit = at.limit(rule, command.subject)
            return waivers.hold(command, rule, limit, at.findings)
        case waivers.ExtendDeadline():
            rule = at.rule(command.rule)
            limit = at.limit(rule, command.subject)
            if command.due_on <= limit.due_on:
                wanted, present = command.due_on.isoformat(), limit.due_on.isoformat()
                raise WrongUsage("limit-not-later", rule=rule.id, due_on=wanted, was_due_on=present)
            return waivers.extend(command, rule, limit, at.findings)
    raise TypeError(f"no decision for {type(command).__name__}")


def _in_order(on: date, until: date) -> None:
    if until < on:
        raise WrongUsage("until-too-early", until=until.isoformat(), on=on.isoformat())


class _At:
    """The unit or person at which something is let pass, as of the day of the act."""

    def __init__(self, books: Books, stream_id: UUID, request: Request) -> None:
        self._books, self._command = books, request.command
        on, complete = request.command.on, request.complete
        self._is_person = request.person_id is not None
        self._days: unit_book.Daybook | None = None
        case: Any
        if self._is_person:
            person = books.person_state(stream_id)
            unit_id = request.unit_id or person.unit_on(on) or person.unit_id
            self._rules = books.rules_for(unit_id, on)
            self._book = person_book.book_of(person.at(on), self._rules, books, on)
            case = PersonCase(self._command, person, self._rules, books, request.unit_id, complete=complete)
        else:
            unit = books.unit_state(stream_id)
            self._rules = books.rules_for(stream_id, on)
            self._book = unit_book.whole_book(unit, self._rules, books, on)
            self._days = unit_book.Daybook(unit, self._rules, books)
            case = UnitCase(self._command, unit, self._rules, books, complete=complete)
        self.findings: tuple[Finding, ...] = case.check()

    def rule(self, name: str) -> Rule:
        """Return the rule of that id or alias in the packs that hold here.

        Raises:
            WrongUsage: there is none, or it is not about such a stream.
        """
        found = self._rules.rule(name.strip())
        if found is None:
            known = _names_of(self._rules)
            near = get_close_matches(name.strip(), known, n=MOST_NEAR, cutoff=0.5)
            raise WrongUsage("waiver-rule-unknown", rule=name, near=near)
        own, others = (OF_PEOPLE, OF_UNITS) if self._is_person else (OF_UNITS, OF_PEOPLE)
        named = self._rules.rules_named(found.id)
        acts = {act for rule in named if not _is_of_each_member(rule) for act in rule.on}
        if acts & others and not acts & own:
            if self._is_person:
                raise WrongUsage("rule-not-of-person", rule=found.id, label=found.label)
            raise WrongUsage("rule-not-of-unit", rule=found.id, label=found.label)
        # one matter may be several rules of one id: who may waive it may stand with any of them
        return next((rule for rule in named if rule.waivable_by), found)

    def level_of(self, authority: str) -> str | None:
        """Return the level of an authority that is a unit on the books, None of any other."""
        named = [i for i, name in self._books.units_by_id.items() if name == authority.strip()]
        told = self._books.unit_state(named[0]).identity if named else None
        return told.level if told is not None else None

    def limit(self, rule: Rule, subject: str | None) -> Deadline:
        """Return the limit of a rule that is meant: the next one not yet done, else the last one overdue.

        Raises:
            WrongUsage: the rule sets no limits, or none like that is open.
        """
        named = self._rules.rules_named(rule.id)
        if not any(isinstance(one, Within | Interval | Term | Cadence) for one in named):
            raise WrongUsage("rule-without-limit", rule=rule.id, label=rule.label)
        on = self._command.on
        found = self._limits(rule.id, add_months(on, MONTHS_PER_YEAR))
        limits = sorted(found, key=lambda limit: limit.due_on)
        is_open = [limit for limit in limits if limit.met_on is None]
        meant = [limit for limit in is_open if subject in (None, limit.subject, *_days_of(limit))]
        ahead = [limit for limit in meant if limit.due_on >= on]
        if not meant:
            told = [f"{limit.subject} {limit.due_on}" for limit in is_open[:MOST_TOLD]]
            raise WrongUsage("limit-unknown", rule=rule.id, subject=subject or "", limits=told)
        return ahead[0] if ahead else meant[-1]

    def _limits(self, rule: str, until: date) -> list[Deadline]:
        scope = "person" if self._is_person else "unit"
        limits = self._rules.deadlines(self._book, scope=scope, until=until)
        if self._days is not None:
            duties = self._rules.duties(self._book, self._days.on, until=until)
            limits += [_as_limit(duty) for duty in duties if duty.applies is True and not duty.exempt]
        return [limit for limit in limits if limit.rule == rule]


def _is_of_each_member(rule: Rule) -> bool:
    """Say whether a duty asked of the unit is one of each member: both it and a member may be let off."""
    return isinstance(rule, Cadence) and rule.counted_by == "person"


def _days_of(limit: Deadline) -> tuple[str, ...]:
    days = (limit.due_on, limit.first_due_on)
    return tuple(day.isoformat() for day in days if day is not None)


def _as_limit(duty: Duty) -> Deadline:
    done_by = duty.done_by()
    return Deadline(
        rule=duty.rule,
        subject=duty.period,
        opens_on=duty.first,
        due_on=duty.due_on or duty.last,
        first_due_on=duty.last,
        met_on=done_by.on if done_by is not None else None,
    )


def _names_of(rules: Rules) -> list[str]:
    return sorted({name for pack in rules.packs for rule in pack.rules for name in (rule.id, *rule.aliases)})
