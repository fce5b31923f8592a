"""A problem: where it stands, until when, who put it right, how often it was closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, TypeVar
from uuid import UUID

from msgspec.structs import replace

from workflows.domain.act import OnBooks, Who
from workflows.domain.case_acts import FileEvent
from workflows.domain.case_files import NOTHING, CaseFile, facts_of, limits_of
from workflows.domain.facts import Facts
from workflows.domain.rectification import events as ev
from workflows.domain.stages import Move, compile_table
from workflows.policies.deadlines import Deadline
from workflows.policies.facts import Fact
from workflows.policies.findings import Relief

E = TypeVar("E", bound=FileEvent)

_OPEN = ("found", "planned", "in_progress")
MOVES: tuple[Move, ...] = (
    ("open_issue", NOTHING, "found"),
    ("plan_correction", _OPEN, "planned"),
    ("report_progress", ("planned", "in_progress"), "in_progress"),
    ("submit_correction", ("planned", "in_progress"), "submitted"),
    ("accept_correction", "submitted", "accepted"),
    ("accept_part", "submitted", "in_progress"),
    ("reject_correction", "submitted", "in_progress"),
    ("close_out", "accepted", "closed"),
    ("close_out_gone", (*_OPEN, "submitted", "accepted"), "closed"),
    ("reopen_issue", ("accepted", "closed"), "found"),
    *(("escalate_issue", stage, stage) for stage in (*_OPEN, "submitted")),
    *(
        (step, stage, stage)
        for step in ("extend_correction", "hold_correction")
        for stage in (*_OPEN, "submitted")
    ),
)
STAGES = (NOTHING, *_OPEN, "submitted", "accepted", "closed")
DUE = "correction-due"
"""What the limit of a problem is called: the day named when it was found, planned, sent back or extended."""


class Rectification(CaseFile, frozen=True):
    """整改: a problem of one unit; every closure stays readable, whatever comes after."""

    kind: ClassVar[str] = "rectification"
    ends: ClassVar[frozenset[str]] = frozenset({"closed"})
    table: ClassVar[Mapping[tuple[str, str], str]] = compile_table(STAGES, MOVES, NOTHING, ends)

    @property
    def issue(self) -> ev.IssueOpened | None:
        """Return how the problem was found."""
        found = self.last(ev.IssueOpened)
        return found[0] if found else None

    @property
    def rule(self) -> str | None:
        """Return the rule that was broken, by id; None where the problem is about none."""
        return self.issue.rule if self.issue else None

    @property
    def due(self) -> tuple[date, OnBooks] | None:
        """Return until when it is to be put right (inclusive), and the act that says so.

        A problem found again without a new day keeps the one it had, unless that has passed.
        """
        found: tuple[date, OnBooks] | None = None
        for act in self.acts:
            day = getattr(act.event, "due_on", None)
            if isinstance(act.event, ev.IssueReopened) and found is not None and found[0] < act.on:
                found = None
            if isinstance(day, date):
                found = day, act
        return found

    def at_act(self, act: OnBooks) -> Rectification:
        """Return the problem as it stood before one of its acts."""
        return replace(self, acts=self.acts[: self.acts.index(act)])

    @property
    def put_off_late(self) -> int:
        """Return by how many days its limit had passed when it was put off, the most of them; 0 in time."""
        late = [0]
        for act in self.acts:
            if isinstance(act.event, ev.CorrectionExtended | ev.CorrectionHeld):
                due = self.at_act(act).due
                late += [(act.on - due[0]).days] if due is not None else []
        return max(late)

    @property
    def holds(self) -> tuple[Relief, ...]:
        """Return the holds of the limit in this round, the oldest first."""
        found: list[Relief] = []
        for act in self.acts:
            event = act.event
            if isinstance(event, ev.IssueReopened):
                found.clear()
            if isinstance(event, ev.CorrectionHeld):
                hold = Relief(
                    form="held",
                    rule=DUE,
                    since=act.on,
                    source=act.source,
                    until=event.until,
                    authority=event.authority or "",
                    document=event.document or "",
                    reason=event.reason,
                )
                found.append(hold)
        return tuple(found)

    @property
    def plan(self) -> ev.CorrectionPlanned | None:
        """Return the measures that hold: the last ones since the problem was found or came back."""
        return self._since(ev.CorrectionPlanned)

    @property
    def put_right_by(self) -> tuple[Who, ...]:
        """Return who had a hand in putting it right in this round: owners, who reported, who sent it in."""
        found: list[Who | None] = []
        for act in self.acts:
            match act.event:
                case ev.IssueReopened():
                    found = []
                case ev.CorrectionPlanned(owner=who):
                    found.append(who)
                case ev.ProgressReported(by=who) | ev.CorrectionSubmitted(by=who):
                    found.append(who)
        return tuple(dict.fromkeys(who for who in found if who is not None))

    @property
    def level(self) -> UUID | None:
        """Return the unit above that took it over, None while it is the unit's own matter."""
        found = self._since(ev.IssueEscalated)
        return found.to_unit if found else None

    @property
    def closures(self) -> tuple[ev.IssueClosedOut, ...]:
        """Return every closure, those before a reopening too."""
        return tuple(event for event, _ in self.each(ev.IssueClosedOut))

    @property
    def standing_acts(self) -> tuple[OnBooks, ...]:
        """Return the acts but those a reopening undid: sent in, accepted, closed out before it."""
        again = [place for place, act in enumerate(self.acts) if isinstance(act.event, ev.IssueReopened)]
        last = again[-1] if again else 0
        undone = (ev.CorrectionSubmitted, ev.CorrectionAccepted, ev.IssueClosedOut)
        return (*(a for a in self.acts[:last] if not isinstance(a.event, undone)), *self.acts[last:])

    def _since(self, kind: type[E]) -> E | None:
        found: E | None = None
        for act in self.acts:
            if isinstance(act.event, ev.IssueReopened):
                found = None
            if isinstance(act.event, kind):
                found = act.event
        return found


