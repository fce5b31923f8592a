"""One act of a campaign being filled in: of one that takes part or of all, by criteria, with the sample."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec.structs import replace

from workflows.application.ports import FileEntry, UnitEntry
from workflows.application.recording import Request
from workflows.domain.campaign.rubric import grades_of
from workflows.domain.campaign.state import Campaign
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind
from workflows.entrypoints.web.forms.case_act import CRITERIA, CaseAct
from workflows.entrypoints.web.forms.checking import AGAINST, Checked, Flaw
from workflows.entrypoints.web.forms.fields import NO, YES, Field
from workflows.entrypoints.web.forms.lots import LOTS, Lots
from workflows.entrypoints.web.forms.plan_told import BY_THE_PLAN, PlanTold
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.presets import plans_for
from workflows.entrypoints.web.forms.remembered import Told
from workflows.entrypoints.web.forms.scored_rows import SCORED
from workflows.entrypoints.web.words import WORDING

GRADE = ("confirm_rating", "grade")
OPENING, SCHEME = "open_campaign", "scheme"
YES_OR_NO = ("review", "passed")
"""A field of units or a number in which one unit alone is told by yes or no."""

UNITS_OF = ("declare", "units")
"""A field of units that is all the act says: it is asked for."""


NOT_SAID, PASSED_HINT = "还没有评完", "抽查从达标的里面抽"
REASON, CHANGED = "reason", "rating-changed"
"""What is asked for in the field of the reason: elsewhere it would not stand beside the points."""


class RatingAct(CaseAct):
    """An act of a campaign."""

    # --- fields ---------------------------------------------------------------------------------------------

    def _with_choices(self, one: Field) -> Field:
        if one.kind == "counted":
            one = self._counted(one)
        if self.lots is not None:
            return self.lots.field(self.command, one, dict(self.units_below))
        if (self.command, one.name) == GRADE:
            one = replace(one, choices=tuple((level, level) for level in self.levels))
        if self.plan is not None:
            return self.plan.field(self.command, one)
        if (self.command, one.name) == (OPENING, SCHEME):
            return replace(one, choices=tuple((title, title) for _, title in self.plans))
        return one

    def _counted(self, one: Field) -> Field:
        """Return a field of units or a number by those who take part; of one alone it is a yes or no."""
        both = ((YES, "达标"), (NO, "没有达标")) if (self.command, one.name) == YES_OR_NO else ()
        if both and self.about:
            return replace(one, kind="yes", choices=(*both, ("", NOT_SAID)), is_long=False, hint=PASSED_HINT)
        is_asked = (self.command, one.name) == UNITS_OF and bool(self.participants)
        return replace(one, choices=(*both, *self.taking_part), required=one.required or is_asked)

    @cached_property
    def participants(self) -> frozenset[str]:
        """Return who takes part in a campaign, by id; nobody where that was not told unit by unit."""
        if self.case is None:
            return frozenset()
        with self.backing.answering.opened() as opened:
            file = opened.books.file_state(self.case.id).at(self.day)
        start = file.start if isinstance(file, Campaign) else None
        return frozenset(map(str, start.units.units)) if start is not None and start.units else frozenset()

    @cached_property
    def levels(self) -> Sequence[str]:
        """Return the grades the plan knows; others can be written."""
        with self.backing.answering.opened() as opened:
            books = opened.books
            file = books.file_state(self.case.id).at(self.day) if self.case is not None else None
            rules = books.rules_for(self.unit_id, self.day)
            return grades_of(file, rules, self.day) if isinstance(file, Campaign) else ()

    @cached_property
    def lots(self) -> Lots | None:
        """Return who passed in a campaign and how many have to be drawn; None at any other act."""
        return (
            Lots.of(self.ask, self.case, self.day) if self.case is not None and self.command in LOTS else None
        )

    @cached_property
    def plan(self) -> PlanTold | None:
        """Return what the plan tells at the form; None at an act about which it tells nothing."""
        if self.case is None or self.command not in BY_THE_PLAN:
            return None
        return PlanTold.of(self.ask, self.case, self.day, self.about)

    def check(self, request: Request) -> Checked | None:
        """Return what the rules say; of a sample who comes out of the seed, of a rubric what is frozen."""
        found = super().check(request)
        if found is None:
            return found
        changed = [one for one in found.outcome.findings if one.rule == CHANGED and not self.is_history]
        if changed:
            text = WORDING.finding(changed[0], command=self.command)
            self.filled.wrong[REASON] = text.removeprefix(f"{WORDING.verdict(changed[0].verdict)}：")
            return None
        if self.lots is not None:
            lines = self.lots.lines(request.command, dict(self.units_below))
            return dataclasses.replace(found, changes=[*lines, *found.changes])
        lines = self.plan.lines(self.command, self.filled.values.get(CRITERIA, ())) if self.plan else []
        return dataclasses.replace(found, changes=[*lines, *found.changes], flaws=self._at_rows(found))

    def _at_rows(self, found: Checked) -> list[Flaw]:
        """Return what is wrong, that about one criterion at the row of it."""
        against = [one for one in found.outcome.findings if one.verdict in AGAINST]
        flaws = []
        for flaw, finding in zip(found.flaws, against, strict=True):
            named = finding.facts.get("criterion") or next(iter(finding.facts.get("criteria") or ()), None)
            place = next((at for at, row in enumerate(self.sheet.rows) if row.value == named), None)
            part = "evidence" if "criteria" in finding.facts else "points"
            at = f"{SCORED}.{place}.{part}" if place is not None else flaw.field
            flaws.append(dataclasses.replace(flaw, field=at))
        return flaws

    @cached_property
    def plans(self) -> tuple[tuple[str, str], ...]:
        """Return the plans a case may be opened by, as adopted there."""
        return plans_for(self.command, self.ask.desk.rules_for(self.unit_id), self.day)

    @cached_property
    def remembered(self) -> Mapping[str, Told]:
        """Return what the books know already: of a new campaign plan and branches, of a score the claim."""
        if self.posted is not None:
            return {}
        if self.case is None:
            return self._of_a_new_campaign() if self.command == OPENING else {}
        return super().remembered

    def _of_a_new_campaign(self) -> Mapping[str, Told]:
        """Return the year, the only plan there is, and every branch below."""
        units = self.ask.desk.unit_by_id
        branches = [
            key
            for key, _ in self.units_below
            if units[key].level == "branch" and units[key].exists_on(self.day)
        ]
        plan = {SCHEME: self.plans[0][1]} if len(self.plans) == 1 else {}
        return {"year": str(self.day.year), "units": branches, **plan}


def case_act(
    ask: Ask,
    kind: CaseKind,
    command: str,
    entry: UnitEntry,
    case: FileEntry | None,
    posted: Posted | None = None,
) -> CaseAct:
    """Return an act of a case, by its kind."""
    of = RatingAct if kind.kind == Campaign.kind else CaseAct
    return of(ask, kind, command, entry, case, posted)
