"""What a case may learn of others: how a rule stands in the facts, what was found before, who is above."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from workflows.application import charges, weak_units
from workflows.application.books import Books
from workflows.application.near_names import near_units
from workflows.domain.act import Decided
from workflows.domain.facts import Below, Broken, Charged, EarlierIssue, Looked, LookedState, Undone
from workflows.domain.inspection.events import InspectionPlanned, VisitRecorded
from workflows.domain.inspection.state import Inspection
from workflows.domain.person import book as person_book
from workflows.domain.rectification.events import IssueClosedOut
from workflows.domain.rectification.state import Rectification
from workflows.domain.site.state import Site
from workflows.domain.unit import book as unit_book
from workflows.domain.unit.contacts import head_keeps_contact
from workflows.domain.unit.events import Founding
from workflows.domain.unit.state import Unit
from workflows.domain.unit.verdicts import OPEN, as_known_by, verdict_on
from workflows.domain.unit.verdicts import Verdict as DutyVerdict
from workflows.domain.waivers import reliefs_of
from workflows.kernel.calendar import Period
from workflows.policies.deadlines import Deadline, Duty
from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding, Relief, Verdict
from workflows.policies.kinds import LIMITING
from workflows.policies.late_waivers import late_of, letting_pass
from workflows.policies.matters import about_the_same, duties_about, findings_about, ids_about
from workflows.policies.relief import WAIVED, holding, holds_on, is_about
from workflows.policies.rule import Rule
from workflows.policies.rules import Rules

NOT_IN_ORDER = frozenset({Verdict.BLOCK, Verdict.INCOMPLETE, Verdict.WARN, Verdict.LATE, Verdict.NOT_PASSED})


class CaseReader:
    """The books as a case reads them; implements :class:`workflows.domain.facts.CaseFacts`."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def broken(
        self, rule: str, unit_id: UUID, on: date, *, since: date, period: str | None = None
    ) -> Broken | None:
        """Return how a rule stands at the end of ``on``; None where the facts cannot tell."""
        found = self.look(rule, unit_id, on, since=since, period=period)
        return None if found is None or found.unsure else found

    def look(
        self, rule: str, unit_id: UUID, on: date, *, since: date, period: str | None = None
    ) -> Broken | None:
        """Return the same with all that was looked at; None of a rule that does not bind the unit."""
        rules = self._books.rules_for(unit_id, on)
        named = rules.rule(rule)
        if named is None:
            return None
        duties = self._duties(rules, named.id, unit_id, on)
        limits = self._limits(rules, named.id, unit_id, on)
        told = Broken(label=named.label, clause=named.cite(on), pack=named.pack_id)
        if not duties and not limits:
            return self._by_last_act(rules, named.id, unit_id, on, told)
        looked = [duty for duty in duties if _concerns(duty, since, period)]
        if period is None:
            looked += _owed(duties, since)
        told_by = [(duty.rule, _seen(duty, on, period)) for duty in looked]
        told_by += [(limit.rule, one) for limit, one in _seen_limits(limits, on, since)]
        waivers = _waivers(self._books.unit_state(unit_id), named, on)
        if any(holds_on(one, on) for one in waivers):
            told_by = [(rule, _let_pass(one) if rule == named.id else one) for rule, one in told_by]
        seen = [one for _, one in told_by]
        broken = [one for one in seen if one.state == "broken"]
        told = _told_of([rules.rule(rule) for rule, one in told_by if one.state == "broken"], told, on)
        let_pass = tuple(dict.fromkeys(one.what for one in seen if one.state == "waived"))
        return replace(
            told,
            what=tuple(dict.fromkeys(one.what for one in broken)),
            waived=let_pass,
            because=tuple(dict.fromkeys(source for one in broken for source in one.because)),
            looked=tuple(sorted(seen, key=lambda one: (one.what, one.part))),
            unsure=any(one.state == "unsure" for one in seen) or all(one.state == "ahead" for one in seen),
            waiver=letting_pass(waivers, let_pass, on),
            late=late_of(waivers, let_pass, on),
        )

    def _duties(self, rules: Rules, rule: str, unit_id: UUID, on: date) -> list[Duty]:
        unit = self._books.unit_state(unit_id).at(on)
        if unit.established is None:
            return []
        book = unit_book.whole_book(unit, rules, self._books, on)
        days = unit_book.Daybook(unit, rules, self._books)
        return duties_about(rules, rule, book, days.on, until=on)

    def _limits(self, rules: Rules, rule: str, unit_id: UUID, on: date) -> list[Deadline]:
        """Return the limits of a rule, of the unit and of everybody who is there on the day.

        Where it sets none they are those of the rules of other layers about its matter.
        """
        ids = ids_about(rules, rule)
        if not any(isinstance(one, LIMITING) for one in rules.about(rule)):
            return []
        found = list(self._limits_of(rules, ids, unit_id, on))
        return [one for one in found if one.rule == rule] or found

    def _limits_of(self, rules: Rules, ids: Collection[str], unit_id: UUID, on: date) -> Iterator[Deadline]:
        unit = self._books.unit_state(unit_id).at(on)
        if unit.established is None:
            return
        book = unit_book.whole_book(unit, rules, self._books, on)
        yield from (one for one in rules.deadlines(book, scope="unit", until=on) if one.rule in ids)
        people = self._books.reading.directory.people_of(unit_id)
        for person in map(self._books.person_state, people):
            if person.unit_on(on) == unit_id:
                told = person_book.book_of(person.at(on), rules, self._books, on)
                found = rules.deadlines(told, scope="person", until=on)
                yield from (one for one in found if one.rule in ids)

    def _by_last_act(self, rules: Rules, rule: str, unit_id: UUID, on: date, told: Broken) -> Broken:
        """Return what the last act said for which the rule was asked; unsure where there is no such act."""
        for act in reversed(self._books.unit_state(unit_id).at(on).acts):
            findings = act.event.findings if isinstance(act.event, Decided) else ()
            mine = findings_about(rules, rule, findings)
            if mine:
                is_broken, day = any(map(_is_flaw, mine)), act.on.isoformat()
                seen = Looked(day, "broken" if is_broken else "done", (act.source,))
                what = (day,) if is_broken else ()
                return replace(told, what=what, because=(act.source,), looked=(seen,))
        return replace(told, unsure=True)

    # --- what was found before, and who is above ----------------------------------------------------------

    def issues(self, unit_id: UUID, rule: str, on: date) -> tuple[EarlierIssue, ...]:
        """Return the problems about a rule found in a unit by ``on``, in the order of their days.

        A rule of another layer about the same matter counts as the same rule.
        """
        rules = self._books.rules_for(unit_id, on)
        found = []
        for entry in self._books.files_of(Rectification.kind, [unit_id]):
            state = self._books.file_state(entry.id).at(on)
            if isinstance(state, Rectification) and about_the_same(rules, state.rule, rule):
                closed = state.last(IssueClosedOut) if state.stage == "closed" else None
                first = state.acts[0]
                issue = EarlierIssue(
                    entry.id, first.on, closed[1].on if closed else None, closed[1].source if closed else None
                )
                found.append((first.on, first.source.position, issue))
        return tuple(issue for _, _, issue in sorted(found, key=lambda one: one[:2]))

    def unit_below(self, unit_id: UUID | None, name: str, on: date) -> UUID | None:
        """Return the unit of a name or id, ``unit_id`` or one below it on ``on``; None: there is none."""
        known = self._books.units_by_id
        below = self._books.below(unit_id, on)
        return next((one for one in below if name in (str(one), known.get(one))), None)

    def near_below(self, unit_id: UUID | None, name: str, on: date) -> list[str]:
        """Return the names of units on ``on`` that a name may have meant, ``unit_id`` or one below it."""
        known = self._books.units_by_id
        return near_units(name, [known[one] for one in self._books.below(unit_id, on) if one in known])

    def keeper(self, unit_id: UUID, on: date) -> UUID | None:
        """Return who goes on with the open cases of a unit on ``on``: itself while it is there."""
        return self._books.keeper(unit_id, on)

    def successor(self, unit_id: UUID, on: date) -> UUID | None:
        """Return the unit that one merged by ``on`` became a part of; None where it was not merged."""
        ended = self._books.unit_state(unit_id).dated.ended
        return self.keeper(unit_id, on) if ended is not None and ended.merged and ended.on <= on else None

    def branches_below(self, unit_id: UUID, on: date) -> tuple[UUID, ...]:
        """Return the branches below a unit on ``on``, itself where it is one."""
        found = []
        for one in self._books.below(unit_id, on):
            told = self._books.unit(one, on) if self._books.unit_state(one).exists_on(on) else None
            if told is not None and told.level == "branch":
                found.append(one)
        return tuple(found)

    def township_of(self, unit_id: UUID, on: date) -> UUID | None:
        """Return the township committee a unit stands under (itself where it is one), else the next above.

        Where none of the committees above was set up as a township's, it is the nearest one.
        """
        committees = []
        for one in self._books.line_of(unit_id, on):
            told = self._books.unit(one, on)
            if told is not None and told.level == "committee":
                established = self._books.unit_state(one).established
                founding = established.founding if established is not None else None
                if isinstance(founding, Founding) and founding.is_township:
                    return one
                committees.append(one)
        return committees[0] if committees else None

    def sites_beside(self, unit_id: UUID, on: date) -> tuple[UUID, ...]:
        """Return the township-level sites that the township of a unit has on ``on``; those taken off not."""
        township = self.township_of(unit_id, on)
        units = [unit_id] if township is None else self._books.below(township, on)
        found = []
        for entry in self._books.files_of(Site.kind, units):
            site = self._books.file_state(entry.id).at(on)
            if isinstance(site, Site) and site.acts and not site.is_over and site.level == "township":
                found.append(entry.id)
        return tuple(found)

    def charged(self, unit_id: UUID, on: date) -> Charged:
        """Return what was recorded last by ``on`` against a unit and its people."""
        return charges.charged(self._books, unit_id, on)

    # --- weak units -----------------------------------------------------------------------------------------

    def unit_facts(self, unit_id: UUID, on: date) -> FactBook:
        """Return the book of facts on a unit as of ``on``, as rules about units are asked with it."""
        return weak_units.unit_facts(self._books, unit_id, on)

    def undone(self, unit_id: UUID, rules: Iterable[str], on: date, months: int) -> dict[str, Undone]:
        """Return by rule how many periods that ended in the last months were not done."""
        return weak_units.undone(self._books, unit_id, rules, on, months)

    def satisfaction(self, unit_id: UUID, on: date) -> float | None:
        """Return how many per cent were satisfied with a unit in the last survey by ``on``."""
        return weak_units.satisfaction(self._books, unit_id, on)

    def listed_with(self, unit_id: UUID, on: date) -> frozenset[UUID]:
        """Return the units of the county that were put on a list in the year by ``on``."""
        return weak_units.listed_with(self._books, unit_id, on)

    def open_listings(self, unit_id: UUID, on: date) -> tuple[str, ...]:
        """Return what the cases are called by which a unit is on a list on ``on``."""
        return tuple(file.subject for file in weak_units.open_listings(self._books, unit_id, on))

    def below_standard(self, unit_id: UUID, on: date, plans: Collection[str] = ()) -> Below | None:
        """Return who did not pass in the last campaign that the county held by one of some plans."""
        return weak_units.below_standard(self._books, unit_id, on, plans)

    # --- inspections ----------------------------------------------------------------------------------------

    def manners(self, unit_id: UUID, on: date) -> frozenset[str]:
        """Return how inspections were held (``manner``) in the year up to ``on``, all over these books."""
        planned = (file.opened for file in self._inspections(unit_id, on))
        return frozenset(
            one.manner
            for one in planned
            if isinstance(one, InspectionPlanned) and one.planned_on.year == on.year
        )

    def visited(self, unit_id: UUID, on: date, year: int) -> bool:
        """Say whether an inspection was held in a year by ``on``, anywhere on these books."""
        visits = (act for file in self._inspections(unit_id, on) for _, act in file.each(VisitRecorded))
        return any(act.on.year == year for act in visits)

    def _inspections(self, unit_id: UUID, on: date) -> Iterator[Inspection]:
        """Yield the inspections all over these books as of a day."""
        top = self._books.line_of(unit_id, on)[-1]
        for entry in self._books.files_of(Inspection.kind, self._books.below(top, on)):
            file = self._books.file_state(entry.id).at(on)
            if isinstance(file, Inspection):
                yield file

    # --- contacts -------------------------------------------------------------------------------------------

    def head_in_contact(self, unit_id: UUID, on: date) -> bool | None:
        """Say whether the secretary of the committee above keeps contact with a unit; None: unknown who."""
        for one in self._books.line_of(unit_id, on)[1:]:
            told = self._books.unit(one, on)
            if told is not None and told.level == "committee":
                return head_keeps_contact(self._books.unit_state(one).at(on), self._books, unit_id, on)
        return None

    def superior(self, unit_id: UUID, on: date, name: str | None = None) -> UUID | None:
        """Return the unit above on ``on``, or one further up of that name (or id); None: there is none."""
        above = self._books.line_of(unit_id, on)[1:]
        if name is None:
            return above[0] if above else None
        known = self._books.units_by_id
        return next((one for one in above if name in (str(one), known.get(one))), None)


