"""One act of a case being filled in: any command of any kind by its fields, and the opening of a case."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from uuid import UUID

from msgspec.structs import replace

from workflows.application.commands import commands, commands_of
from workflows.application.ports import FileEntry, UnitEntry
from workflows.application.recording import Outcome, Request
from workflows.domain.act import Command
from workflows.domain.rectification.state import Rectification
from workflows.entrypoints.web.asking import Ask
from workflows.entrypoints.web.cases.kind import CaseKind
from workflows.entrypoints.web.forms.act import LONGEST_REASON, UNIT, Shown
from workflows.entrypoints.web.forms.fields import Field
from workflows.entrypoints.web.forms.leaders import from_above, officers_above
from workflows.entrypoints.web.forms.people import Candidates, office_holders
from workflows.entrypoints.web.forms.posted import Posted
from workflows.entrypoints.web.forms.presets import (
    marks_in_force,
    other_levels,
    plans_for,
    points_to_raise,
    presets,
    words_asked,
)
from workflows.entrypoints.web.forms.relief_act import LONGEST_LABEL
from workflows.entrypoints.web.forms.remembered import Told, remembered
from workflows.entrypoints.web.forms.scored_rows import EVENTS, SCORED, Sheet, sheet_of
from workflows.entrypoints.web.forms.unit_act import UnitAct
from workflows.entrypoints.web.forms.unit_fields import command_fields
from workflows.policies.acts import OF_UNITS
from workflows.policies.kinds import Criterion
from workflows.policies.rule import Rule

AT_ANY_CASE = frozenset({"attach"})
"""Commands of no kind of their own that can be done at any case."""

LEFT_OUT = frozenset(("attach", name) for name in ("step", "act_on", "act", "kept"))
"""What tells to which of many acts a paper belongs: of a case it belongs to the whole."""

RULE, SUBJECT, ABOVE, PACK, CRITERIA = "rule", "subject", "to", "pack", "criteria"
FIELD = "field"
LONGEST_SUBJECT, LONGEST_GIVEN = 200, 2000


class CaseAct(UnitAct):
    """An act of a case: the framework of the acts of a unit, at the stream of the case.

    ``case`` is None for an act that opens one. What the address names stands in the form beforehand.
    """

    of_case = True

    def __init__(
        self,
        ask: Ask,
        kind: CaseKind,
        command: str,
        entry: UnitEntry,
        case: FileEntry | None,
        posted: Posted | None = None,
    ) -> None:
        super().__init__(ask, command, entry, posted)
        self.kind, self.case, self.here = kind, case, kind.here
        self.name = entry.name if case is None else case.subject

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """Return the list, and the case."""
        above = [(self.kind.path, self.kind.title)]
        return above if self.case is None else [*above, (self.kind.place(self.case.id), self.case.subject)]

    @property
    def away(self) -> str:
        """Return the case, or the list where it is being opened."""
        return self.kind.path if self.case is None else self.kind.place(self.case.id)

    def done_path(self, outcome: Outcome) -> str:
        """Return where it is told what was recorded."""
        path = self.kind.place(outcome.stream_id)
        with self.backing.log.read() as reading:  # what it caused elsewhere stands behind it
            own = reading.find_event(outcome.event_ids[0]) if outcome.event_ids else None
        return f"{path}/acts/{self.command}/done?event={own.position}" if own is not None else path

    def concerns(self, rule: Rule) -> bool:
        """Say whether a rule is told beside the form: one about this kind, not a criterion that is a row."""
        is_a_row = self.command == "assess_site" and isinstance(rule, Criterion)
        return rule.about == self.kind.kind and not is_a_row and super().concerns(rule)

    # --- fields ---------------------------------------------------------------------------------------------

    def all_fields(self) -> tuple[Field, ...]:
        """Return the fields of the command, with what it is called or the unit it is about in front."""
        told = [one for one in command_fields(self.of) if (self.command, one.name) not in LEFT_OUT]
        own = tuple(self._asked(self._with_choices(self._with_preset(one))) for one in told)
        if self.case is None:
            return (self._name_asked(), *own)
        if not self.kind.about_one or len(self.taking_part) < 2:  # noqa: PLR2004 - itself alone is no choice
            return own
        if self.command in OF_THE_WHOLE or (self.participants and self.command not in OF_ONE_UNIT):
            return own
        known = "" if self.participants else str(self.unit_id)  # who holds a campaign takes no part in it
        named = str(self.about or "") if not self.posted else ""  # what stands in the form is about that one
        units = tuple(one for one in self.taking_part if not named or one[0] == named)
        about = Field(UNIT, "涉及的党组织", "choice", choices=units, default=named or known, is_long=True)
        return (own[0], replace(about, required=not known), *own[1:])

    def _name_asked(self) -> Field:
        """Return the field of what a case is called, with the usual name in it while that is free."""
        place = self.entry.named_on(self.day).removesuffix("支部").removesuffix("党")
        usual = self.kind.usual_name.format(year=self.day.year, place=place)
        free = "" if (str(self.unit_id), usual) in self.ask.desk.file_named else usual
        named = Field(SUBJECT, "名称", "text", required=True, most=LONGEST_SUBJECT, hint=SUBJECT_HINT)
        return replace(named, default=free)

    def _asked(self, one: Field) -> Field:
        """Return a field, marked as required where the case refuses to go on without it."""
        is_asked = (self.command, one.name) in ASKED and not self.is_history
        return replace(one, required=True) if is_asked else one

    def _with_preset(self, one: Field) -> Field:
        """Return a field of rows with those that are known beforehand: the points of a list."""
        if one.name in (PACK, CRITERIA) and self.case is None:
            return self._of_the_rules(one)
        if one.kind == "lines" and self.case is not None:
            rules = self.ask.desk.rules_for(self.unit_id)
            named = words_asked(rules, self.command, one.name, self.day)
            return replace(one, kind="words", choices=named, hint="") if named else one
        if one.kind != "rows" or self.case is None:
            return one
        if one.name == SCORED and self.sheet.rows:
            parts = tuple(replace(p, kind="several", hint="") if p.name == EVENTS else p for p in one.parts)
            return replace(one, preset=self.sheet.rows, parts=parts, hint=self.sheet.hint, closed=True)
        known = presets(self.ask, self.command, one.name, self.case, self.day)
        parts = tuple(replace(part, kind="text") if part.kind == "long" else part for part in one.parts)
        return replace(one, preset=known, parts=parts if known else one.parts)

    def _of_the_rules(self, one: Field) -> Field:
        """Return a field that opens a case by what the rules in force there give: plans, marks."""
        rules = self.ask.desk.rules_for(self.unit_id)
        if one.name == PACK:
            plans = plans_for(self.command, rules, self.day)
            nothing = "自己写清单" if self.command == "plan_inspection" else "照执行的全部规定"
            return replace(one, kind="choice", is_long=True, choices=(("", nothing), *plans))
        marks = marks_in_force(rules, self.day) if one.kind == "lines" else ()
        return replace(one, kind="words", choices=marks, hint="") if marks else one

    def _with_choices(self, one: Field) -> Field:
        if one.name == RULE and one.kind == "text":
            return replace(one, kind="choice", is_long=True, choices=(("", "不涉及哪一条规定"), *self.rules))
        if (self.command, one.name) == POINT and self.case is not None:
            points = points_to_raise(self.ask, self.case)
            return replace(one, kind="choice", is_long=True, choices=(("", "清单以外的"), *points))
        if (self.command, one.name) == LEVEL and self.case is not None:
            return replace(
                one, choices=other_levels(self.ask, self.case, self.day, one.choices), required=True
            )
        if one.name == ABOVE:
            return replace(one, choices=(("", "上一级"), *self.units_above))
        if one.kind == "counted":
            return replace(one, choices=self.taking_part)
        return one

    @cached_property
    def everybody(self) -> Candidates:
        """Return the members of the unit on the day, and who holds a post in the units above it."""
        own = self._without_those_at_work(super().everybody)
        known = {one.id for one in (*own.fit, *own.unfit)}
        above = {UUID(unit_id): name for unit_id, name in self.units_above}
        officers = [one for one in office_holders(self.backing, above, self.day) if one.id not in known]
        first, then = (officers, own.fit) if self.command in BY_OTHERS else (own.fit, officers)
        return Candidates([*first, *then], own.unfit)

    @cached_property
    def people(self) -> Mapping[str, Candidates]:
        """Return who can be chosen on the day, by field: officers from above where members may not stand."""
        desk, above, level = self.ask.desk, dict(self.units_above), self._level_of(self.entry)
        return {
            name: officers_above(name, desk, above, self.day) if from_above(name, level) else found
            for name, found in super().people.items()
        }

    def _without_those_at_work(self, found: Candidates) -> Candidates:
        """Return the members, who put a problem right apart from those who may accept or close it."""
        if self.command not in BY_OTHERS or self.case is None:
            return found
        with self.backing.answering.opened() as opened:
            file = opened.books.file_state(self.case.id).at(self.day)
        at_work = {str(who.person) for who in file.put_right_by} if isinstance(file, Rectification) else set()
        apart = [dataclasses.replace(one, why_not=AT_WORK) for one in found.fit if one.id in at_work]
        return Candidates([one for one in found.fit if one.id not in at_work], [*found.unfit, *apart])

    @property
    def of(self) -> type[Command]:
        """Return the class of the command: the case's own where another bears the same name."""
        return commands_of(self.kind.kind).get(self.command) or commands()[self.command]

    @cached_property
    def units_below(self) -> tuple[tuple[str, str], ...]:
        """Return the unit of the case and those below it on the day, each followed by its own."""
        with self.backing.answering.opened() as opened:
            ids = opened.books.in_order(self.unit_id, self.day)
        return tuple((str(one), self._named_on(one)) for one in ids)

    @cached_property
    def participants(self) -> frozenset[str]:
        """Return who takes part, by id, where an act may be about one of them: nobody but in a campaign."""
        return frozenset()

    @property
    def taking_part(self) -> tuple[tuple[str, str], ...]:
        """Return the units an act may be about: of a campaign those that take part, else all below."""
        told, units = self.participants, self.ask.desk.unit_by_id
        return tuple(
            one
            for one in self.units_below
            if (one[0] in told if told else one[0] not in units or units[one[0]].exists_on(self.day))
        )

    @cached_property
    def units_above(self) -> tuple[tuple[str, str], ...]:
        """Return the units above on the day, the nearest first."""
        with self.backing.answering.opened() as opened:
            ids = opened.books.line_of(self.unit_id, self.day)[1:]
        return tuple((str(one), self._named_on(one)) for one in ids)

    def _named_on(self, unit_id: UUID) -> str:
        entry = self.ask.desk.unit_by_id.get(str(unit_id))
        return entry.named_on(self.day) if entry else ""

    @cached_property
    def rules(self) -> Sequence[tuple[str, str]]:
        """Return the rules that a problem may be about, each in its words; one already named comes first."""
        rules = self.ask.desk.rules_for(self.unit_id)
        asked = self.posted.one(RULE) if self.posted else self.ask.text(RULE)
        named = rules.rule(asked) if asked else None
        held = [rule for pack in rules.packs for rule in pack.rules if self._may_be_broken(rule)]
        told = {rule.id: rule.label for rule in ([named] if named else []) + held}
        return [(name, text[:LONGEST_LABEL]) for name, text in told.items()]

    def _may_be_broken(self, rule: Rule) -> bool:
        return bool(set(rule.on) & OF_UNITS) and rule.in_force(self.day)

    # --- what was filled in ---------------------------------------------------------------------------------

    @cached_property
    def _own(self) -> Mapping[str, str | None]:
        """Return what is told beside the command: what the case is called, the unit the act is about."""
        told: dict[str, str | None] = {SUBJECT: None, UNIT: None}
        for name in told:
            if name == UNIT or self.case is None:
                told[name] = self.filled.values.pop(name, None)
        return told

    @property
    def said_why(self) -> str:
        """Return the reason the act itself states; one entered late has a reason of its own."""
        return "" if self.is_history else str(self.filled.values.get("reason") or "")[:LONGEST_REASON]

    def request(self) -> Request | None:
        """Return the request filled in, None where something is wrong."""
        own = self._own
        request = super().request()
        if request is None:
            return None
        about = own[UNIT]
        return replace(
            request,
            unit_id=UUID(about) if about else self.unit_id,
            file_id=self.case.id if self.case else None,
            subject=own[SUBJECT] if self.case is None else self.case.subject,
        )

    @cached_property
    def remembered(self) -> Mapping[str, Told]:
        """Return what the books know already of what a new form asks for."""
        if self.posted is not None or self.case is None:
            return {}
        with self.backing.answering.opened() as opened:
            file = opened.books.file_state(self.case.id).at(self.day)
        return {**remembered(file, self.command, self.day, self.about), **self.sheet.first}

    @cached_property
    def about(self) -> UUID | None:
        """Return the unit of a campaign that was chosen, or that the address names, or the only one."""
        told = self.posted.one(UNIT) if self.posted else self.ask.text(UNIT)
        if told in self.participants:
            return UUID(told)
        return None if self.participants or len(self.taking_part) > 1 else self.unit_id

    @cached_property
    def sheet(self) -> Sheet:
        """Return the items of a frozen rubric, laid out for the unit that is scored."""
        return sheet_of(self.ask, self.command, self.case, self.about) if self.case else Sheet()

    def _shown(self, one: Field, wrong: str) -> Shown:
        """Return a field with everything the address names ticked."""
        shown = super()._shown(one, wrong)
        if one.name != CRITERIA or one.kind != "words" or self.posted:
            return shown
        return dataclasses.replace(shown, texts=self.ask.request.query_params.getlist(one.name))

    def _first(self, one: Field) -> str:
        """Return what stands in an empty form: what the address names, whatever the kind of the field."""
        told = self.ask.request.query_params.get(one.name, "").strip()[:LONGEST_GIVEN]
        if self.command == "nominate_site" and one.name == FIELD and not told:
            return str(self.entry.kind) if self.entry.kind in dict(one.choices) else one.default
        if told and one.kind in ("text", "long"):
            return told
        if told and (self.command, one.name) == POINT:
            return told if told in {name for name, _ in one.choices} else ""
        if told and one.name == RULE:
            rule = self.ask.desk.rules_for(self.unit_id).rule(told)
            return rule.id if rule is not None else ""
        return super()._first(one)


OF_ONE_UNIT = frozenset(
    {
        "assess_self", "survey_masses", "review", "appeal", "settle_appeal", "confirm_rating",
        "keep_rating", "revoke_rating", "hang_plate", "take_plate_down",
    }
)  # fmt: skip
"""Acts of a campaign about one of those that take part; the others are about the whole of it."""

OF_THE_WHOLE = frozenset({"end_inspection", "cancel_inspection"})
"""Acts of an inspection about no one unit."""

BY_OTHERS = frozenset({"accept_correction", "reject_correction", "close_out"})
"""Acts of somebody who had no hand in putting it right: usually of a unit above."""

AT_WORK = "是整改的人"
POINT = ("raise_finding", "point")
LEVEL = ("adjust_site", "level")
ASKED = frozenset({("accept_correction", "by"), ("close_out", "by")})
SUBJECT_HINT = "在这个党组织里不能和别的重名，以后按它找"
