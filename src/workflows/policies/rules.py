"""The rules in force for a unit on a day: layers, conflicts, checks, limits, duties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.calendar import Calendar, Period, YearTable
from workflows.policies import unsure
from workflows.policies.chart import Chart
from workflows.policies.criteria import Schemes
from workflows.policies.deadlines import Deadline, Duty
from workflows.policies.facts import FactBook
from workflows.policies.findings import Calc, Finding, Later, Verdict, worst_first
from workflows.policies.kinds import LIMITING, Cadence, NotBefore, Notice, Requires, Term
from workflows.policies.layers import Asked, InForce, Lawful, Layers, Standing, conflict, is_waived
from workflows.policies.pack import LEVELS, NATIONAL, Adopted, Pack, Step
from workflows.policies.relief import (
    as_if_since,
    extended_day,
    is_about,
    relieved,
    relieved_duty,
    relieved_limits,
)
from workflows.policies.rule import Act, DatedValue, Rule
from workflows.policies.selection import Selection, Selections

STACKS_AT_MOST = 200
"""Kept stacks of adopted packs: as many as there are different lines of adoption."""

ASKED_AT_MOST = 1_000
"""Kept lists of what a rule asks of a kind of unit, period by period; many branches begin in one month."""

ROUNDS_AT_MOST = 10
"""How often a later rule may move the first lawful day: far more changes than one wait ever spans."""

RulesOn = Callable[[date], "Rules"]
"""Gives the rules of one unit as of a day."""


class Rules:
    """A stack of packs by precedence central > department > province > city > county > unit.

    A lower layer may tighten a higher rule or fill a gap. Where it loosens, the higher value holds and a
    conflict is shown with each decision it touches. ``calendar`` gives the working days; those of ``years``
    (what units adopted) take the place of them, and these of what packs tell, of which the highest holds.
    """

    def __init__(
        self,
        packs: Iterable[Pack],
        calendar: Calendar | None = None,
        adopted: Sequence[Adopted] = (),
        years: Sequence[YearTable] = (),
    ) -> None:
        self._national = tuple(packs)
        self._calendar = calendar or Calendar()
        held = [(p.level, p, p.own_rules, (p.steps, p.own_materials)) for p in self._national]
        held += [one.parts for one in adopted]
        held.sort(key=lambda entry: LEVELS.index(entry[0]))
        self.packs = tuple(pack for _, pack, _, _ in held)
        given = sorted(self._national, key=lambda pack: LEVELS.index(pack.level), reverse=True)
        self.calendar = self._calendar.with_years([y for pack in given for y in pack.years]).with_years(years)
        self.chart = Chart(parts for _, _, _, parts in held)
        self.schemes = Schemes(self._national, adopted)
        self._rules = tuple(rule for _, _, rules, _ in held for rule in rules)
        asked = {name for rule in self._rules if isinstance(rule, Requires) for name in rule.paper}
        self.paper_names = frozenset(asked | self.chart.paper_titles.keys())
        self._may_block: dict[tuple[str, str, Any], bool] = {}
        self._with = lru_cache(STACKS_AT_MOST)(self._stacked)
        self._cadences = tuple(rule for rule in self._rules if isinstance(rule, Cadence))
        self.asks_members = any(rule.counted_by == "person" for rule in self._cadences)
        self._asked = lru_cache(ASKED_AT_MOST)(self._asked_of)
        self._terms = tuple(rule for rule in self._rules if isinstance(rule, Term))
        notices = [rule for rule in self._rules if isinstance(rule, Notice)]
        self.waiting_for_notice = tuple(
            dict.fromkeys(c for r in notices for c in r.on if c not in Notice.itself)
        )
        self._by_command: dict[str, list[Rule]] = {}
        for rule in self._rules:
            for command in rule.on:
                self._by_command.setdefault(command, []).append(rule)
        self._limiting: dict[str, list[unsure.Limiting]] = {}
        for rule in self._rules:
            if isinstance(rule, LIMITING) and (not isinstance(rule, NotBefore) or rule.awaited):
                self._limiting.setdefault(rule.about, []).append(rule)
        self._layers = Layers(self._rules)
        self._selections = Selections(self._by_command, self._layers.others)

    def may_block(self, command: str, name: str, value: Any) -> bool:
        """Say whether any rule could block a command in which a named fact has this value, on any day."""
        key = (command, name, value)
        if key not in self._may_block:
            self._may_block[key] = any(
                rule.may_block(command) and rule.applies_to.may_hold(name, value)
                for rule in self._by_command.get(command, ())
            )
        return self._may_block[key]

    def with_adopted(self, adopted: tuple[Adopted, ...], years: tuple[YearTable, ...] = ()) -> Rules:
        """Return the rules where these packs are adopted besides, and their years' working days hold."""
        return self._with(adopted, years) if adopted or years else self

    def _stacked(self, adopted: tuple[Adopted, ...], years: tuple[YearTable, ...]) -> Rules:
        return Rules(self._national, self._calendar, adopted, years)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the first rule of that id (or alias), highest layer first."""
        return next((r for r in self._rules if rule_id == r.id or rule_id in r.aliases), None)

    def standing(self, rule_id: str, on: date, unit_kind: str | None) -> list[Standing]:
        """Return what every layer asks on a day about the matter of a rule, and which of them holds.

        ``rule_id`` is an id or an alias. Several rules of one pack about one matter (a duty and its quorum)
        stand each for itself. Nothing is asked where no layer is in force.
        """
        named = self.rule(rule_id)
        return [] if named is None else self._layers.standing(named, on, unit_kind)

    def rules_named(self, rule_id: str) -> list[Rule]:
        """Return every rule of that id, highest layer first."""
        return [rule for rule in self._rules if rule.id == rule_id]

    def about(self, rule_id: str) -> Sequence[Rule]:
        """Return every rule about the matter of a rule (id or alias), in force or not, highest first."""
        named = self.rule(rule_id)
        return () if named is None else tuple(self._layers.groups[named.refines or named.id])

    def at(self, command: str) -> Sequence[Rule]:
        """Return every rule that is asked at ``command``, in force or not, highest layer first."""
        return tuple(self._by_command.get(command, ()))

    def judges_alike(self, other: Rules, command: str) -> bool:
        """Say whether what is said of a command is the same under other rules, whatever the case.

        Terms of office count, since their ends are facts; so does the calendar where a notice is asked for.
        """
        same = self.at(command) == other.at(command) and self._terms == other._terms
        return same and command not in self.waiting_for_notice

    def check(self, command: str, *, on: date | ApproximateDay, book: FactBook) -> tuple[Finding, ...]:
        """Return what the rules in force on a day (each possible one) say, worst first, and conflicts."""
        if isinstance(on, ApproximateDay):
            turns = self._selections.turns(command, on.first, on.last)
            parts = [self._check(command, e.last, book, e) for e in unsure.stretches(on, turns)]
            return worst_first(parts[0] if len(parts) == 1 else unsure.merged(parts, on))
        return worst_first(self._check(command, on, book, None))

    def _check(
        self, command: str, on: date, book: FactBook, on_approx: ApproximateDay | None
    ) -> list[Finding]:
        asked = Asked(on, book.value("unit_kind"), book, command)
        chosen = self._chosen(asked)
        held, findings = self._held(asked), list[Finding]()
        act = Act(command, on, book, self.calendar, held, on_approx)
        for rule, value in held:
            if id(rule) in chosen.bound or rule.binds(book):
                findings += unsure.check(rule, act, value)
        if book.reliefs:
            findings = [relieved(finding, command, on, book.reliefs) for finding in findings]
        if chosen.by_case:
            findings += self._layers.conflicts([rule for rule, _ in held], asked)
        return findings

    def _chosen(self, asked: Asked) -> Selection:
        return self._selections.at(asked.command or "", asked.on, asked.kind)

    def _held(self, asked: Asked) -> Sequence[tuple[Rule, DatedValue]]:
        """Return those of the rules in force at a command that hold for the case, each with its value."""
        chosen, book = self._chosen(asked), asked.book
        if not chosen.by_case or book is None:
            return chosen.rules
        return [
            (rule, value)
            for rule, value in chosen.rules
            if not rule.leaves_be(book) and not self._layers.yields(rule, value, asked)
        ]

    def loosened_by(self, pack: Pack, on: date) -> list[Finding]:
        """Return a conflict for each rule by which a pack asks less than a layer above it, from ``on`` on."""
        found: dict[tuple[str, str], Finding] = {}
        for day, higher, lower in self.loosenings(pack, on):
            found.setdefault((higher.rule.id, lower.rule.id), conflict(higher, lower, day))
        return list(found.values())

    def otherwise_in(self, pack: Pack) -> list[Finding]:
        """Return a conflict for each year of which a pack tells other working days than are known."""
        return [
            Finding(
                rule="conv-workday",
                verdict=Verdict.CONFLICT,
                kind="calendar",
                clause=told.source,
                pack=pack.id,
                confidence=told.confidence,
                facts={"year": told.year},
                values={day.isoformat(): told.table.is_working_day(day) for day in days},
                holds=pack.id,
            )
            for told in pack.calendars
            if (days := self.calendar.differences(told.table))
        ]

    def loosenings(self, pack: Pack, since: date | None = None) -> Iterator[tuple[date, InForce, InForce]]:
        """Yield where a pack asks less than a layer above it: the day, the higher rule, that of the pack.

        Days are those on which either value begins, from ``since`` on, and ``since`` itself.
        """
        return self._layers.loosenings(pack, since)

    def deadlines(self, book: FactBook, *, scope: str, until: date) -> list[Deadline]:
        """Return the limits that the facts set for a subject of ``scope`` (``person`` or ``unit``).

        Recurring limits run up to ``until``. Nothing here reads a clock.
        """
        kind = book.value("unit_kind")
        limits: list[Deadline] = []
        for rule in self._limiting.get(scope, ()):
            if rule.binds(book) is False:
                continue
            found = unsure.deadlines(rule, book, kind, self.calendar, until)
            held = [limit for limit in found if not self._superseded_limit(rule, limit, kind, book)]
            limits += relieved_limits(held, book.reliefs)
        return limits

    def _superseded_limit(self, rule: Rule, limit: Deadline, kind: str | None, book: FactBook) -> bool:
        """Say whether another layer sets the limit; one that was waived while the limit runs does not."""
        if book.reliefs:
            book = book.relieved_by(as_if_since(book.reliefs, limit.opens_on, limit.due_on))
        days = {rule.asked_on(limit.opens_on)}
        for other in self._layers.others(rule):
            day = other.asked_on(limit.opens_on)
            if limit.met_on is None or day <= limit.met_on:
                days.add(day)
        return any(self._superseded(rule, day, kind, book) for day in sorted(days))

    def _superseded(self, rule: Rule, day: date, kind: str | None, book: FactBook | None = None) -> bool:
        value = rule.value_on(day, kind)
        return value is not None and self._layers.yields(rule, value, Asked(day, kind, book), once=True)

    def duties(
        self,
        book: FactBook,
        book_on: Callable[[date], FactBook],
        *,
        until: date,
        since: date | None = None,
        scope: str = "unit",
        kinds: Sequence[str] = (),
        first: date | None = None,
        only: str | None = None,
    ) -> list[Duty]:
        """Return the recurring duties of a unit, period by period, up to the one in which ``until`` lies.

        With ``scope`` ``person`` those of one person: ``book`` and ``book_on`` then tell of that person.

        With ``since`` also the periods from that day to the beginning of the books, exempt. ``kinds`` are
        those a unit was of, where there were several: each period is judged by that of its first day.
        ``first``: only periods from the one of that day on; ``only``: those of one rule.
        """
        kind, books_from = book.value("unit_kind"), book.day("books_from")
        if books_from is None:
            return []
        start = first or min(books_from, since or books_from)
        found: list[Duty] = []
        for number, rule in enumerate(self._cadences):
            if (rule.counted_by == "person") != (scope == "person") or only not in (None, rule.id):
                continue
            begin, last = Period.of(start, rule.period).first, Period.of(until, rule.period).first
            for one in kinds if len(kinds) > 1 else (kind,):
                asked: Sequence[Duty] = self._asked(number, one, begin, last)
                if len(kinds) > 1:
                    asked = [d for d in asked if book_on(d.first).value("unit_kind") == one]
                mine = rule.duties(asked, book, book_on)
                if not self._layers.is_alone(rule):
                    mine = [d for d in mine if not self._superseded_duty(rule, d, one, book, book_on)]
                found += mine
        return [relieved_duty(duty, book.reliefs) for duty in found] if book.reliefs else found

    def _superseded_duty(
        self, rule: Rule, duty: Duty, kind: str | None, book: FactBook, book_on: Callable[[date], FactBook]
    ) -> bool:
        """Say whether another layer asks instead of this rule, on the first and the last day of a period."""
        for day in (duty.first, duty.last):
            then = book_on(duty.first).relieved_by(book.reliefs)
            if rule.value_on(day, kind) is not None and not self._superseded(rule, day, kind, then):
                return False
        return True

    def _asked_of(self, number: int, kind: str | None, first: date, until: date) -> tuple[Duty, ...]:
        """Return what a rule asks of a kind of unit, whatever other layers ask."""
        rule = self._cadences[number]
        return tuple(rule.asked(kind, first, until))

    def steps(self, day: date) -> Sequence[Step]:
        """Return the steps of the course on ``day``, in the order of the chart."""
        return self.chart.steps(day)

    def term_end(
        self, elected_on: date, unit_kind: str | None, level: str = "branch"
    ) -> tuple[date, Calc] | None:
        """Return the day a term of office ends that began on ``elected_on``, with its arithmetic."""
        for rule in self._terms:
            if not rule.applies_to.levels or level in rule.applies_to.levels:
                end = rule.end_of(elected_on, unit_kind)
                if end is not None:
                    return end[0], end[1]
        return None

    def held(self, command: str, *, on: date, book: FactBook) -> list[InForce]:
        """Return the rules asked at ``command`` that hold on a day for the kind of unit, binding or not."""
        held = self._held(Asked(on, book.value("unit_kind"), book, command))
        return [InForce(rule, value) for rule, value in held]

    def lawful_days(self, command: str, *, on: date, book: FactBook) -> Lawful:
        """Return the earliest and latest lawful day of an act not yet done, and the rule that binds most.

        ``on`` is the day asked for; the version of each rule is the one in force on that day
        (``conv-act-date``).
        """
        earliest: tuple[date, str, bool] | None = None
        latest: tuple[date, str] | None = None
        rough: list[unsure.LawfulDays] = []
        for act, rule, value in self._binding(command, on, book):
            days = unsure.LawfulDays(rule, act, value)
            rough += [days] if days.matters_on(on) else []
            first, last = days.earliest_after(on), days.latest
            if first is not None and (earliest is None or first > earliest[0]):
                earliest = first, rule.id, rule.is_provisional(act, value)
            if last is not None and book.reliefs:
                mine = [r for r in book.reliefs if is_about(r, rule.id, rule.aliases)]
                last = extended_day(last, rule.kind_name, command, on, mine)[0]
            if last is not None and (latest is None or last < latest[0]):
                latest = last, rule.id
        return Lawful(
            earliest[0] if earliest else None,
            latest[0] if latest else None,
            earliest[1] if earliest else latest[1] if latest else None,
            earliest is not None and earliest[2],
            tuple(rough),
        )

    def _binding(self, command: str, on: date, book: FactBook) -> list[tuple[Act, Rule, DatedValue]]:
        """Return the rules that bind an act on a day, or may, each with its value."""
        held = self._held(Asked(on, book.value("unit_kind"), book, command))
        act = Act(command, on, book, self.calendar, held)
        return [(act, r, v) for r, v in held if r.binds(book) is not False and not is_waived(r, book, on)]

    def later_than(
        self, first: date, command: str, *, on: date, book: FactBook, rules_on: RulesOn | None = None
    ) -> Later | None:
        """Return the first lawful day where rules that come into force after ``on`` hold by ``first``.

        ``first`` is the day that the rules of ``on`` allow; ``rules_on`` gives the rules as known for a later
        day (these rules where it is None). None where nothing else is asked by then.
        """
        if first <= on:
            return None
        known = {(r.id, r.binds_from(value)) for _, r, value in self._binding(command, on, book)}
        found: Later | None = None
        for _ in range(ROUNDS_AT_MOST):
            day = first if found is None else found.on
            then = self if rules_on is None else rules_on(day)
            for act, rule, value in then._binding(command, day, book):
                if (rule.id, since := rule.binds_from(value)) in known:
                    continue
                until = unsure.LawfulDays(rule, act, value).earliest
                if until is not None and until > (day if found is None else found.on):
                    found = Later(until, rule.id, since, rule.cite(day), value.value, rule.counted_in)
            if found is None or found.on == day:
                break
        return found

    def lawful_ahead(
        self, command: str, *, on: date, book: FactBook, rules_on: RulesOn | None = None
    ) -> Lawful:
        """Return the lawful days of an act, the earliest of them lawful under the rules of that very day."""
        found = self.lawful_days(command, on=on, book=book)
        if found.earliest is None:
            return found
        later = self.later_than(found.earliest, command, on=on, book=book, rules_on=rules_on)
        return found if later is None else found._replace(earliest=later.on, rule=later.rule)

    def missing(self, command: str, *, on: date, book: FactBook) -> tuple[str, ...]:
        """Return the steps and papers that the rules still ask for before ``command``."""
        asked = self.check(command, on=on, book=book)
        names = (
            name for finding in asked if finding.verdict is Verdict.INCOMPLETE for name in finding.missing
        )
        return tuple(dict.fromkeys(names))


def national(packs: Iterable[Pack]) -> list[Pack]:
    """Return the national packs: those of the central and the department level."""
    return [pack for pack in packs if pack.level in NATIONAL]