def _concerns(duty: Duty, since: date, period: str | None) -> bool:
    """Say whether a duty is of the period a problem is about or of one since, or came due after it was found.

    A year named means the quarters in it, a month named the quarter it lies in.
    """
    return duty.last > since or (period is not None and duty.last >= Period.parse(period).first)


def _owed(duties: Iterable[Duty], since: date) -> list[Duty]:
    """Return what had not been done when a problem was found that names no period.

    All of that year, what was waived too (a waiver may have come later); where that is nothing, the last one
    before. What is older is another problem.
    """
    over = [duty for duty in duties if duty.last <= since]
    owed = [duty for duty in over if duty.exempt == WAIVED or _verdict_on(duty, since) in OPEN]
    return [duty for duty in owed if duty.last.year == since.year] or owed[-1:]


def _verdict_on(duty: Duty, on: date) -> DutyVerdict:
    """Return what is to be said of a duty at the end of a day, by what had been done by then."""
    return verdict_on(as_known_by(duty, on), on)[0]


_STATES: Mapping[DutyVerdict, LookedState] = {
    "met": "done",
    "late": "done",
    "missing": "broken",
    "invalid": "broken",
    "refer": "unsure",
    "exempt": "exempt",
    "pending": "ahead",
}


def _seen(duty: Duty, on: date, period: str | None) -> Looked:
    """Return how a duty stands at the end of a day: that of the ``period`` named is to be done by then."""
    state, done = _STATES[_verdict_on(duty, on)], as_known_by(duty, on).done_by()
    if state == "done" and done is not None:
        return Looked(duty.period, state, (done.source,), duty.part)
    if duty.exempt == WAIVED and duty.last <= on:
        state = "waived"
    if state == "ahead" and duty.period == period:
        state = "broken"
    return Looked(duty.period, state, duty.because, duty.part)


