"""Days known only roughly (约日) against a rule: what every possible day says holds, else it is incomplete.

A rule is asked about each day that could make a difference. Where all say the same the verdict stands,
whatever the true day; where they differ nobody guesses, and the exact day is what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

from msgspec.structs import replace

from workflows.kernel.approximate import ApproximateDay
from workflows.kernel.calendar import Calendar
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Fact, FactBook
from workflows.policies.findings import ON, Finding, Verdict
from workflows.policies.kinds import Interval, NotBefore, Term, Window, Within
from workflows.policies.rule import Act, DatedValue, Rule

ONE_DAY = timedelta(days=1)

MOST_DAYS = 4_000
"""A kind that cannot say at which days its word turns is asked day by day, up to a decade; beyond that the
day counts as unknown."""

Told = Sequence[Finding]
Limiting = Within | NotBefore | Interval | Term | Window


class _Noting(FactBook):
    """The same book; notes which of the days known only roughly are read."""

    __slots__ = ("read",)

    def __init__(self, book: FactBook) -> None:
        super().__init__(
            book.facts,
            book.done_by_name,
            complete=book.complete,
            course_known=book.course_known,
            copied=book.copied,
            copied_steps=book.copied_steps,
            reliefs=book.reliefs,
        )
        self.read: dict[str, ApproximateDay] = {}

    def value(self, name: str) -> Any:
        """Return the value of a fact."""
        if name in self.unsure:
            self.read[name] = self.unsure[name]
        return super().value(name)


def _supposed(book: FactBook, days: Mapping[str, date]) -> FactBook:
    """Return the book as if the days were these."""
    told = {
        name: Fact(day, known.source if (known := book.facts.get(name)) else None)
        for name, day in days.items()
        if name != ON
    }
    return book.extended(told)


def check(rule: Rule, act: Act, value: DatedValue) -> list[Finding]:
    """Return what a rule says of an act of which some days are known only roughly."""
    if act.on_approx is None and not act.book.unsure:
        return rule.check(act, value)
    noting = _Noting(act.book)
    plain = Act(act.command, act.on, noting, act.calendar, act.held)
    alone = rule.check(plain, value)
    rough = dict(noting.read)
    if act.on_approx is not None and rule.reads_day:
        rough[ON] = act.on_approx
    if not rough:
        return alone
    choices = {name: _days(rule, act, value, name, rough) for name in rough}
    outcomes: list[list[Finding]] = []
    if None not in choices.values():
        outcomes = [
            _asked(rule, act, value, dict(zip(choices, days, strict=True)))
            for days in product(*(days or () for days in choices.values()))
        ]
    if len({_word(told) for told in outcomes}) != 1:
        return _differing(rule, act, value, alone, outcomes, rough)
    main = _main(alone)
    return [] if main is None else [_roughly(main, outcomes, rough)]


def _asked(rule: Rule, act: Act, value: DatedValue, days: Mapping[str, Any]) -> list[Finding]:
    on = days.get(ON) or act.on
    return rule.check(Act(act.command, on, _supposed(act.book, days), act.calendar, act.held), value)


def _days(
    rule: Rule, act: Act, value: DatedValue, name: str, rough: Mapping[str, ApproximateDay]
) -> list[date] | None:
    """Return the days of which one at least says whatever any says; None: there are too many to ask.

    Of several days known only roughly each is looked at with the others at both their ends.
    """
    told = rough[name]
    found = {told.first, told.last}
    for others in _corners({other: day for other, day in rough.items() if other != name}):
        on, book = others.get(ON, act.on), _supposed(act.book, others)
        then = Act(act.command, on, book, act.calendar, act.held)
        turns = rule.turns(then, value, name, told.first, told.last)
        if turns is None:
            count = (told.last - told.first).days + 1
            return None if count > MOST_DAYS else [told.first + timedelta(days=n) for n in range(count)]
        found |= {day for turn in turns for day in (turn - ONE_DAY, turn) if told.first <= day <= told.last}
    return sorted(found)


def _main(told: Told) -> Finding | None:
    return next((finding for finding in told if finding.verdict is not Verdict.CONVENTION), None)


def _word(told: Told) -> Verdict:
    main = _main(told)
    return Verdict.OK if main is None else main.verdict


def _differing(
    rule: Rule,
    act: Act,
    value: DatedValue,
    alone: Told,
    outcomes: Sequence[Told],
    rough: Mapping[str, ApproximateDay],
) -> list[Finding]:
    """Return that the exact days are missing; a rule that only records notes it."""
    some = next((main for told in (alone, *outcomes) if (main := _main(told)) is not None), None)
    found = some or rule.finding(act, value, Verdict.OK)
    lacks = Verdict.NOTE if rule.severity_at(act.command) == "record" else Verdict.INCOMPLETE
    words = list(dict.fromkeys(_word(told).value for told in outcomes))
    told = _roughly(found, outcomes or [alone], rough)
    approx = {**told.approx, **({"verdicts": words} if words else {})}
    return [replace(told, verdict=lacks, missing=tuple(rough), approx=approx)]


_DAYS = ("earliest_on", "latest_on")


def _roughly(found: Finding, outcomes: Sequence[Told], rough: Mapping[str, ApproximateDay]) -> Finding:
    """Return a finding in which no day is told that only one of the possible days would give."""
    mains = [main for told in outcomes if (main := _main(told)) is not None]
    approx: dict[str, Any] = {name: told.as_json() for name, told in rough.items()}
    changes: dict[str, Any] = {}
    for field in (*_DAYS, "days_late"):
        given = [getattr(main, field) for main in mains]
        known = [one for one in given if one is not None]
        if len(set(given)) > 1:
            changes[field] = None
            if known:
                approx[field] = {"from": _plain(min(known)), "to": _plain(max(known))}
    facts = {
        name: fact for name, fact in found.facts.items() if all(m.facts.get(name) == fact for m in mains)
    }
    facts = {**{name: told.text for name, told in rough.items() if name != ON}, **facts}
    facts |= {name: told.text for name, told in rough.items() if name in found.facts}
    lines = dict.fromkeys(line for main in (*mains[:1], *mains[-1:]) for line in main.calc)
    return replace(found, facts=facts, calc=tuple(lines), approx=approx, **changes)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def stretches(told: ApproximateDay, turns: Sequence[date]) -> list[ApproximateDay]:
    """Return the stretches of a day known only roughly in each of which the same rules are in force."""
    begins = [told.first, *turns]
    ends = [*(turn - ONE_DAY for turn in turns), told.last]
    return [ApproximateDay(told.text, first, last) for first, last in zip(begins, ends, strict=True)]


def merged(parts: Sequence[Sequence[Finding]], told: ApproximateDay) -> list[Finding]:
    """Return what the rules of several stretches say of one act that lies in one of them, rule by rule."""
    rules = dict.fromkeys(finding.rule for part in parts for finding in part)
    found: list[Finding] = []
    for rule in rules:
        mine = [[f for f in part if f.rule == rule] for part in parts]
        words = {_word(part) for part in mine}
        last = next(part for part in reversed(mine) if part)
        if len(words) == 1:
            found += last
            continue
        main = _main(last) or last[0]
        lacks = Verdict.NOTE if main.severity == "record" else Verdict.INCOMPLETE
        missing = tuple(dict.fromkeys((*main.missing, ON)))
        approx = {**main.approx, ON: told.as_json(), "verdicts": sorted(word.value for word in words)}
        bare = dict.fromkeys((*_DAYS, "days_late"))
        found.append(replace(main, verdict=lacks, missing=missing, approx=approx, **bare))
    return found


# --- days ahead ---------------------------------------------------------------------------------------------


class LawfulDays:
    """The lawful days of an act, and how far they are known: each end from the first to the last possible."""

    __slots__ = ("earliest", "earliest_from", "latest", "latest_to", "unsure")

    def __init__(self, rule: Rule, act: Act, value: DatedValue) -> None:
        self.unsure: tuple[str, ...] = ()
        noting = _Noting(act.book) if act.book.unsure else None
        asked = act if noting is None else Act(act.command, act.on, noting, act.calendar, act.held)
        first, last = rule.lawful(asked, value)
        self.earliest, self.earliest_from, self.latest, self.latest_to = first, first, last, last
        if noting is None or not noting.read:
            return
        ends = [
            rule.lawful(Act(act.command, act.on, _supposed(act.book, days), act.calendar, act.held), value)
            for days in _corners(noting.read)
        ]
        firsts = [end[0] for end in ends if end[0] is not None]
        lasts = [end[1] for end in ends if end[1] is not None]
        self.earliest, self.earliest_from = max(firsts, default=None), min(firsts, default=None)
        self.latest, self.latest_to = min(lasts, default=None), max(lasts, default=None)
        if len(set(ends)) > 1:
            self.unsure = tuple(noting.read)

    def matters_on(self, day: date) -> bool:
        """Say whether it is open on a day how long the act must wait, or how long it may."""
        waits = self.earliest is not None and self.earliest > day and self.earliest != self.earliest_from
        return bool(self.unsure) and (waits or self.latest != self.latest_to)

    def earliest_after(self, day: date) -> date | None:
        """Return the day from which the act is lawful whatever the true days are.

        None where they differ and all lie behind: no single one of them is the first.
        """
        if self.unsure and self.earliest is not None and self.earliest <= day:
            return None
        return self.earliest

    @property
    def approx(self) -> dict[str, Any]:
        """Return the ranges in JSON form."""
        ends = {
            "earliest_on": (self.earliest_from, self.earliest),
            "latest_on": (self.latest, self.latest_to),
        }
        return {
            name: {"from": first.isoformat(), "to": last.isoformat()}
            for name, (first, last) in ends.items()
            if first is not None and last is not None and first != last
        }


def _corners(rough: Mapping[str, ApproximateDay]) -> Iterator[dict[str, date]]:
    names = list(rough)
    for ends in product(*((rough[name].first, rough[name].last) for name in names)):
        yield dict(zip(names, ends, strict=True))


def deadlines(
    rule: Limiting, book: FactBook, kind: str | None, days: Calendar, until: date
) -> list[Deadline]:
    """Return the limits a rule sets; one from a day known only roughly is due on the last day possible.

    It keeps the range. Of what comes back every so often only the first limit can then be told.
    """

    def find(book: FactBook) -> list[Deadline]:
        if isinstance(rule, Interval):
            return rule.deadlines(book, kind, days, until)
        return rule.deadlines(book, kind, days)

    if not book.unsure:
        return find(book)
    noting = _Noting(book)
    plain = find(noting)
    if not noting.read:
        return plain
    rough = noting.read
    low = find(_supposed(book, {name: told.first for name, told in rough.items()}))
    high = find(_supposed(book, {name: told.last for name, told in rough.items()}))
    if isinstance(rule, Interval):
        low, high = low[:1], high[:1]
    by_key = {(limit.subject, limit.number): limit for limit in low}
    found = [_ranged(by_key.pop((limit.subject, limit.number), limit), limit, rough, rule) for limit in high]
    return [*found, *(_ranged(limit, limit, rough, rule) for limit in by_key.values())]


def _ranged(low: Deadline, high: Deadline, rough: Mapping[str, ApproximateDay], rule: Rule) -> Deadline:
    met = low if low.met_on is not None else high
    approx: dict[str, Any] = {name: told.as_json() for name, told in rough.items()}
    for field in ("due_on", "latest_on"):
        first, last = getattr(low, field), getattr(high, field)
        if first is not None and last is not None and first != last:
            approx[field] = {"from": first.isoformat(), "to": last.isoformat()}
    if isinstance(rule, Interval):
        approx["only_first"] = True
    facts = {**high.facts, **{n: told.text for n, told in rough.items() if n in high.facts}}
    return replace(
        high,
        opens_on=min(low.opens_on, high.opens_on),
        met_on=met.met_on,
        met_by=met.met_by,
        facts=facts,
        calc=tuple(dict.fromkeys((*low.calc, *high.calc))),
        approx=approx,
    )
