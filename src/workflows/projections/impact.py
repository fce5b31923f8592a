"""试算: a draft pack replayed over the real history, before anybody adopts it: who would be judged otherwise.

Everything is derived twice from the same states, once under the rules that hold and once as if the draft had
been adopted; what differs is told. Nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from workflows.application.books import Books, Supposed
from workflows.domain.person.book import book_of
from workflows.domain.person.state import Person
from workflows.domain.unit.state import Unit
from workflows.domain.unit.verdicts import verdict_on
from workflows.kernel.clock import today
from workflows.kernel.errors import WrongUsage
from workflows.policies.deadlines import Deadline, Duty
from workflows.policies.facts import FactBook
from workflows.policies.findings import Finding
from workflows.policies.pack import NATIONAL, Adopted, parse_pack
from workflows.policies.rules import Rules
from workflows.projections import deadlines, duties, pipeline
from workflows.projections.deadlines import Limit
from workflows.projections.naming import Naming
from workflows.projections.opening import Answer
from workflows.projections.regrading import Regrading

Change = Literal["grade", "verdict", "deadline", "notice", "step"]
CHANGES: tuple[Change, ...] = ("grade", "verdict", "deadline", "notice", "step")
Said = dict[str, Any]
Judged = dict[tuple[str, str], tuple[Duty, str]]
MEETING, POST_NOTICE = "hold_meeting", "post_notice"
STREAMS_TO_TELL = 25
"""Streams after which progress is told again."""


@dataclass(frozen=True)
class _Both:
    """The books under the rules that hold, and as if the draft had been adopted."""

    before: Books
    after: Books
    on: date
    since: date


@dataclass(frozen=True)
class _Read:
    """What one set of books tells of a person on a day; read once for limits and steps."""

    rules: Rules
    books: Books
    book: FactBook

    @classmethod
    def of(cls, books: Books, person: Person, on: date) -> _Read:
        rules = _rules(books, person, on)
        return cls(rules, books, book_of(person.at(on), rules, books, on))


class Impact(Regrading):
    """Whoever replays drafts over one log."""

    def impact(
        self,
        text: str,
        unit_id: UUID | None = None,
        start: date | None = None,
        on: date | None = None,
        progress: Callable[[int, int], None] | None = None,
        changes: Sequence[Change] = CHANGES,
    ) -> Answer:
        """Answer what would differ on a day had a unit, or all, adopted the pack from ``start``.

        ``on`` defaults to today, or to ``start`` where that is still to come (``ahead``).

        ``start`` defaults to the first day for which the pack has a value. Rows: ``change`` (``grade`` of a
        rating that stands, with the reasons in ``because``; ``verdict`` of a duty and period, ``deadline``,
        ``notice``: the day after a public notice, ``step``: the lawful days of what comes next), whom,
        ``before`` and ``after`` (None: there is none). ``changes``: those asked for.

        Raises:
            PackError: the text is no pack.
            WrongUsage: ``pack-national``.
        """
        pack = parse_pack(text)
        if pack.level in NATIONAL:
            raise WrongUsage("pack-national", pack=pack.id, level=pack.level)
        now = today(self.clock)
        begin = start or min((v.start for rule in pack.rules for v in rule.values), default=on or now)
        day = on or max(now, begin)
        supposed = Supposed(unit_id, Adopted(text, begin))
        with self.opened() as opened:
            units = opened.books.below(unit_id, day)
            people = self._people(opened, units)
            after = Books(opened.reading, self.rules, states=self._states, supposed=supposed)
            both = _Both(opened.books, after, day, begin)
            rows: list[Said] = []
            total = len(units) + len(people)
            for done, (holder, found) in enumerate(_changes(both, units, people, changes), 1):
                rows += [_named(row, holder, opened.naming, day) for row in found]
                if progress is not None and (done % STREAMS_TO_TELL == 0 or done == total):
                    progress(done, total)
            if "grade" in changes:
                for unit_id, row in self.regraded(opened, after, pack.id, units, day):
                    told = _named(row, after.unit_state(unit_id), opened.naming, day)
                    rows.append({**told, "because": row["because"]})
            order = {kind: place for place, kind in enumerate(CHANGES)}
            rows.sort(key=lambda r: (order[r["change"]], r["unit"] or "", r["rule"], r["person"] or ""))
            heading = self._heading(opened, day, None)
        return {
            "ahead": on is None and day > now,
            "pack": pack.id,
            "title": pack.title,
            "from": begin.isoformat(),
            "counts": {kind: sum(row["change"] == kind for row in rows) for kind in changes},
            "units": len({row["unit_id"] for row in rows}),
            "rows": rows,
            **heading,
        }


def _changes(
    both: _Both, units: Iterable[UUID], people: Iterable[Person], asked: Sequence[Change]
) -> Iterator[tuple[Unit | Person, list[Said]]]:
    here = list(units)
    alone = "notice" in asked and len(asked) == 1
    for unit_id in here:
        unit = both.before.unit_state(unit_id).at(both.on)
        gone = unit.established is None or unit.dissolved_on is not None
        found = [] if alone or gone else list(_of_unit(both, unit))
        yield unit, [row for row in found if row["change"] in asked]
    wanted = set(here)
    for person in people:
        found = []
        if person.unit_on(both.on) in wanted:
            found = list(_notices(both, person)) if alone else _of_person(both, person)
        yield person, [row for row in found if row["change"] in asked]


def _of_person(both: _Both, person: Person) -> list[Said]:
    told = [_Read.of(books, person, both.on) for books in (both.before, both.after)]
    limits = [
        deadlines.of_person(person, one.rules, one.books, on=both.on, until=both.on, book=one.book)
        for one in told
    ]
    noticed = list(_notices(both, person))
    moved = {row["subject"] for row in noticed}
    steps = (
        row for row in _steps(told, person, both.on) if not (row["subject"] in moved and _is_day_only(row))
    )
    return [*_limits(limits[0], limits[1], both.on), *noticed, *steps]


# --- duties -------------------------------------------------------------------------------------------------


def _of_unit(both: _Both, unit: Unit) -> Iterator[Said]:
    judged: list[Judged] = []
    limits: list[list[Limit]] = []
    former: tuple[Rules, duties.Told] | None = None
    for books in (both.before, both.after):
        rules = _rules(books, unit, both.on)
        alike = former is not None and rules.judges_alike(former[0], MEETING)
        done = former[1].book.done_by_name if former is not None and alike else None
        told = duties.Told(unit, rules, books, on=both.on, done=done)
        former = rules, told
        limits.append(deadlines.limits_of_unit(unit, rules, told, until=both.on))
        judged.append(
            {
                (duty.activity, duty.period): (duty, verdict_on(duty, both.on)[0])
                for duty in told.duties(both.on)
                if duty.last >= both.since and duty.first <= both.on
            }
        )
    yield from _verdicts(judged[0], judged[1])
    yield from _limits(limits[0], limits[1], both.on)


def _rules(books: Books, holder: Unit | Person, on: date) -> Rules:
    return books.rules_for(holder.id if isinstance(holder, Unit) else holder.unit_on(on), on)


def _verdicts(old: Judged, new: Judged) -> Iterator[Said]:
    for key in dict.fromkeys([*old, *new]):
        before, after = _duty(old.get(key)), _duty(new.get(key))
        if before != after:
            shown, _ = new[key] if key in new else old[key]
            yield {
                "change": "verdict",
                "rule": shown.rule,
                "label": shown.label,
                "subject": shown.period,
                "before": before,
                "after": after,
            }


def _duty(told: tuple[Duty, str] | None) -> Said | None:
    if told is None:
        return None
    duty, verdict = told
    return {"rule": duty.rule, "verdict": verdict, "required": duty.required}


# --- limits -------------------------------------------------------------------------------------------------


def _limits(before: Iterable[Limit], after: Iterable[Limit], on: date) -> Iterator[Said]:
    """Yield the limits that come, go or move; of several on one act the tightest is the limit."""
    old, new = _tightest(before, on), _tightest(after, on)
    for key in dict.fromkeys([*old, *new]):
        was, will = old.get(key), new.get(key)
        told, shown = (_limit(was, on), _limit(will, on)), will or was
        if told[0] != told[1] and shown is not None:
            yield {
                "change": "deadline",
                "rule": shown.rule,
                "label": shown.label,
                "subject": shown.subject,
                "before": told[0],
                "after": told[1],
            }


def _tightest(limits: Iterable[Limit], on: date) -> dict[tuple[Any, ...], Deadline]:
    found: dict[tuple[Any, ...], Deadline] = {}
    for limit in (one.deadline for one in limits):
        if limit.kind == "cadence" or not deadlines.is_shown(limit, on):
            continue
        key = (limit.subject, limit.number, limit.rule if limit.number else limit.opens_on)
        if key not in found or limit.due_on < found[key].due_on:
            found[key] = limit
    return found


def _limit(limit: Deadline | None, on: date) -> Said | None:
    if limit is None:
        return None
    status = deadlines.status_on(limit, on)
    last = limit.met_on if status == "met" and limit.met_on is not None else on
    return {
        "rule": limit.rule,
        "due_on": limit.due_on.isoformat(),
        "status": status,
        "days_late": max((last - limit.due_on).days, 0),
    }


# --- notices ------------------------------------------------------------------------------------------------


def _notices(both: _Both, person: Person) -> Iterator[Said]:
    """Yield the notices whose last day differs; of an act that was done only where it was provisional."""
    cut = person.at(both.on)
    acts = {getattr(type(act.event), "step", ""): act.on for act in cut.this_round}
    if POST_NOTICE not in acts:
        return
    told = [_noticed(books, cut, both.on, acts) for books in (both.before, both.after)]
    for key in dict.fromkeys([*told[0], *told[1]]):
        was, will = (found.get(key) for found in told)
        before, after = (None if found is None else _notice(found, key[1] in acts) for found in (was, will))
        shown = will or was
        is_open = key[1] not in acts or any(found and found.provisional for found in (was, will))
        if before != after and is_open and shown is not None:
            yield {
                "change": "notice",
                "rule": shown.rule,
                "label": shown.label,
                "subject": key[1],
                "before": before,
                "after": after,
            }


def _noticed(
    books: Books, person: Person, on: date, acts: Mapping[str, date]
) -> dict[tuple[str, str], Finding]:
    """Return what the rules say of the notice before each act that waits for it, on its day or ``on``."""
    rules = _rules(books, person, on)
    found: dict[tuple[str, str], Finding] = {}
    for command in rules.waiting_for_notice:
        day = acts.get(command, on)
        for finding in rules.check(command, on=day, book=book_of(person.at(day), rules, books, day)):
            if finding.kind == "notice" and finding.earliest_on is not None:
                found[finding.rule, command] = finding
    return found


def _notice(finding: Finding, is_done: bool) -> Said:
    """Return the first day after a notice; of an act that was done, what is to be said of it."""
    told = {"earliest_on": str(finding.earliest_on), "provisional": list(finding.provisional)}
    return {**told, "verdict": finding.verdict.value if is_done else None}


def _is_day_only(row: Said) -> bool:
    before, after = row["before"], row["after"]
    return bool(before and after and {**before, "earliest_on": after["earliest_on"]} == after)


# --- next steps ---------------------------------------------------------------------------------------------


def _steps(told: Iterable[_Read], person: Person, on: date) -> Iterator[Said]:
    old, new = (
        {row["step"]: row for row in pipeline.next_steps(person, one.rules, one.books, on=on, told=one.book)}
        for one in told
    )
    for step in dict.fromkeys([*old, *new]):
        before, after = _step(old.get(step)), _step(new.get(step))
        if before != after:
            row = new.get(step) or old[step]
            yield {
                "change": "step",
                "rule": row.get("rule") or "",
                "label": row.get("title") or "",
                "subject": step,
                "before": before,
                "after": after,
            }


def _step(row: Said | None) -> Said | None:
    return None if row is None else {name: row[name] for name in ("earliest_on", "latest_on", "missing")}


def _named(row: Said, holder: Unit | Person, naming: Naming, on: date) -> Said:
    unit_id = holder.id if isinstance(holder, Unit) else holder.unit_on(on)
    person_id = holder.id if isinstance(holder, Person) else None
    return {
        "change": row["change"],
        "unit": naming.unit(unit_id),
        "unit_id": str(unit_id) if unit_id else None,
        "person": naming.person(person_id),
        "person_id": str(person_id) if person_id else None,
        **{name: row[name] for name in ("rule", "label", "subject", "before", "after")},
    }