@facts_of.register
def _told_facts(file: Rectification, facts: Facts, on: date) -> Mapping[str, Fact]:
    issue, due = file.last(ev.IssueOpened), file.due
    if issue is None:
        return {}
    told = {
        "issue_opened_on": Fact(issue[1].on, issue[1].source),
        "issue_year": Fact(issue[1].on.year, issue[1].source),
        "issue_source": Fact(issue[0].source, issue[1].source),
        "issue_severity": Fact(issue[0].severity, issue[1].source),
    }
    if due is not None:
        told["correction_due_on"] = Fact(due[0], due[1].source)
    closed = file.last(ev.IssueClosedOut)
    if closed is not None and file.stage == "closed":
        told["closed_out_on"] = Fact(closed[1].on, closed[1].source)
    return told


@limits_of.register
def _limits(file: Rectification) -> list[Deadline]:
    due, issue = file.due, file.last(ev.IssueOpened)
    if due is None or issue is None:
        return []
    since = file.last(ev.IssueReopened) or issue
    submitted = file.last(ev.CorrectionSubmitted)
    accepted = file.stage in ("submitted", "accepted", "closed")
    met = submitted[1] if accepted and submitted is not None and submitted[1].on >= since[1].on else None
    closed = file.last(ev.IssueClosedOut)
    if met is None and file.stage == "closed" and closed is not None:
        met = closed[1]  # it ended with its unit: nobody had to send anything in
    named = (getattr(act.event, "due_on", None) for act in file.acts)
    first = next((day for day in named if isinstance(day, date)), None)
    return [
        Deadline(
            rule=DUE,
            subject=file.subject,
            opens_on=since[1].on,
            due_on=due[0],
            kind="case",
            severity="warn",
            met_on=met.on if met else None,
            met_by=met.source if met else None,
            because=(issue[1].source, due[1].source) if due[1] is not issue[1] else (issue[1].source,),
            first_due_on=first if first != due[0] else None,
            remind_days=7,
            reliefs=file.holds,
        )
    ]
