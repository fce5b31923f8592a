"""What one look at some units leads to: the processes asked for a day, their effects put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from workflows.application.ports import Reading, UnitEntry
from workflows.kernel.ids import derived
from workflows.policies.deadlines import Deadline
from workflows.policies.relief import holding, is_lapsed
from workflows.processes.decision_watch import DecisionWatch
from workflows.processes.effects import DayCame, Effect, Matter, Noticed, Notify, Record
from workflows.processes.limit_watch import LimitWatch
from workflows.processes.quarterly_duty import QuarterlyDuty
from workflows.processes.term_renewal import TermRenewal
from workflows.processes.watch import STAGES, Watch
from workflows.scheduler.ports import Addresses, Line, Note, Noted, OpenLimit, OpenLimits, Outbox

LOOK_BACK_DAYS = 400
"""What was due longer ago and never noticed (the program did not run for a year) is not told one by one."""

LOOK_AHEAD_DAYS = 400
"""No rule reminds earlier than this."""

TERM_REMINDER = "issue_term_reminder"
PROPOSAL = "proposal"
"""The kind of a limit by which nothing is due: somebody is to decide."""
HISTORY = "history"
NOBODY = UUID(int=0)


@dataclass(slots=True)
class Plan:
    """What is to be recorded, noted and told; empty when there is nothing new."""

    on: date
    begun: list[UUID] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    notes: dict[UUID, Note] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def units(self) -> set[UUID]:
        """Return the units for which there is something to do."""
        return {*self.begun, *(note.unit_id for note in self.notes.values())}

    def take(self, effect: Effect) -> None:
        """Take in an effect; the words for it are put together later."""
        matter, stage = effect.matter, effect.stage
        key = matter.key(stage)
        self.notes[key] = Note(key, matter.id, matter.unit_id, matter.rule, stage, matter.due_on, self.on)
        if isinstance(effect, Record):
            self.records.append(effect)


@dataclass(frozen=True, slots=True)
class Days:
    """The day asked for, and the day it is: a day to come is looked at in advance, with reminders only."""

    on: date
    today: date

    @property
    def begin(self) -> date:
        """Return the day from which a unit looked at for the first time is followed."""
        return min(self.on, self.today)

    @property
    def is_ahead(self) -> bool:
        """Say whether the day has not come yet: nothing can be due or overdue by it."""
        return self.on > self.today


class Planner:
    """Asks the processes; reads the tables it is given, writes nothing."""

    def __init__(self, limits: OpenLimits, outbox: Outbox, addresses: Addresses) -> None:
        self._limits, self._outbox, self._addresses = limits, outbox, addresses

    def plan(
        self,
        reading: Reading,
        units: Mapping[UUID, UnitEntry],
        chosen: Sequence[UUID],
        days: Days,
        *,
        begin_new: bool = True,
    ) -> Plan:
        """Return what is to be done for the units ``chosen``.

        A unit looked at for the first time is followed from that day on: what it was late with before is told
        in one line. ``begin_new=False`` leaves such units for later (their books may just be filled).
        """
        plan = Plan(days.on)
        since = dict(self._outbox.watched(reading, chosen))
        if begin_new:
            plan.begun = [unit for unit in chosen if unit not in since]
            since |= dict.fromkeys(plan.begun, days.begin)
        if not since:
            return plan
        oldest = days.on - timedelta(days=LOOK_BACK_DAYS)
        rows = self._limits.of_units(
            reading,
            list(since),
            on=days.on,
            due_from=None if plan.begun else oldest,
            due_until=days.on + timedelta(days=LOOK_AHEAD_DAYS),
        )
        noted = self._outbox.noted(reading, list(since), oldest)
        notices = []
        followed = [
            row for row in rows if row.deadline.due_on >= oldest and _is_followed(row, since, days.on)
        ]
        for process in processes_for(followed):
            before = noted.get(process.matter.id)
            if before is not None and before.last_on >= days.on:
                continue  # one message a day for each matter, even if its day was corrected in between
            for effect in _ask(process, before, days.on):
                if days.is_ahead and effect.stage != "reminder":
                    continue
                plan.take(effect)
                if isinstance(effect, Notify):
                    notices.append(effect)
        plan.lines = self._lines(notices, units, days.on)
        if plan.begun:
            self._add_history(plan, rows, units, days.begin)
        plan.lines.sort(key=lambda line: (line.stage != HISTORY, line.due_on, line.rule))
        return plan

    def _lines(self, notices: Sequence[Notify], units: Mapping[UUID, UnitEntry], on: date) -> list[Line]:
        """Return the lines; several matters of one rule and one course become one, with their number."""
        groups: defaultdict[tuple[UUID, str, str], list[Notify]] = defaultdict(list)
        for notice in notices:
            groups[notice.matter.stream_id, notice.matter.rule, notice.stage].append(notice)
        lines = []
        for group in groups.values():
            newest = max(group, key=lambda notice: notice.matter.due_on)
            oldest = min(notice.matter.due_on for notice in group)
            matter = newest.matter
            line = Line(
                key=matter.key(newest.stage),
                channel="",
                recipient="",
                unit_id=matter.unit_id,
                person_id=matter.person_id,
                rule=matter.rule,
                subject=matter.subject,
                stage=newest.stage,
                due_on=matter.due_on,
                noticed_on=on,
                label=matter.label,
                clause=matter.clause,
                ends_on=matter.ends_on,
                count=len(group),
                first_on=oldest if len(group) > 1 else None,
            )
            lines += self._addressed(line, newest.to, units)
        return lines

    def _addressed(self, line: Line, to: Iterable[str], units: Mapping[UUID, UnitEntry]) -> list[Line]:
        own = units[line.unit_id]
        told: list[UnitEntry] = []
        for role in to:
            unit = own if role == "unit" else units.get(own.superior or NOBODY)
            if unit is not None:
                told.append(unit)
        found = {
            (copy.channel, copy.recipient): copy
            for unit in told
            for channel, recipient in self._addresses.of(unit.id, unit.name)
            for copy in [line.sent_over(channel, recipient)]
        }
        return list(found.values())

    def _add_history(
        self, plan: Plan, rows: Iterable[OpenLimit], units: Mapping[UUID, UnitEntry], on: date
    ) -> None:
        """Tell of each unit followed from ``on`` what it was late with by then, in one line."""
        late: defaultdict[UUID, list[OpenLimit]] = defaultdict(list)
        begun = frozenset(plan.begun)
        for row in rows:
            past = row.deadline.due_on < on and row.deadline.subject != TERM_REMINDER
            past = past and row.deadline.kind != PROPOSAL
            if row.unit_id in begun and past and _is_open(row.deadline, on):
                late[row.unit_id].append(row)
        for unit_id, missed in late.items():
            for record in _run_out(missed, on):
                plan.take(record)
            days = [row.deadline.due_on for row in missed]
            key = derived(HISTORY, unit_id)
            plan.notes[key] = Note(key, key, unit_id, HISTORY, HISTORY, max(days), on)
            line = Line(
                key=key,
                channel="",
                recipient="",
                unit_id=unit_id,
                rule=HISTORY,
                subject=HISTORY,
                stage="history",
                due_on=max(days),
                noticed_on=on,
                count=len(days),
                first_on=min(days),
            )
            plan.lines += self._addressed(line, ("unit",), units)


def processes_for(rows: Iterable[OpenLimit]) -> list[Watch]:
    """Return the process that looks after each limit; the end of a term and its reminder are one."""
    found: list[Watch] = []
    reminders: dict[tuple[UUID, date], Matter] = {}
    terms: list[OpenLimit] = []
    for row in rows:
        limit = row.deadline
        if limit.kind == PROPOSAL:
            found.append(DecisionWatch(matter_of(row)))
        elif limit.subject == TERM_REMINDER:
            reminders[row.unit_id, limit.opens_on] = matter_of(row)
        elif limit.kind == "term":
            terms.append(row)
        elif limit.kind == "cadence":
            found.append(QuarterlyDuty(matter_of(row), limit.remind_days))
        else:
            found.append(LimitWatch(matter_of(row), limit.remind_days))
    for row in terms:
        remind = reminders.get((row.unit_id, row.deadline.opens_on))
        found.append(TermRenewal(matter_of(row), remind and replace(remind, ends_on=row.deadline.due_on)))
    return found


def matter_of(row: OpenLimit) -> Matter:
    """Return what a limit is about."""
    limit = row.deadline
    return Matter(
        stream_id=row.person_id or row.unit_id,
        unit_id=row.unit_id,
        rule=limit.rule,
        subject=limit.subject,
        due_on=limit.due_on,
        label=limit.label,
        clause=limit.clause,
        person_id=row.person_id,
        number=limit.number,
    )


def _ask(process: Watch, before: Noted | None, on: date) -> tuple[Effect, ...]:
    """Return the effects of a day for a process brought to where it stood."""
    if before is not None:
        matter = process.matter
        for stage in STAGES:
            if matter.key(stage) in before.keys:
                process = process.evolve(Noticed(stage))
    return process.decide(DayCame(on))


def _is_open(limit: Deadline, on: date) -> bool:
    """Say whether a limit runs: its case has opened, it is not done, and nothing lets it rest.

    A day that is awaited is none: it stands among the things to do once it has come. What somebody has to
    decide runs from its day on.
    """
    waits = limit.awaited and limit.kind != PROPOSAL
    if waits or limit.opens_on > on or (limit.met_on is not None and limit.met_on <= on):
        return False
    return not holding(limit, on) and not is_lapsed(limit, on)


def _is_followed(row: OpenLimit, since: Mapping[UUID, date], on: date) -> bool:
    """Say whether a limit is told one by one: what was due before its unit was followed is history.

    The duty to remind of a term that still runs is done late rather than never.
    """
    followed = row.deadline.due_on >= since[row.unit_id] or row.deadline.subject == TERM_REMINDER
    return followed and _is_open(row.deadline, on)


def _run_out(missed: Iterable[OpenLimit], on: date) -> list[Record]:
    """Return the command that notes a term run out before; the one line of all that was late tells it."""
    return [
        effect
        for process in processes_for(row for row in missed if row.deadline.kind == "term")
        for effect in process.decide(DayCame(on))
        if isinstance(effect, Record) and effect.stage == "overdue"
    ]