def _let_pass(one: Looked) -> Looked:
    """Return what a waiver of the rule makes of a period: waived, where it would be broken."""
    return replace(one, state="waived") if one.state == "broken" else one


def _told_of(broken: Iterable[Rule | None], told: Broken, on: date) -> Broken:
    """Return by whose words something is broken: the rule's that was named, or the first of another layer."""
    rules = [rule for rule in broken if rule is not None]
    if not rules or any((one.pack_id, one.cite(on)) == (told.pack, told.clause) for one in rules):
        return told
    return replace(told, label=rules[0].label, clause=rules[0].cite(on), pack=rules[0].pack_id)


def _seen_limits(limits: Iterable[Deadline], on: date, since: date) -> Iterator[tuple[Deadline, Looked]]:
    """Yield the limits that had passed by a day, and those met since the problem was found."""
    for limit in limits:
        if _has_passed(limit, on):
            state: LookedState = "waived" if holding(limit, on) else "broken"
            yield limit, Looked(limit.due_on.isoformat(), state, limit.because)
        elif limit.met_on is not None and since <= limit.met_on <= on:
            told = (limit.met_by,) if limit.met_by is not None else ()
            yield limit, Looked(limit.due_on.isoformat(), "done", told)


def _waivers(unit: Unit, rule: Rule, on: date) -> list[Relief]:
    """Return the waivers of a rule by name given to the unit by a day, the latest last."""
    given = (one for one in reliefs_of(unit.at(on).rare) if is_about(one, rule.id, rule.aliases))
    return [one for one in given if one.form == "waived"]


def _has_passed(limit: Deadline, on: date) -> bool:
    return limit.due_on < on and (limit.met_on is None or limit.met_on > on)


def _is_flaw(finding: Finding) -> bool:
    return finding.verdict in NOT_IN_ORDER
